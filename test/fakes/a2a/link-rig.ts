/** An A2A link under observation: what it said, in order, and ways to wait for it. */
import { v7 as uuidv7 } from 'uuid';
import { type Clock, systemClock } from '../../../electron/clock/clock.ts';
import type { AgentCardView, LinkId, LinkState } from '../../../electron/contract/index.ts';
import { createA2aLink, normaliseA2aUrl } from '../../../electron/links/a2a/index.ts';
import type { A2aLinkOptions, Credential, Pins } from '../../../electron/links/a2a/options.ts';
import type { Link, LinkEvent } from '../../../electron/links/link.ts';
import { PATIENCE_MS } from '../../patience.ts';

export interface A2aTarget {
  readonly url: string;
  readonly token: string | null;
}

export interface A2aRig {
  readonly link: Link;
  readonly events: readonly LinkEvent[];
  readonly states: readonly LinkState[];
  readonly signal: AbortSignal;
  pins: Pins;
  card: AgentCardView | null;
  credential: Credential;
  key(): string;
  session(): string;
  /** Waits, in real time, until a test holds. */
  until<T>(what: string, test: () => T | undefined | false | null, limitMs?: number): Promise<T>;
  state<K extends LinkState['kind']>(
    kind: K,
    limitMs?: number,
  ): Promise<Extract<LinkState, { kind: K }>>;
  event<K extends LinkEvent['kind']>(
    kind: K,
    test?: (event: Extract<LinkEvent, { kind: K }>) => boolean,
    limitMs?: number,
  ): Promise<Extract<LinkEvent, { kind: K }>>;
  stop(): Promise<void>;
}

const shared: { clock?: Clock } = {};

/** Starts a link to an agent. `random` is small and fixed, so that waits are short and the same. */
export function startA2aRig(
  target: A2aTarget,
  overrides: Partial<A2aLinkOptions> = {},
  kept: Partial<Pick<A2aRig, 'pins'>> = {},
): A2aRig {
  shared.clock ??= systemClock();
  const events: LinkEvent[] = [];
  const states: LinkState[] = [];
  const stop = new AbortController();
  const address = normaliseA2aUrl(target.url);
  if (!address.ok) throw new Error(address.error.code);
  const rig = {
    events,
    states,
    signal: stop.signal,
    pins: kept.pins ?? { identity: null, tls: null },
    card: null as AgentCardView | null,
    credential: (target.token === null
      ? { kind: 'none' }
      : { kind: 'token', value: target.token }) as Credential,
    key: () => `peerage:${uuidv7()}`,
    session: () => rig.link.sessionKeyFor(uuidv7(), null),
    until: async <T>(
      what: string,
      test: () => T | undefined | false | null,
      limitMs = PATIENCE_MS,
    ): Promise<T> => {
      const end = Date.now() + limitMs;
      for (;;) {
        const found = test();
        if (found) return found;
        if (Date.now() > end) {
          const last = JSON.stringify([rig.link.state(), events.slice(-4)]);
          throw new Error(`${what}: not within ${limitMs} ms; ${last}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    state: <K extends LinkState['kind']>(kind: K, limitMs?: number) =>
      rig.until(
        `state ${kind}`,
        () => {
          const state = rig.link.state();
          return state.kind === kind ? (state as Extract<LinkState, { kind: K }>) : undefined;
        },
        limitMs,
      ),
    event: <K extends LinkEvent['kind']>(
      kind: K,
      test: (event: Extract<LinkEvent, { kind: K }>) => boolean = () => true,
      limitMs?: number,
    ) =>
      rig.until(
        `event ${kind}`,
        () =>
          events.find((event): event is Extract<LinkEvent, { kind: K }> =>
            event.kind === kind ? test(event as Extract<LinkEvent, { kind: K }>) : false,
          ),
        limitMs,
      ),
    stop: async () => {
      stop.abort();
      await rig.link.stop();
    },
    link: undefined as unknown as Link,
  };
  rig.link = createA2aLink({
    id: uuidv7() as LinkId,
    url: address.value.url,
    clock: shared.clock,
    credential: () => Promise.resolve(rig.credential),
    pins: rig.pins,
    onPin: (pins) => {
      rig.pins = pins;
    },
    onCard: (card) => {
      rig.card = card;
    },
    random: () => 0.1,
    ...overrides,
  });
  rig.link.on((event) => {
    events.push(event);
    if (event.kind === 'state') states.push(event.state);
  });
  rig.link.start();
  return rig;
}

/** A message without files. */
export const envelope = (key: string, sessionKey: string, body: string) => ({
  key,
  sessionKey,
  text: body,
  attachments: [],
});
