import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  type AppError,
  type ChangeKey,
  CodedError,
  codedError,
  type GatewayLinkInput,
  type LinkId,
  type LinkState,
  type PeerId,
  type Result,
} from '../../../electron/contract/index.ts';
import {
  createPeerBook,
  type LinkSecretKind,
  type LinkSecrets,
  type NewPeer,
  type PeerBook,
} from '../../../electron/peers/index.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';

/** A keychain in memory that can be told to refuse, and that remembers the order of what was asked. */
export interface FakeKeychain extends LinkSecrets {
  readonly entries: Map<string, string>;
  refuse: 'secrets.locked' | 'secrets.read_only' | null;
  /** Runs before each set, to look at the world in between. */
  onSet: (() => void) | null;
}

export function fakeKeychain(): FakeKeychain {
  const entries = new Map<string, string>();
  const keychain: FakeKeychain = {
    entries,
    refuse: null,
    onSet: null,
    set: async (linkId: LinkId, kind: LinkSecretKind, value: string) => {
      keychain.onSet?.();
      if (keychain.refuse) throw codedError(keychain.refuse, 'told to');
      entries.set(`${linkId}/${kind}`, value);
    },
    delete: async (linkId: LinkId, kind: LinkSecretKind) => {
      if (keychain.refuse) throw codedError(keychain.refuse, 'told to');
      entries.delete(`${linkId}/${kind}`);
    },
  };
  return keychain;
}

/** A peer book over a real store in a folder of its own. */
export interface House {
  readonly home: string;
  readonly clock: FakeClock;
  readonly keychain: FakeKeychain;
  readonly changes: ChangeKey[];
  /** `+id`, `-id`, `~id` as links become wanted, unwanted, changed. */
  readonly links: string[];
  readonly states: Map<LinkId, LinkState>;
  readonly purged: PeerId[];
  store: Store;
  book: PeerBook;
  /** Ends the process without ceremony, and starts it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export function openHouse(): House {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-peers-'));
  const clock = fakeClock();
  const keychain = fakeKeychain();
  const changes: ChangeKey[] = [];
  const links: string[] = [];
  const states = new Map<LinkId, LinkState>();
  const purged: PeerId[] = [];
  const openBook = (store: Store): PeerBook =>
    createPeerBook({
      store,
      clock,
      changed: (key) => changes.push(key),
      secrets: keychain,
      links: {
        wanted: (link) => links.push(`+${link.id}`),
        unwanted: (id) => links.push(`-${id}`),
        changed: (link, what) =>
          links.push(`~${link.id}${what.url ? ' url' : ''}${what.credential ? ' credential' : ''}`),
      },
      live: {
        linkState: (id) => states.get(id) ?? { kind: 'idle' },
        totals: () => ({
          unread: 0,
          waiting: 0,
          running: false,
          lastActivityAt: null,
          preview: '',
        }),
      },
      normaliseUrl: (text) => {
        if (!/^wss?:\/\//.test(text)) throw codedError('link.url_scheme', text);
        return text;
      },
      purged: (id) => purged.push(id),
    });
  const store = openStore(home, clock.now());
  const house: House = {
    home,
    clock,
    keychain,
    changes,
    links,
    states,
    purged,
    store,
    book: openBook(store),
    restart: async () => {
      house.book.stop();
      await house.store.close();
      house.store = openStore(home, clock.now());
      house.book = openBook(house.store);
    },
    close: async () => {
      house.book.stop();
      await house.store.close();
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
  return house;
}

type GatewayPeer = Omit<NewPeer, 'link'> & { readonly link: GatewayLinkInput };

/** A new peer with one gateway link and a token. */
export const newPeer = (name: string, more: Partial<GatewayPeer> = {}): GatewayPeer => ({
  name,
  link: {
    kind: 'gateway',
    url: 'ws://127.0.0.1:18789',
    credential: { kind: 'token', value: `token of ${name}` },
    agentId: null,
    sessionKey: null,
  },
  ...more,
});

/** The value of a result that must have gone well. */
export function wentWell<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CodedError(result.error);
}

/** The error of a result that must have failed. */
export function errorOf<T>(result: Result<T>): AppError {
  if (result.ok) throw new Error('it went well');
  return result.error;
}
