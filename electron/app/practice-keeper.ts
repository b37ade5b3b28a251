/**
 * The practice peer's life inside the app: started with the app once the person asked for it, on the
 * same port with the same identity, and not started again once its peer was removed. Its token and its key go to
 * the keychain like any other; its threads go to the database.
 */
import type { Clock } from '../clock/clock.ts';
import { CodedError, type LinkId, type PeerId } from '../contract/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { PracticeGateway } from '../practice/index.ts';
import { type PracticeBehaviour, PracticeState, startPracticeGateway } from '../practice/index.ts';
import { type SecretStore, secretAccount } from '../secrets/index.ts';
import type { AppState } from './app-state.ts';
import { deviceTokenStore } from './link-secrets.ts';

/** What of the practice peer's state may lie in the database: no key, and no token, not even ours. */
const Remembered = PracticeState.omit({ privateKeyPem: true, token: true }).transform((state) => ({
  ...state,
  devices: state.devices.map((device) => ({ ...device, token: null })),
}));

/** Runs the practice peer's gateway, of which there is at most one in a home. */
export interface PracticeKeeper {
  /** Starts it again where it has a peer. A failure is logged, and its link says *down*. */
  resume(): Promise<void>;
  /** Starts it, and makes its peer where there is none yet. */
  start(): Promise<PeerId>;
  behave(behaviour: PracticeBehaviour): Promise<void>;
  stop(): Promise<void>;
}

/** What the practice peer is made of: a place for its state, its secrets, its link. */
export interface PracticeKeeperOptions {
  readonly clock: Clock;
  readonly peers: PeerBook;
  readonly state: AppState;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly reconnect: (linkId: LinkId) => void;
  readonly log: (line: string) => void;
}

/** Looks after at most one practice peer. */
export function createPracticeKeeper(options: PracticeKeeperOptions): PracticeKeeper {
  const { clock, peers, state, secrets, homeId, log } = options;
  let gateway: PracticeGateway | null = null;
  let starting: Promise<PracticeGateway> | null = null;

  const practicePeer = (): PeerId | null => peers.peers().find((peer) => peer.practice)?.id ?? null;
  const linkOf = (peerId: PeerId): LinkId | null => peers.linksOf(peerId)[0]?.id ?? null;

  const secretOf = async (kind: 'gateway-token' | 'device-key', linkId: LinkId) => {
    const found = await secrets.get(secretAccount(homeId, kind, linkId));
    return found.kind === 'found' ? found.value : null;
  };

  /** The stored state with its secrets put back; undefined where a part of it is missing. */
  const stored = async (): Promise<unknown> => {
    const peerId = practicePeer();
    const linkId = peerId && linkOf(peerId);
    const remembered = state.get('practice', Remembered);
    if (!linkId || !remembered) return undefined;
    const [token, privateKeyPem] = [
      await secretOf('gateway-token', linkId),
      await secretOf('device-key', linkId),
    ];
    if (!token || !privateKeyPem) return undefined;
    // The token that it once gave to this app is in the keychain, with the link's other secrets.
    const given = await deviceTokenStore(secrets, homeId, linkId).load();
    const devices = remembered.devices.map((device) => ({
      ...device,
      token: given?.token ?? null,
    }));
    return { ...remembered, devices, token, privateKeyPem };
  };

  const run = async (): Promise<PracticeGateway> => {
    const started = await startPracticeGateway({
      clock,
      state: await stored(),
      onState: (now) => {
        state.set('practice', Remembered.parse(now)).catch((error: unknown) => {
          log(`the practice peer's threads were not kept: ${String(error)}`);
        });
      },
    });
    gateway = started;
    return started;
  };
  const running = (): Promise<PracticeGateway> => {
    if (gateway) return Promise.resolve(gateway);
    starting ??= run().finally(() => {
      starting = null;
    });
    return starting;
  };

  /** Another port or token than the stored link has: the stored state was lost, so the link follows. */
  const align = async (linkId: LinkId, at: PracticeGateway): Promise<void> => {
    const link = peers.link(linkId);
    const token = await secretOf('gateway-token', linkId);
    if (link && (link.url !== at.url || token !== at.token)) {
      await peers.setPins(linkId, { identity: null, tls: null });
      await peers.updateLink(linkId, {
        url: at.url,
        credential: { kind: 'token', value: at.token },
      });
    }
    await secrets.set(secretAccount(homeId, 'device-key', linkId), at.exportState().privateKeyPem);
  };

  return {
    resume: async () => {
      const peerId = practicePeer();
      const linkId = peerId && linkOf(peerId);
      if (!linkId) return;
      try {
        await align(linkId, await running());
        options.reconnect(linkId);
      } catch (error) {
        log(`the practice peer did not start: ${String(error)}`);
      }
    },
    start: async () => {
      const at = await running();
      const known = practicePeer();
      if (known) return known;
      const names = new Set(peers.peers().map((peer) => peer.name));
      let name = 'Practice peer';
      for (let i = 2; names.has(name); i++) name = `Practice peer ${i}`;
      const added = await peers.add({
        name,
        notes: 'Lives inside Peerage and answers from a script. Remove it when you like.',
        link: {
          kind: 'gateway',
          url: at.url,
          credential: { kind: 'token', value: at.token },
          agentId: null,
          sessionKey: null,
        },
        practice: true,
      });
      if (!added.ok) throw new CodedError(added.error);
      await secrets.set(
        secretAccount(homeId, 'device-key', added.value.linkId),
        at.exportState().privateKeyPem,
      );
      await state.set('practice', Remembered.parse(at.exportState()));
      return added.value.peerId;
    },
    behave: async (behaviour) => {
      await (await running()).behave(behaviour);
    },
    stop: async () => {
      const last = gateway;
      gateway = null;
      await starting?.catch(() => undefined);
      if (!last) return;
      await state.set('practice', Remembered.parse(last.exportState())).catch(() => undefined);
      await last.stop();
    },
  };
}
