/** One careful look at a gateway before anything is stored. */

import type { Clock } from '../../clock/clock.ts';
import {
  type AgentView,
  type LinkId,
  type LinkState,
  ok,
  type Result,
  type SessionView,
} from '../../contract/index.ts';
import { createGatewayLink } from './gateway-link.ts';
import type { Credential, DeviceSigner, DeviceToken, LinkLog, Pins } from './options.ts';
import { normaliseGatewayUrl } from './url.ts';

/** The whole look, lists included. */
const LIMIT_MS = 15_000;

/** Given by `link.probe`. Where the gateway wants a device approved, the look leaves a request. */
export interface ProbeOptions {
  /** As typed. */
  readonly url: string;
  readonly credential: Exclude<Credential, { kind: 'unavailable' }>;
  /** The device of this installation: where the peer must approve it, it approves the real one. */
  readonly device: DeviceSigner;
  readonly clock: Clock;
  readonly displayName: string;
  readonly appVersion: string;
  readonly log?: LinkLog;
  readonly signal?: AbortSignal;
}

/** The contract's ProbeResult without its words, which the views add. */
export interface ProbeFindings {
  readonly url: string;
  readonly state: LinkState;
  readonly agents: readonly AgentView[];
  readonly sessions: readonly SessionView[];
  readonly identity: string | null;
  readonly tlsFingerprint: string | null;
  readonly durationMs: number;
  /** Given by the gateway on the way in; worth keeping where the peer is added after all. */
  readonly deviceToken: DeviceToken | null;
}

const isSettled = (state: LinkState): boolean =>
  state.kind !== 'idle' && state.kind !== 'connecting';

/** Connects once, lists agents and sessions, and hangs up. Fails only over the address itself. */
export async function probeGateway(options: ProbeOptions): Promise<Result<ProbeFindings>> {
  const address = normaliseGatewayUrl(options.url);
  if (!address.ok) return address;
  const { url } = address.value;
  const { clock } = options;
  const startedAt = clock.monotonic();
  let pins: Pins = { identity: null, tls: null };
  let deviceToken: DeviceToken | null = null;
  const link = createGatewayLink({
    id: 'probe' as LinkId,
    url,
    clock,
    credential: () => Promise.resolve(options.credential),
    device: options.device,
    deviceToken: {
      load: () => Promise.resolve(null),
      store: async (token) => {
        deviceToken = token;
      },
      clear: async () => {
        deviceToken = null;
      },
    },
    pins,
    onPin: (seen) => {
      pins = seen;
    },
    ownGateway: false,
    displayName: options.displayName,
    appVersion: options.appVersion,
    once: true,
    ...(options.log ? { log: options.log } : {}),
  });
  const stop = new AbortController();
  const cancel = clock.after(LIMIT_MS, () => stop.abort());
  const onAbort = (): void => stop.abort();
  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) stop.abort();
  try {
    const state = await settled(link, stop.signal);
    const up = state.kind === 'online' || state.kind === 'degraded';
    const none = <T>(): T[] => [];
    const agents = up ? await link.agents(stop.signal).catch(none<AgentView>) : [];
    const sessions = up ? await link.sessions(null, stop.signal).catch(none<SessionView>) : [];
    return ok({
      url,
      state,
      agents,
      sessions,
      identity: pins.identity,
      tlsFingerprint: pins.tls,
      durationMs: Math.round(clock.monotonic() - startedAt),
      deviceToken,
    });
  } finally {
    cancel();
    options.signal?.removeEventListener('abort', onAbort);
    await link.stop();
  }

  function settled(
    link: ReturnType<typeof createGatewayLink>,
    signal: AbortSignal,
  ): Promise<LinkState> {
    return new Promise((resolve) => {
      const end = (state: LinkState): void => {
        off();
        signal.removeEventListener('abort', giveUp);
        resolve(state);
      };
      const giveUp = (): void => {
        const detail = 'No answer within 15 s.';
        const since = clock.now();
        end({ kind: 'offline', cause: 'unanswered', detail, since, retryAt: null });
      };
      const off = link.on((event) => {
        if (event.kind === 'state' && isSettled(event.state)) end(event.state);
      });
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      else link.start();
    });
  }
}
