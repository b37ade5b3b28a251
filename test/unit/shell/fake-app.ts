/** An app for shells to stand on: it knows a few entities and answers a few calls. */
import {
  type AppPort,
  appError,
  type CallHandlers,
  type Change,
  type ChangeKey,
  CodedError,
  calls,
  DEFAULT_SETTINGS,
  type IncomingMessageView,
  NO_RELAYS,
  type NoticeView,
  ok,
  type PeerRow,
  QUIET_GATEWAY,
  RECEPTION_OFF,
  type Snapshot,
  type ThreadView,
  UNCHECKED_TAILNET,
  type WindowEvent,
  type WindowFocus,
} from '../../../electron/contract/index.ts';

/** A valid id, the same for the same number. */
export const uuid = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const peerRow = (n: number, more: Partial<PeerRow> = {}): PeerRow => ({
  id: uuid(n) as PeerRow['id'],
  name: `peer ${n}`,
  nickname: null,
  group: null,
  favourite: false,
  practice: false,
  own: false,
  status: 'up',
  statusText: 'Up',
  latencyMs: 3,
  unread: 0,
  waiting: 0,
  running: false,
  lastActivityAt: null,
  preview: '',
  ...more,
});

export const answer = (
  n: number,
  thread: number,
  body: string,
  more: Partial<IncomingMessageView> = {},
): IncomingMessageView => ({
  id: uuid(n) as IncomingMessageView['id'],
  threadId: uuid(thread) as IncomingMessageView['threadId'],
  order: n,
  kind: 'message',
  body,
  bodyBytes: Buffer.byteLength(body),
  truncated: false,
  at: 1,
  error: null,
  attachments: [],
  direction: 'in',
  state: 'streaming',
  author: 'agent',
  replyTo: null,
  senderAt: null,
  ...more,
});

export const threadView = (n: number, peer: number): ThreadView => ({
  id: uuid(n) as ThreadView['id'],
  peerId: uuid(peer) as ThreadView['peerId'],
  linkId: null,
  title: `thread ${n}`,
  agentId: null,
  unread: 0,
  muted: false,
  archived: false,
  running: false,
  waiting: 0,
  lastMessageAt: null,
  preview: '',
  draft: { text: '', revision: 0 },
});

export interface FakeApp extends AppPort {
  /** Windows that were told to be gone. */
  readonly closed: string[];
  readonly peers: Map<string, PeerRow>;
  readonly messages: Map<string, IncomingMessageView>;
  readonly threads: Map<string, ThreadView>;
  readonly focus: WindowFocus[];
  /** Whether a window can be seen, as it was told. */
  readonly seen: boolean[];
  readonly reads: ChangeKey[];
  stopped: boolean;
  unread: number;
  changed(key: ChangeKey): void;
  tell(event: WindowEvent): void;
  attend(notice: NoticeView): void;
}

/** @param own handlers that a test brings along. */
export function fakeApp(own: Partial<CallHandlers> = {}): FakeApp {
  const changeListeners = new Set<(key: ChangeKey) => void>();
  const eventListeners = new Set<(event: WindowEvent) => void>();
  const attention = new Set<(notice: NoticeView) => void>();
  const add = <T>(set: Set<T>, item: T): (() => void) => {
    set.add(item);
    return () => set.delete(item);
  };
  const unknown = Object.fromEntries(
    Object.keys(calls).map((name) => [
      name,
      () => {
        throw new CodedError(appError('app.internal', `no ${name} here`));
      },
    ]),
  ) as unknown as CallHandlers;
  const app: FakeApp = {
    log: () => {},
    systemWoke: () => {},
    networkChanged: () => {},
    setUpdate: () => {},
    windowClosed: (connectionId) => app.closed.push(connectionId),
    closed: [],
    epoch: 'epoch-1',
    peers: new Map(),
    messages: new Map(),
    threads: new Map(),
    focus: [],
    seen: [],
    reads: [],
    stopped: false,
    unread: 0,
    handlers: {
      ...unknown,
      'app.about': () => ok({ text: 'a fake app' }),
      'app.show': () => ok({ url: null }),
      'peer.list': () => ok({ peers: [...app.peers.values()] }),
      'peer.close': () => ok({}),
      'thread.close': () => ok({}),
      'thread.open': ({ threadId }) => {
        const thread = app.threads.get(threadId);
        if (!thread) throw new CodedError(appError('thread.not_found', threadId));
        const messages = [...app.messages.values()].filter((m) => m.threadId === threadId);
        return ok({ thread, page: { messages, hasOlder: false, hasNewer: false } });
      },
      ...own,
    },
    snapshot: (): Omit<Snapshot, 'revision'> => ({
      epoch: app.epoch,
      app: appView(app),
      settings: DEFAULT_SETTINGS,
      tailnet: UNCHECKED_TAILNET,
      gateway: QUIET_GATEWAY,
      relays: NO_RELAYS,
      peers: [...app.peers.values()],
      warnings: [],
      notices: [],
      delegations: [],
      outgoing: [],
      unasked: [],
      invites: [],
      groups: [],
      broadcasts: [],
      requests: [],
    }),
    read: (key): Change => {
      app.reads.push(key);
      switch (key.type) {
        case 'app':
          return { type: 'app', value: appView(app) };
        case 'settings':
          return { type: 'settings', value: DEFAULT_SETTINGS };
        case 'gateway':
          return { type: 'gateway', value: QUIET_GATEWAY };
        case 'relays':
          return { type: 'relays', value: NO_RELAYS };
        case 'tailnet':
          return { type: 'tailnet', value: UNCHECKED_TAILNET };
        case 'peer':
          return { type: 'peer', id: key.id, value: app.peers.get(key.id) ?? null };
        case 'thread':
          return { type: 'thread', id: key.id, value: app.threads.get(key.id) ?? null };
        case 'message':
          return { type: 'message', id: key.id, value: app.messages.get(key.id) ?? null };
        case 'warning':
        case 'notice':
        case 'delegation':
        case 'outgoing':
        case 'unasked':
        case 'invite':
        case 'knowledge':
          return { type: 'knowledge', value: 0 };
        case 'group':
        case 'broadcast':
        case 'broadcastRow':
        case 'request':
        case 'peerDetail':
        case 'ladder':
          return { type: key.type, id: key.id, value: null };
      }
    },
    onChange: (listener) => add(changeListeners, listener),
    onWindowEvent: (listener) => add(eventListeners, listener),
    onAttention: (listener) => add(attention, listener),
    setFocus: (focus) => {
      app.focus.push(focus);
    },
    setSeen: (seen) => {
      app.seen.push(seen);
    },
    stop: async () => {
      app.stopped = true;
    },
    changed: (key) => {
      for (const listener of changeListeners) listener(key);
    },
    tell: (event) => {
      for (const listener of eventListeners) listener(event);
    },
    attend: (notice) => {
      for (const listener of attention) listener(notice);
    },
  };
  return app;
}

const appView = (app: FakeApp): Snapshot['app'] => ({
  version: '0.0.0',
  shell: 'browser',
  platform: 'linux',
  home: '/home/somebody/.local/share/peerage',
  secrets: { status: 'available', error: null },
  ownGateway: { kind: 'not_found', lookedAt: [] },
  network: 'up',
  search: 'fts5',
  tray: 'all_well',
  unread: app.unread,
  peers: app.peers.size,
  setup: { open: false, step: 'welcome', skipped: [], peer: null, proof: null },
  waiting: { total: 0, first: [] },
  reception: RECEPTION_OFF,
  storeNotice: null,
  update: { kind: 'none' },
  provisioned: false,
});
