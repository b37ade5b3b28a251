/**
 * The own gateway as the reception uses it: by a device of its own that may write and nothing else,
 * connected once something is to be handed over, and then held.
 */
import type { Clock } from '../clock/clock.ts';
import { type AppError, appError, CodedError, type LinkId } from '../contract/index.ts';
import { createHandOver, HAND_OVER_SCOPES, type HandOver } from '../links/gateway/index.ts';
import type { LinkRecord, PeerBook } from '../peers/index.ts';
import type { AgentDoor } from '../reception/index.ts';
import { publicKeyRawBase64Url, type SecretStore, signPayload } from '../secrets/index.ts';
import { credentialOf, deviceTokenStore } from './link-secrets.ts';
import type { OwnRequest } from './own-gateway-let-in.ts';
import { RECEPTION_DEVICE, receptionDevice } from './reception-device.ts';

/** Nothing to hand work to, with the way to where a gateway is connected. */
const noGateway = (detail: string): AppError =>
  appError('reception.no_own_gateway', detail, {
    remedy: { actions: [{ kind: 'go', label: 'Set up my gateway', to: 'setup/gateway' }] },
  });

/** What the reception's way to the own gateway is made of, its own device above all. */
export interface ReceptionAgentsOptions {
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly peers: Pick<PeerBook, 'peers' | 'linksOf'>;
  readonly displayName: string;
  readonly appVersion: string;
  readonly unasked: AgentDoor['unasked'];
  /** Has the own gateway let a device of ours in. */
  readonly letIn: (request: OwnRequest) => Promise<void>;
  readonly log: (line: string) => void;
}

/** The reception's door to agents, which follows the own gateway as that comes and goes. */
export interface ReceptionAgents extends AgentDoor {
  /** The own gateway may have been added, changed or removed. */
  look(): void;
  stop(): Promise<void>;
}

interface Held {
  readonly linkId: LinkId;
  readonly url: string;
  readonly handOver: HandOver;
  /** Has it let in, where the gateway waits for that. */
  letIn(): void;
}

