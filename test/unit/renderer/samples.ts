import {
  type AppView,
  DEFAULT_SETTINGS,
  MessageId,
  type MessageView,
  NO_RELAYS,
  PeerId,
  type PeerRow,
  QUIET_GATEWAY,
  RECEPTION_OFF,
  type Snapshot,
  ThreadId,
  UNCHECKED_TAILNET,
} from '../../../electron/contract/index.ts';

const uuid = (number: number): string =>
  `01934000-0000-7000-8000-${String(number).padStart(12, '0')}`;

export const threadId = ThreadId.parse(uuid(1));

/** A message by its place in the thread. */
export const message = (order: number, body = `text ${order}`): MessageView => ({
  id: MessageId.parse(uuid(1_000 + order)),
  threadId,
  order,
  kind: 'message',
  body,
  bodyBytes: body.length,
  truncated: false,
  at: order * 1_000,
  error: null,
  attachments: [],
  direction: 'in',
  state: 'complete',
  author: 'Scout',
  replyTo: null,
  senderAt: null,
});

/** A peer of the list. */
export const peerRow = (number: number, changes: Partial<PeerRow> = {}): PeerRow => ({
  id: PeerId.parse(uuid(number)),
  name: `Peer ${number}`,
  nickname: null,
  group: null,
  favourite: false,
  practice: false,
  own: false,
  status: 'up',
  statusText: 'Up',
  latencyMs: 10,
  unread: 0,
  waiting: 0,
  running: false,
  lastActivityAt: null,
  preview: '',
  ...changes,
});

const app: AppView = {
  version: '0.1.0',
  shell: 'browser',
  platform: 'linux',
  home: '/home',
  secrets: { status: 'available', error: null },
  ownGateway: { kind: 'not_found', lookedAt: [] },
  network: 'up',
  search: 'fts5',
  tray: 'off',
  unread: 0,
  peers: 0,
  setup: { open: false, step: 'welcome', skipped: [], peer: null, proof: null },
  waiting: { total: 0, first: [] },
  reception: RECEPTION_OFF,
  storeNotice: null,
  update: { kind: 'none' },
  provisioned: false,
};

/** A snapshot of these peers. */
export const snapshot = (peers: PeerRow[], revision = 1, epoch = 'one'): Snapshot => ({
  epoch,
  revision,
  app,
  settings: DEFAULT_SETTINGS,
  tailnet: UNCHECKED_TAILNET,
  gateway: QUIET_GATEWAY,
  relays: NO_RELAYS,
  peers,
  warnings: [],
  notices: [],
  delegations: [],
  outgoing: [],
  unasked: [],
  invites: [],
  groups: [],
  broadcasts: [],
  requests: [],
});
