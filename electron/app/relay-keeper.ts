/** Relays inside the app: what they need of their neighbours, and who hears of what they bring. */
import { createHash, randomBytes } from 'node:crypto';
import * as os from 'node:os';
import type { Clock } from '../clock/clock.ts';
import {
  type ChangeKey,
  type ChangeSink,
  CodedError,
  type LinkId,
  placeText,
  type RelayId,
  type Result,
  type Settings,
} from '../contract/index.ts';
import { type Conversations, RELAY_SENT } from '../conversations/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { describeLinkState, type LinkRecord, type PeerBook } from '../peers/index.ts';
import type { Reception } from '../reception/index.ts';
import { createRelays, type RelayPeer, type RelaySecrets, type Relays } from '../relays/index.ts';
import { type SecretStore, secretAccount } from '../secrets/index.ts';
import type { Store } from '../store/store.ts';
import type { Device } from './device.ts';
import { addUnderFreeName } from './free-name.ts';
import { coded, credentialOf } from './link-secrets.ts';
import { checkSharedFile } from './shared-file-guard.ts';

/** The neighbours whose narrow sides are handed to the relays. `protect` = to the redactor. */
export interface RelayKeeperOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly settings: () => Settings;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly device: Device;
  readonly peers: PeerBook;
  readonly notifications: Pick<Notifications, 'offer' | 'settle'>;
  readonly conversations: Pick<Conversations, 'broadcasts' | 'checkText'>;
  readonly reception: Pick<Reception, 'take' | 'outcome' | 'find'>;
  readonly protect: (secret: string) => void;
  readonly log: (line: string) => void;
}

/** The relays that this app is a member of, with their wiring. */
export interface RelayKeeper {
  readonly relays: Relays;
  /** Something changed that relays must hear of. */
  hear(key: ChangeKey): void;
  secretsReady(): void;
}

const orThrow = <T>(result: Result<T>): T => {
  if (!result.ok) throw new CodedError(result.error);
  return result.value;
};

/** A relay's secrets stand in the keychain beside those of links, under the relay's own id. */
function relaySecrets({ secrets, homeId, protect }: RelayKeeperOptions): RelaySecrets {
  const account = (kind: 'gateway-token' | 'device-token', id: RelayId) =>
    secretAccount(homeId, kind, id);
  const asLink = (id: RelayId): LinkId => id as string as LinkId;
  return {
    token: async (id) => {
      const found = await credentialOf(secrets, homeId, { id: asLink(id), credential: 'token' });
      return found.kind === 'token' || found.kind === 'unavailable' ? found : { kind: 'none' };
    },
    setToken: async (id, token) => {
      if (token === null) await coded(secrets.delete(account('gateway-token', id)));
      else await coded(secrets.set(account('gateway-token', id), token));
    },
    agentSecret: (id) => async () => {
      const place = account('device-token', id);
      const found = await secrets.get(place);
      if (found.kind === 'found') return found.value;
      if (found.kind === 'unavailable') return null;
      const made = randomBytes(32).toString('base64url');
      protect(made);
      await coded(secrets.set(place, made));
      return made;
    },
    forget: async (id) => {
      for (const kind of ['gateway-token', 'device-token'] as const) {
        try {
          await coded(secrets.delete(account(kind, id)));
        } catch (error) {
          // A read-only folder never held it for us.
          if (!(error instanceof CodedError && error.error.code === 'secrets.read_only'))
            throw error;
        }
      }
    },
  };
}

/** Opens the relays of this home, and connects to them as soon as the start is over. */
export function createRelayKeeper(options: RelayKeeperOptions): RelayKeeper {
  const { clock, peers, notifications, reception, device, log } = options;
  const { broadcasts } = options.conversations;
  const sentSource = (relayId: RelayId, id: string): string => `${RELAY_SENT}${relayId}:${id}`;

  const peerOf = (link: LinkRecord): RelayPeer | null =>
    link.kind === 'relay' && link.agentId !== null
      ? {
          linkId: link.id,
          peerId: link.peerId,
          name: peers.peer(link.peerId)?.name ?? link.agentId,
          url: link.url,
          agentId: link.agentId,
          pinned: link.pinnedIdentity,
        }
      : null;

  const relays = createRelays({
    store: options.store,
    clock,
    changed: options.changed,
    peers: {
      all: () => peers.links().flatMap((link) => peerOf(link) ?? []),
      byLink: (linkId) => {
        const link = peers.link(linkId);
        return link && peerOf(link);
      },
      add: async (name, { url, agentId }) => {
        const link = { kind: 'relay', url, agentId, credential: { kind: 'none' } } as const;
        const peerId = await addUnderFreeName(peers, name, link);
        const made = peers.linksOf(peerId).find((one) => one.agentId === agentId);
        if (!made) throw new Error('the peer that was just added has no link');
        return { peerId, linkId: made.id };
      },
      pin: async (linkId, identity) => {
        await peers.setPins(linkId, { identity });
        options.changed({ type: 'relays' });
      },
      removeLink: async (linkId) => {
        orThrow(await peers.removeLink(linkId));
      },
    },
    secrets: relaySecrets(options),
    inbox: {
      take: ({ peerId, name, proof, context, ...task }) =>
        reception.take({ peerId, name, proof }, { ...task, data: context }),
      outcome: reception.outcome,
      find: reception.find,
    },
    broadcast: async ({ relayId, from, messageId, peerId, content: text, topic, ...said }) => {
      const at = said.at ?? clock.now();
      const id = messageId ?? createHash('sha256').update(`${at} ${text}`).digest('hex');
      const doubt = said.signed === 'wrong' ? ' (not proven)' : '';
      await broadcasts.hear({
        source: `relay:${relayId}:${from}:${id}`,
        peerId,
        author: `${said.fromName}${doubt}`,
        topic: topic === 'general' ? null : topic,
        tags: said.tags,
        text,
        at: Math.min(at, clock.now()),
      });
    },
    outgoing: {
      preview: broadcasts.look,
      check: options.conversations.checkText,
      checkFile: checkSharedFile,
      isTold: (relayId, id) => broadcasts.isKnown(sentSource(relayId, id)),
      keep: ({ relayId, relay, id, ...said }) =>
        broadcasts.hear({
          ...said,
          source: sentSource(relayId, id),
          peerId: null,
          author: `all on ${relay}`,
        }),
    },
    attention: {
      file: ({ subject, relayId, key, title, text, peerId }) =>
        notifications.offer({
          kind: 'message',
          subject,
          title,
          text,
          to: placeText({ kind: 'file', relayId, key }),
          peerId,
          threadId: null,
          messageId: null,
          muted: false,
          actions: [],
        }),
      settle: (subject) => notifications.settle(subject),
    },
    settings: options.settings,
    signer: async () => {
      const found = await device.get();
      return found.kind === 'ready' ? found.signer : null;
    },
    describe: (state, url) =>
      describeLinkState(state, {
        peerId: null,
        linkId: null,
        url,
        kind: 'relay',
        now: clock.now(),
      }),
    machine: os.hostname(),
    protect: options.protect,
    log,
  });

  return {
    relays,
    hear: (key) => {
      if (key.type === 'delegation') relays.noteDelegation(key.id);
      // Who is a peer, and whose key is compared, stands in the list of agents too.
      if (key.type === 'peer' && relays.view().relays.length > 0) {
        options.changed({ type: 'relays' });
      }
    },
    secretsReady: () => {
      relays.secretsReady().catch((error: unknown) => log(`relays: ${String(error)}`));
    },
  };
}
