/** The app as shells see it: snapshot, values by key, and who wants to hear what. */
import type {
  AppPort,
  AppView,
  BroadcastId,
  BroadcastRow,
  BroadcastView,
  CallHandlers,
  Change,
  ChangeKey,
  DelegationId,
  DelegationView,
  GatewayLive,
  GroupId,
  GroupView,
  InviteId,
  InviteView,
  LadderView,
  LinkId,
  MessageId,
  MessageView,
  NoticeId,
  NoticeView,
  OutgoingDelegationView,
  PeerDetail,
  PeerId,
  PeerRow,
  RelaysView,
  RequestId,
  RequestView,
  Settings,
  TailnetView,
  ThreadId,
  ThreadView,
  UnaskedView,
  UpdateView,
  WarningId,
  WarningView,
  WindowEvent,
  WindowFocus,
} from '../contract/index.ts';
import { assertNever } from '../contract/index.ts';
import type { ChangeFeed } from './change-feed.ts';

/** Everything that can be shown, each value as it is now; null where it is gone. */
export interface Readers {
  app(): AppView;
  settings(): Settings;
  tailnet(): TailnetView;
  gateway(): GatewayLive;
  relays(): RelaysView;
  peers(): PeerRow[];
  peer(id: PeerId): PeerRow | null;
  detail(id: PeerId): PeerDetail | null;
  thread(id: ThreadId): ThreadView | null;
  message(id: MessageId): MessageView | null;
  ladder(id: LinkId): LadderView | null;
  warnings(): WarningView[];
  warning(id: WarningId): WarningView | null;
  notices(): NoticeView[];
  delegations(): DelegationView[];
  delegation(id: DelegationId): DelegationView | null;
  outgoing(): OutgoingDelegationView[];
  outgoingOne(id: DelegationId): OutgoingDelegationView | null;
  unasked(): UnaskedView[];
  unaskedOne(id: DelegationId): UnaskedView | null;
  invites(): InviteView[];
  invite(id: InviteId): InviteView | null;
  /** Grows with each broadcast that comes in. */
  knowledge(): number;
  groups(): GroupView[];
  group(id: GroupId): GroupView | null;
  broadcasts(): BroadcastView[];
  broadcast(id: BroadcastId): BroadcastView | null;
  broadcastRow(id: string): BroadcastRow | null;
  notice(id: NoticeId): NoticeView | null;
  requests(): RequestView[];
  request(id: RequestId): RequestView | null;
}

/** Listeners of one kind of event. */
export interface Announcer<T> {
  tell(value: T): void;
  listen(listener: (value: T) => void): () => void;
}

/** Makes an announcer without listeners. */
export function announcer<T>(): Announcer<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    tell: (value) => {
      for (const listener of [...listeners]) listener(value);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Ids in change keys are plain text: services wrote them, so they are what they say they are. */
function readChange(readers: Readers, key: ChangeKey): Change {
  switch (key.type) {
    case 'app':
      return { type: 'app', value: readers.app() };
    case 'settings':
      return { type: 'settings', value: readers.settings() };
    case 'gateway':
      return { type: 'gateway', value: readers.gateway() };
    case 'relays':
      return { type: 'relays', value: readers.relays() };
    case 'tailnet':
      return { type: 'tailnet', value: readers.tailnet() };
    case 'peer':
      return { type: 'peer', id: key.id, value: readers.peer(key.id as PeerId) };
    case 'warning':
      return { type: 'warning', id: key.id, value: readers.warning(key.id as WarningId) };
    case 'notice':
      return { type: 'notice', id: key.id, value: readers.notice(key.id as NoticeId) };
    case 'delegation':
      return { type: 'delegation', id: key.id, value: readers.delegation(key.id as DelegationId) };
    case 'outgoing':
      return { type: 'outgoing', id: key.id, value: readers.outgoingOne(key.id as DelegationId) };
    case 'unasked':
      return { type: 'unasked', id: key.id, value: readers.unaskedOne(key.id as DelegationId) };
    case 'invite':
      return { type: 'invite', id: key.id, value: readers.invite(key.id as InviteId) };
    case 'knowledge':
      return { type: 'knowledge', value: readers.knowledge() };
    case 'group':
      return { type: 'group', id: key.id, value: readers.group(key.id as GroupId) };
    case 'broadcast':
      return { type: 'broadcast', id: key.id, value: readers.broadcast(key.id as BroadcastId) };
    case 'broadcastRow':
      return { type: 'broadcastRow', id: key.id, value: readers.broadcastRow(key.id) };
    case 'request':
      return { type: 'request', id: key.id, value: readers.request(key.id as RequestId) };
    case 'peerDetail':
      return { type: 'peerDetail', id: key.id, value: readers.detail(key.id as PeerId) };
    case 'thread':
      return { type: 'thread', id: key.id, value: readers.thread(key.id as ThreadId) };
    case 'ladder':
      return { type: 'ladder', id: key.id, value: readers.ladder(key.id as LinkId) };
    case 'message':
      return { type: 'message', id: key.id, value: readers.message(key.id as MessageId) };
    default:
      return assertNever(key);
  }
}

/** What the port is made of. The functions are those of {@link AppPort}, passed on unchanged. */
export interface PortParts {
  readonly epoch: string;
  readonly handlers: CallHandlers;
  readonly readers: Readers;
  readonly feed: ChangeFeed;
  readonly windowEvents: Announcer<WindowEvent>;
  readonly attention: Announcer<NoticeView>;
  setUpdate(view: UpdateView): void;
  setFocus(focus: WindowFocus): void;
  setSeen(seen: boolean): void;
  windowClosed(connectionId: string): void;
  systemWoke(): void;
  networkChanged(): void;
  log(line: string): void;
  stop(): Promise<void>;
}

/** Puts the port together. */
export const createPort = (parts: PortParts): AppPort => ({
  epoch: parts.epoch,
  handlers: parts.handlers,
  snapshot: () => ({
    epoch: parts.epoch,
    app: parts.readers.app(),
    settings: parts.readers.settings(),
    tailnet: parts.readers.tailnet(),
    gateway: parts.readers.gateway(),
    relays: parts.readers.relays(),
    peers: parts.readers.peers(),
    warnings: parts.readers.warnings(),
    notices: parts.readers.notices(),
    delegations: parts.readers.delegations(),
    outgoing: parts.readers.outgoing(),
    unasked: parts.readers.unasked(),
    invites: parts.readers.invites(),
    groups: parts.readers.groups(),
    broadcasts: parts.readers.broadcasts(),
    requests: parts.readers.requests(),
  }),
  read: (key) => readChange(parts.readers, key),
  onChange: (listener) => parts.feed.onChange(listener),
  onWindowEvent: (listener) => parts.windowEvents.listen(listener),
  onAttention: (listener) => parts.attention.listen(listener),
  setUpdate: parts.setUpdate,
  setFocus: parts.setFocus,
  setSeen: parts.setSeen,
  windowClosed: parts.windowClosed,
  systemWoke: parts.systemWoke,
  networkChanged: parts.networkChanged,
  log: parts.log,
  stop: parts.stop,
});
