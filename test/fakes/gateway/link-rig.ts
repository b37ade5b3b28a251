/** A link under observation: what it said, in order, and ways to wait for it. */
import { sign } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { type Clock, systemClock } from '../../../electron/clock/clock.ts';
import type { LinkId, LinkState } from '../../../electron/contract/index.ts';
import {
  type Credential,
  createGatewayLink,
  type DeviceSigner,
  type DeviceToken,
  type GatewayLink,
  type GatewayLinkOptions,
  type Pins,
} from '../../../electron/links/gateway/index.ts';
import type { LinkEvent } from '../../../electron/links/link.ts';
import { gatewayIdentity } from '../../../electron/practice/device-proof.ts';
import { PATIENCE_MS } from '../../patience.ts';

/** A device with a key of its own. */
export function testDevice(): DeviceSigner {
  const { deviceId, publicKey, privateKeyPem } = gatewayIdentity();
  return {
    deviceId,
    publicKey,
    sign: (payload) => sign(null, Buffer.from(payload), privateKeyPem).toString('base64url'),
  };
}

export interface RigTarget {
  readonly url: string;
  readonly credential: Credential;
}

export interface Rig {
  readonly link: GatewayLink;
  readonly device: DeviceSigner;
  readonly events: readonly LinkEvent[];
  readonly states: readonly LinkState[];
  pins: Pins;
  deviceToken: DeviceToken | null;
  credential: Credential;
  signal: AbortSignal;
  /** A fresh key of ours. */
  key(): string;
  /** Waits, in real time, until a test holds. */
  until<T>(what: string, test: () => T | undefined | false | null, limitMs?: number): Promise<T>;
  state<K extends LinkState['kind']>(
    kind: K,
    limitMs?: number,
  ): Promise<Extract<LinkState, { kind: K }>>;
  /** Waits until connected and subscribed. */
  up(limitMs?: number): Promise<void>;
  event<K extends LinkEvent['kind']>(
    kind: K,
    test?: (event: Extract<LinkEvent, { kind: K }>) => boolean,
    limitMs?: number,
  ): Promise<Extract<LinkEvent, { kind: K }>>;
  count(kind: LinkEvent['kind'], test?: (event: LinkEvent) => boolean): number;
  stop(): Promise<void>;
}

const shared: { clock?: Clock } = {};

/** Starts a link to a gateway. `random` is fixed, so that waits are the same each time. */
export function startRig(
  target: RigTarget,
  overrides: Partial<GatewayLinkOptions> = {},
  kept: Partial<Pick<Rig, 'pins' | 'deviceToken'>> = {},
): Rig {
  shared.clock ??= systemClock();
  const device = overrides.device ?? testDevice();
  const events: LinkEvent[] = [];
  const states: LinkState[] = [];
  const stop = new AbortController();
  const rig: Rig = {
    device,
    events,
    states,
    pins: kept.pins ?? { identity: null, tls: null },
    deviceToken: kept.deviceToken ?? null,
    credential: target.credential,
    signal: stop.signal,
    link: undefined as unknown as GatewayLink,
    key: () => `peerage:${uuidv7()}`,
    until: async (what, test, limitMs = PATIENCE_MS) => {
      const end = Date.now() + limitMs;
      for (;;) {
        const found = test();
        if (found) return found;
        if (Date.now() > end) {
          const last = JSON.stringify(states.at(-1));
          throw new Error(`${what}: not within ${limitMs} ms; the link is ${last}`);
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
    up: async (limitMs) => {
      const before = rig.count('ready');
      if (['online', 'degraded'].includes(rig.link.state().kind)) return;
      await rig.until('ready', () => rig.count('ready') > before, limitMs);
    },
    event: (kind, test = () => true, limitMs) =>
      rig.until(
        `event ${kind}`,
        () => events.find((event) => event.kind === kind && test(event as never)) as never,
        limitMs,
      ),
    count: (kind, test = () => true) =>
      events.filter((event) => event.kind === kind && test(event)).length,
    stop: async () => {
      stop.abort();
      await rig.link.stop();
    },
  };
  const link = createGatewayLink({
    id: uuidv7() as LinkId,
    url: target.url,
    clock: shared.clock,
    credential: () => Promise.resolve(rig.credential),
    device,
    deviceToken: {
      load: () => Promise.resolve(rig.deviceToken),
      store: async (token) => {
        rig.deviceToken = token;
      },
      clear: async () => {
        rig.deviceToken = null;
      },
    },
    pins: rig.pins,
    onPin: (pins) => {
      rig.pins = pins;
    },
    ownGateway: false,
    displayName: 'Peerage test',
    appVersion: '0.1.0',
    random: () => 0.5,
    ...overrides,
  });
  (rig as { link: GatewayLink }).link = link;
  link.on((event) => {
    events.push(event);
    if (event.kind === 'state') states.push(event.state);
  });
  link.start();
  return rig;
}