/** Looks after at most one connection. */
export function receptionAgents(options: ReceptionAgentsOptions): ReceptionAgents {
  const { clock, secrets, homeId, peers, log } = options;
  const listeners = new Set<() => void>();
  /** Told when the own gateway did not let the reception in. */
  const shutOut = new Set<() => void>();
  let held: Held | null = null;
  let connecting: Promise<Held> | null = null;
  let stopped = false;

  const ownLink = (): LinkRecord | null => {
    for (const peer of peers.peers()) {
      if (!peer.own) continue;
      const link = peers.linksOf(peer.id).find((one) => one.kind === 'gateway');
      if (link) return link;
    }
    return null;
  };

  const connect = async (): Promise<Held> => {
    const link = ownLink();
    if (!link) throw new CodedError(noGateway('No own gateway is in the peer list.'));
    const device = await receptionDevice(secrets, homeId);
    const tokens = deviceTokenStore(secrets, homeId, RECEPTION_DEVICE);
    const handOver = createHandOver({
      id: RECEPTION_DEVICE,
      url: link.url,
      credential: async () => {
        const now = ownLink();
        return now
          ? credentialOf(secrets, homeId, now)
          : { kind: 'unavailable', reason: 'absent' as const };
      },
      device: {
        deviceId: device.deviceId,
        publicKey: publicKeyRawBase64Url(device.publicKeyPem),
        sign: (payload) => signPayload(device.privateKeyPem, payload),
      },
      deviceToken: tokens,
      pins: { identity: link.pinnedIdentity, tls: link.pinnedTls },
      // The person's own link to the same gateway keeps the pins.
      onPin: () => undefined,
      clock,
      ownGateway: false,
      displayName: `${options.displayName} (reception)`.slice(0, 80),
      appVersion: options.appVersion,
      log: (level, text) => log(`reception ${level}: ${text}`),
    });
    handOver.onReady(() => {
      for (const listener of [...listeners]) listener();
    });
    const letIn = doorman(handOver, device.deviceId);
    const made: Held = { linkId: link.id, url: link.url, handOver, letIn };
    if (stopped) return made;
    held = made;
    handOver.start();
    return made;
  };

  /**
   * A gateway that asks about each device waits for a word. It gets one of ours as soon as it asks, and,
   * where that failed, with the next thing that is to be handed over.
   */
  const doorman = (handOver: HandOver, deviceId: string): (() => void) => {
    let trying = false;
    let said = '';
    const letIn = (): void => {
      const state = handOver.state();
      if (state.kind !== 'needs_approval' || trying || said === state.requestId) return;
      const { requestId } = state;
      trying = true;
      options
        .letIn({ requestId, deviceId, scopes: HAND_OVER_SCOPES })
        .then(
          () => {
            said = requestId;
            handOver.reconnect();
          },
          (error: unknown) => {
            log(`reception: it could not be let in: ${String(error)}`);
            for (const listener of [...shutOut]) listener();
          },
        )
        .finally(() => {
          trying = false;
        });
    };
    handOver.onState(letIn);
    return letIn;
  };

  const open = (): Promise<Held> => {
    if (held) return Promise.resolve(held);
    connecting ??= connect().finally(() => {
      connecting = null;
    });
    return connecting;
  };

  const stateError = (handOver: HandOver): AppError | null => {
    const state = handOver.state();
    switch (state.kind) {
      case 'online':
      case 'degraded':
        return null;
      case 'needs_approval':
        return appError('reception.gateway_down', 'It must let the reception in first.', {
          remedy: {
            text: 'Approve the device that calls itself “(reception)” on the own gateway.',
            actions: [{ kind: 'copy', label: 'Copy the command', text: state.command }],
          },
        });
      default:
        return appError(
          'reception.gateway_down',
          `The connection is ${state.kind.replaceAll('_', ' ')}.`,
        );
    }
  };

  const trouble = (): AppError | null => {
    if (!ownLink()) return noGateway('It is not in the peer list.');
    if (held) return stateError(held.handOver);
    open().catch((error: unknown) => log(`reception: ${String(error)}`));
    return appError('reception.gateway_down', 'It is being connected.');
  };

  /** The connection, once it can be used; waits for it as long as `signal` allows. */
  const usable = async (signal: AbortSignal): Promise<HandOver> => {
    const { handOver, letIn } = await open();
    if (!stateError(handOver)) return handOver;
    if (handOver.state().kind === 'needs_approval') letIn();
    else handOver.reconnect();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        forget();
        shutOut.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const forget = handOver.onReady(done);
      // Until it is clear that it is not let in, a gateway that asks about it may still say yes.
      shutOut.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
    const error = stateError(handOver);
    if (error) throw new CodedError(error);
    return handOver;
  };

  const drop = async (): Promise<void> => {
    const last = held;
    held = null;
    await last?.handOver.stop();
  };

  return {
    trouble,
    onReady: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unasked: options.unasked,
    sessions: async (signal) => (await usable(signal)).sessions(signal),
    agents: async (signal) => (await usable(signal)).agents(signal),
    begin: async (run, signal) => {
      const error = trouble();
      if (error || !held) {
        return { kind: 'not_taken', error: error ?? appError('reception.gateway_down', '') };
      }
      return held.handOver.begin(run, signal);
    },
    follow: async (key, sessionKey, signal) =>
      held ? held.handOver.follow(key, sessionKey, signal) : { kind: 'not_now' },
    settle: async (key, sessionKey, signal) =>
      held ? held.handOver.settle(key, sessionKey, signal) : { kind: 'not_now' },
    file: async (sessionKey, path, signal) =>
      held ? held.handOver.file(sessionKey, path, signal) : { kind: 'not_now' },
    abort: async (key, sessionKey, signal) => (await usable(signal)).abort(key, sessionKey, signal),
    look: () => {
      const link = ownLink();
      if (!held || (link && link.id === held.linkId && link.url === held.url)) return;
      drop().catch((error: unknown) => log(`reception: ${String(error)}`));
    },
    stop: async () => {
      stopped = true;
      await connecting?.catch(() => undefined);
      await drop();
    },
  };
}
