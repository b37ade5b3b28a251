import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  type CallArguments,
  type CallerContext,
  type CallOutput,
  type ChangeKey,
  CodedError,
  DEFAULT_SETTINGS,
  LinkId,
  type MessageId,
  type MessageView,
  PeerId,
  type Result,
  type Settings,
  type ThreadId,
} from '../../../electron/contract/index.ts';
import {
  type AudiencePeer,
  type ConversationHandlers,
  type Conversations,
  createConversations,
  type ThreadAttention,
} from '../../../electron/conversations/index.ts';
import type { Link } from '../../../electron/links/link.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';
import { FakeGateway, type FakeGatewayOptions, FakeLink } from '../../fakes/link.ts';

type Name = keyof ConversationHandlers;

const id = (kind: number, n: number): string =>
  `01900000-0000-7000-8${String(kind).padStart(3, '0')}-${String(n).padStart(12, '0')}`;
export const peerId = (n = 1): PeerId => PeerId.parse(id(1, n));
export const linkId = (n = 1): LinkId => LinkId.parse(id(2, n));

export interface HomeOptions {
  readonly peers?: number;
  readonly gateway?: Partial<FakeGatewayOptions>;
  readonly resolveUnknown?: Link['resolveUnknown'];
  readonly settings?: Partial<Settings>;
  readonly latencyMs?: number;
  readonly kind?: Link['kind'];
}

/** A home folder with peers, each behind a gateway of its own, that can crash and be started again. */
export class Home {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-conversations-'));
  readonly clock: FakeClock = fakeClock();
  readonly gateways = new Map<LinkId, FakeGateway>();
  readonly links = new Map<LinkId, FakeLink>();
  readonly changes: ChangeKey[] = [];
  readonly attention: ThreadAttention[] = [];
  readonly logged: string[] = [];
  /** What is told of a peer to broadcasts, by its number, in place of what is so. */
  readonly told = new Map<number, Partial<AudiencePeer>>();
  readonly options: HomeOptions;
  settings: Settings;
  store: Store;
  conversations: Conversations;

