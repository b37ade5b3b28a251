/** Tailscale over all links: what is lost with it, and the one warning about it. */
import {
  type AppError,
  appError,
  type ErrorCode,
  errorRegistry,
  fail,
  type LinkState,
  type TailnetView,
  WarningId,
} from '../contract/index.ts';
import type { HealthOptions } from './health.ts';
import { reachOf } from './ladder.ts';
import { NETWORK_MS, TAILSCALE_FACTS } from './link-facts.ts';
import { isTailscaleDown, type TailnetEyes } from './tailnet-role.ts';
import type { Warnings } from './warnings.ts';
import type { Watched, WatchHost } from './watch-host.ts';

interface Told extends Watched {
  noteTailnet(): void;
}

export interface TailnetWard {
  readonly eyes: () => TailnetEyes | null;
  readonly ping: WatchHost['pingNode'];
  /** Begins to listen. Returns how to stop. */
  begin(watches: () => Iterable<Told>): () => void;
  /** What is known of a link changed: whether it is lost, and whether anything is lost at all. */
  judge(watch: Watched): void;
  forget(watch: Watched): void;
}

/** @param warnings where the one warning goes */
export function tailnetWard(options: HealthOptions, warnings: Warnings): TailnetWard {
  const { tailnet, seenChanged } = options;
  let suffix = '';
  let all: () => Iterable<Told> = () => [];
  const lost = new Map<Watched, Watched['lost']>();

  const eyes = (): TailnetEyes | null => {
    if (!tailnet) return null;
    const view = tailnet.view();
    if (view.state.kind === 'running' && view.state.suffix !== '') suffix = view.state.suffix;
    return { view, suffix };
  };

  /** Only where something needs it: a machine without Tailscale and without peers there is well. */
  const say = (): void => {
    const view = tailnet?.view();
    if (!view) return;
    const wanted = [...all()].some(
      (watch) => watch.inTailnet && (watch.lost !== null || reachOf(watch.state) === 'unknown'),
    );
    const error = isTailscaleDown(view) && wanted ? errorOf(view) : null;
    for (const id of TAILSCALE_FACTS) if (id !== error?.code) warnings.clear(id);
    if (error === null) return;
    const entry: { severity: 'info' | 'warning' | 'problem' } | undefined =
      errorRegistry[error.code as ErrorCode];
    warnings.set({
      id: WarningId.parse(error.code),
      code: error.code,
      severity: entry?.severity ?? 'problem',
      title: error.title,
      detail: error.detail,
      remedy: error.remedy ?? null,
      peerId: null,
      dependsOn: [],
      timeToVisibleMs: NETWORK_MS,
      impactsConnectivity: true,
      needsYou: false,
    });
  };

  const errorOf = ({ state }: TailnetView): AppError | null =>
    'error' in state ? state.error : null;

  return {
    eyes,
    ping: async (nodeId) =>
      tailnet
        ? tailnet.ping(nodeId)
        : fail(appError('setup.tailscale_not_installed', 'Nobody looks at it.')),
    begin: (watches) => {
      all = watches;
      return (
        tailnet?.onChange(() => {
          for (const watch of [...all()]) watch.noteTailnet();
          say();
        }) ?? (() => {})
      );
    },
    judge: (watch) => {
      if ((lost.get(watch) ?? null) !== watch.lost) {
        lost.set(watch, watch.lost);
        seenChanged?.(watch.target.linkId);
      }
      if (watch.inTailnet) say();
    },
    forget: (watch) => {
      lost.delete(watch);
      say();
    },
  };
}

/** A link's state as a person should see it, where the tailnet says that nothing can come from there. */
export function lostState(watch: Watched, state: LinkState, now: number): LinkState {
  if (watch.lost === null) return state;
  switch (state.kind) {
    case 'offline':
      return { ...state, cause: watch.lost };
    case 'online':
    case 'degraded':
    case 'connecting':
    case 'restarting':
    case 'starting':
      return { kind: 'offline', cause: watch.lost, detail: '', since: now, retryAt: null };
    default:
      return state;
  }
}
