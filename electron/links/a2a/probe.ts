/** One careful look at an A2A agent before anything is stored. */
import type { Clock } from '../../clock/clock.ts';
import {
  type AgentCardView,
  type LinkId,
  type LinkState,
  ok,
  type Result,
} from '../../contract/index.ts';
import { createA2aLink } from './a2a-link.ts';
import type { Credential, LinkLog, Pins } from './options.ts';
import { normaliseA2aUrl } from './url.ts';

/** The whole look. */
const LIMIT_MS = 15_000;

/** Given by `link.probe`. `signal` ends the look early. */
export interface A2aProbeOptions {
  /** As typed. */
  readonly url: string;
  readonly credential: Exclude<Credential, { kind: 'unavailable' }>;
  readonly clock: Clock;
  readonly log?: LinkLog;
  readonly signal?: AbortSignal;
}

/** The contract's ProbeResult without its words, which the views add. */
export interface A2aFindings {
  readonly url: string;
  readonly state: LinkState;
  readonly card: AgentCardView | null;
  readonly identity: string | null;
  readonly tlsFingerprint: string | null;
  readonly durationMs: number;
}

/** Reads the card, shows the token once, and lets go. Fails only over the address itself. */
export async function probeA2a(options: A2aProbeOptions): Promise<Result<A2aFindings>> {
  const address = normaliseA2aUrl(options.url);
  if (!address.ok) return address;
  const { url } = address.value;
  const { clock } = options;
  const startedAt = clock.monotonic();
  let pins: Pins = { identity: null, tls: null };
  let card: AgentCardView | null = null;
  const link = createA2aLink({
    id: 'probe' as LinkId,
    url,
    clock,
    credential: () => Promise.resolve(options.credential),
    pins,
    onPin: (seen) => {
      pins = seen;
    },
    onCard: (seen) => {
      card = seen;
    },
    once: true,
    ...(options.log ? { log: options.log } : {}),
  });
  const outer = options.signal ?? new AbortController().signal;
  try {
    const state = await new Promise<LinkState>((resolve) => {
      const giveUp = (): void => {
        const detail = 'No answer within 15 s.';
        const since = clock.now();
        end({ kind: 'offline', cause: 'unanswered', detail, since, retryAt: null });
      };
      const cancel = clock.after(LIMIT_MS, giveUp);
      const off = link.on((event) => {
        if (event.kind !== 'state') return;
        if (event.state.kind !== 'idle' && event.state.kind !== 'connecting') end(event.state);
      });
      const end = (found: LinkState): void => {
        cancel();
        off();
        outer.removeEventListener('abort', giveUp);
        resolve(found);
      };
      outer.addEventListener('abort', giveUp, { once: true });
      if (outer.aborted) giveUp();
      else link.start();
    });
    const durationMs = Math.round(clock.monotonic() - startedAt);
    return ok({ url, state, card, identity: pins.identity, tlsFingerprint: pins.tls, durationMs });
  } finally {
    await link.stop();
  }
}