  constructor(options: HomeOptions = {}) {
    this.options = options;
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings };
    const peers = options.peers ?? 1;
    for (let n = 1; n <= peers; n++) {
      this.gateways.set(linkId(n), new FakeGateway({ clock: this.clock, ...options.gateway }));
    }
    this.store = openStore(this.folder, 0);
    this.#addPeers(peers);
    this.conversations = this.#build();
  }

  get link(): FakeLink {
    return this.linkOf(1);
  }

  get gateway(): FakeGateway {
    const gateway = this.gateways.get(linkId(1));
    if (!gateway) throw new Error('no gateway');
    return gateway;
  }

  linkOf(n: number): FakeLink {
    const link = this.links.get(linkId(n));
    if (!link) throw new Error('no link');
    return link;
  }

  /** Starts the app; links are there, and not connected yet. */
  async start(connect = true): Promise<void> {
    this.#addLinks();
    await this.conversations.start();
    for (const link of this.links.values()) {
      this.conversations.linkAttached(link.id);
      if (connect) link.connect();
    }
    await this.clock.advance(0);
  }

  async stop(): Promise<void> {
    for (const link of this.links.values()) await link.stop();
    const stopped = this.conversations.stop();
    await this.clock.advance(0);
    await stopped;
    await this.store.close();
  }

  /** The process is gone between two turns: nothing of it runs on, the file stays as it is. */
  async crash(): Promise<void> {
    for (const link of this.links.values()) await link.stop();
    const dead = this.store;
    const crashed = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-crash-'));
    for (const name of fs.readdirSync(this.folder)) {
      if (name.startsWith('peerage.db') && !name.endsWith('-shm')) {
        fs.copyFileSync(path.join(this.folder, name), path.join(crashed, name));
      }
    }
    const stopped = this.conversations.stop();
    await this.clock.advance(0);
    await stopped;
    await dead.close();
    for (const name of fs.readdirSync(this.folder)) {
      if (name.startsWith('peerage.db')) fs.rmSync(path.join(this.folder, name));
    }
    for (const name of fs.readdirSync(crashed)) {
      fs.copyFileSync(path.join(crashed, name), path.join(this.folder, name));
    }
    fs.rmSync(crashed, { recursive: true });
    await this.reopen();
  }

  /** A new process on the same folder. */
  async reopen(): Promise<void> {
    this.store = openStore(this.folder, 0);
    this.conversations = this.#build();
  }

  async remove(): Promise<void> {
    await this.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** The link goes to another gateway from now on, as after a change of its address. */
  async retarget(): Promise<void> {
    await this.conversations.linkRetargeted(linkId(1));
    for (const link of this.links.values()) await link.stop();
    this.gateways.set(linkId(1), new FakeGateway({ clock: this.clock, ...this.options.gateway }));
    this.#addLinks();
    this.conversations.linkAttached(linkId(1));
    this.link.connect();
  }

  /** Makes a call; a CodedError becomes its result, as at the boundary. */
  async call<N extends Name>(
    name: N,
    input: CallArguments<N>,
    connectionId = 'window-1',
  ): Promise<Result<CallOutput<N>>> {
    const context: CallerContext = {
      door: 'window',
      connectionId,
      signal: new AbortController().signal,
    };
    const handler = this.conversations.handlers[name] as (
      input: CallArguments<N>,
      context: CallerContext,
    ) => Promise<Result<CallOutput<N>>> | Result<CallOutput<N>>;
    try {
      return await handler(input, context);
    } catch (error) {
      if (error instanceof CodedError) return { ok: false, error: error.error };
      throw error;
    }
  }

  /** The same, where only success will do. */
  async must<N extends Name>(name: N, input: CallArguments<N>): Promise<CallOutput<N>> {
    const result = await this.call(name, input);
    if (!result.ok) throw new CodedError(result.error);
    return result.value;
  }

  /** The same, for the code of what was refused. */
  async refused<N extends Name>(name: N, input: CallArguments<N>): Promise<string> {
    const result = await this.call(name, input);
    return result.ok ? 'not refused' : result.error.code;
  }

  async thread(n = 1, title = ''): Promise<ThreadId> {
    const input = { peerId: peerId(n), linkId: null, title, agentId: null };
    return (await this.must('thread.create', input)).threadId;
  }

  async send(threadId: ThreadId, text: string): Promise<MessageId> {
    const input = { threadId, text, kind: 'message' as const, attachmentIds: [] };
    return (await this.must('message.send', input)).messageId;
  }

  async shown(threadId: ThreadId): Promise<MessageView[]> {
    return (await this.must('thread.open', { threadId, around: null })).page.messages;
  }

  /** The thread as a person reads it: `> ` ours, `< ` theirs, with state. */
  async read(threadId: ThreadId): Promise<string[]> {
    return (await this.shown(threadId)).map(
      (m) => `${m.direction === 'out' ? '>' : '<'} ${m.body} [${m.state}]`,
    );
  }

  state(id: MessageId): string | undefined {
    return this.conversations.messageView(id)?.state;
  }

  #addPeers(count: number): void {
    const peer = this.store.prepare<never, [string, string, string]>(
      'INSERT INTO peers (id, name, name_key, created_at) VALUES (?, ?, ?, 0)',
    );
    const link = this.store.prepare<never, [string, string]>(
      "INSERT INTO links (id, peer_id, kind, url, credential, created_at) VALUES (?, ?, 'gateway', 'ws://x', 'none', 0)",
    );
    for (let n = 1; n <= count; n++) {
      peer.run(peerId(n), `Peer ${n}`, `peer ${n}`);
      link.run(linkId(n), peerId(n));
    }
  }

  #addLinks(): void {
    this.links.clear();
    const { resolveUnknown, latencyMs, kind } = this.options;
    for (const [id, gateway] of this.gateways) {
      const link = new FakeLink({
        clock: this.clock,
        gateway,
        id,
        ...(kind ? { kind } : {}),
        ...(resolveUnknown ? { resolveUnknown } : {}),
        ...(latencyMs === undefined ? {} : { latencyMs }),
      });
      link.on((event) => this.conversations.linkEvent(id, event));
      this.links.set(id, link);
    }
  }

  #build(): Conversations {
    return createConversations({
      store: this.store,
      clock: this.clock,
      changed: (key) => this.changes.push(key),
      directory: {
        peerName: (peer) => (this.#number(peer) === 0 ? null : `Peer ${this.#number(peer)}`),
        linkFor: (thread) => thread.linkId ?? linkId(this.#number(thread.peerId)),
        agentName: () => null,
        audience: () => [...this.links.keys()].map((link, at) => this.audiencePeer(at + 1, link)),
      },
      link: (wanted) => this.links.get(wanted),
      settings: () => this.settings,
      attention: (item) => this.attention.push(item),
      attachmentsFolder: path.join(this.folder, 'attachments'),
      log: (line) => this.logged.push(line),
      random: () => 0.5,
    });
  }

  /** A peer as broadcasts see it; a test may change what is told of it. */
  audiencePeer(n: number, link: LinkId): AudiencePeer {
    const state = this.links.get(link)?.state() ?? { kind: 'idle' };
    return {
      peerId: peerId(n),
      name: `Peer ${n}`,
      group: null,
      practice: false,
      own: false,
      links: [
        {
          linkId: link,
          kind: 'gateway',
          address: 'x:18789',
          agentId: null,
          state,
          stateText: state.kind,
          blocked: false,
        },
      ],
      ...this.told.get(n),
    };
  }

  #number(peer: PeerId): number {
    for (let n = 1; n <= this.gateways.size; n++) if (peerId(n) === peer) return n;
    return 0;
  }
}
