/** Tailscale over all links: what is lost with it, and the one warning about it. */
import {
  type AppError,
  appError,
  type ErrorCode,
  errorRegistry,
  fail,
  type LinkState,
  type TailnetNode,
  type TailnetNodeId,
  type TailnetView,
  WarningId,
} from '../contract/index.ts';
import { endingLogin } from './ending-login.ts';
import type { HealthOptions } from './health.ts';
import { reachOf } from './ladder.ts';
import { NETWORK_MS, TAILSCALE_FACTS } from './link-facts.ts';
import { isTailscaleDown, type TailnetEyes } from './tailnet-role.ts';
import type { Warnings } from './warnings.ts';
import type { Watched, WatchHost } from './watch-host.ts';

interface Told extends Watched {
  noteTailnet(): void;
}

/** Lets every watched link hear of the tailnet, and says which of them are lost. */
export interface TailnetWard {
  readonly eyes: () => TailnetEyes | null;
  readonly ping: WatchHost['pingNode'];
  readonly networkWords: WatchHost['networkWords'];
  /** Begins to listen. Returns how to stop. */
  begin(watches: () => Iterable<Told>): () => void;
  /** What is known of a link changed: whether it is lost, and whether anything is lost at all. */
  judge(watch: Watched): void;
  forget(watch: Watched): void;
}

/** True for a link that leads into the tailnet, or to this machine by it. */
export const isInTailnet = ({ role }: Pick<Watched, 'role'>): boolean => role.kind !== 'elsewhere';

/** @param warnings where the one warning goes, and those of logins that end */
export function tailnetWard(options: HealthOptions, warnings: Warnings): TailnetWard {
  const { clock, tailnet, seenChanged } = options;
  let ending: ReadonlySet<WarningId> = new Set();
  let suffix = '';
  let all: () => Iterable<Told> = () => [];
  const lost = new Map<Watched, Watched['lost']>();
  /** Several checks at once share one look. */
  let asked: Promise<string | null> | null = null;

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
      (watch) => isInTailnet(watch) && (watch.lost !== null || reachOf(watch.state) === 'unknown'),
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

  /** Logins that end soon, of this machine and of those that links lead to: once each. */
  const sayEnding = (): void => {
    const state = tailnet?.view().state;
    const nodes = new Map<TailnetNodeId, TailnetNode>();
    if (state?.kind === 'running') {
      const used = [...all()].filter(isInTailnet);
      if (used.length > 0) nodes.set(state.self.id, state.self);
      for (const { role } of used) if (role.kind === 'peer') nodes.set(role.peer.id, role.peer);
    }
    const now = new Set<WarningId>();
    for (const node of nodes.values()) {
      const fact = endingLogin(node, clock.now());
      if (fact === null) continue;
      now.add(fact.id);
      warnings.set(fact);
    }
    // Not known is not renewed: while Tailscale says nothing, what it said last stays.
    if (state?.kind !== 'running') return;
    for (const id of ending) if (!now.has(id)) warnings.clear(id);
    ending = now;
  };

  const tell = (): void => {
    say();
    sayEnding();
  };

  const errorOf = ({ state }: TailnetView): AppError | null =>
    'error' in state ? state.error : null;

  return {
    eyes,
    ping: async (nodeId) =>
      tailnet
        ? tailnet.ping(nodeId)
        : fail(appError('setup.tailscale_not_installed', 'Nobody looks at it.')),
    networkWords: () => {
      asked ??= (tailnet?.netcheck() ?? Promise.resolve(null))
        .then((seen) => (seen?.ok ? seen.value.meaning.join(' ') : null))
        .catch(() => null)
        .finally(() => {
          asked = null;
        });
      return asked;
    },
    begin: (watches) => {
      all = watches;
      return (
        tailnet?.onChange(() => {
          for (const watch of [...all()]) watch.noteTailnet();
          tell();
        }) ?? (() => {})
      );
    },
    judge: (watch) => {
      if ((lost.get(watch) ?? null) !== watch.lost) {
        lost.set(watch, watch.lost);
        seenChanged?.(watch.target.linkId);
      }
      if (isInTailnet(watch)) tell();
    },
    forget: (watch) => {
      lost.delete(watch);
      tell();
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
