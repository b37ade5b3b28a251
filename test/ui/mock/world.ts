import {
  type AppView,
  type BroadcastRow,
  type BroadcastView,
  type Change,
  DEFAULT_SETTINGS,
  type DelegationView,
  FRESH_SETUP,
  type GatewayLive,
  type GroupView,
  type HookRun,
  type HookView,
  type InviteView,
  type KnowledgeItem,
  type LadderView,
  type MessageId,
  type MessageView,
  NO_RELAYS,
  type NoticeView,
  type OutgoingDelegationView,
  type PeerDetail,
  type PeerId,
  type PeerRow,
  QUIET_GATEWAY,
  RECEPTION_OFF,
  type RelaysView,
  type RequestView,
  type Settings,
  type TailnetView,
  type ThreadId,
  type ThreadView,
  UNCHECKED_TAILNET,
  type UnaskedView,
  type WarningView,
} from '../../../electron/contract/index.ts';

/** The state of a mock app: small maps, and everyone who wants to know what changes in them. */
export class World {
  app: AppView;
  /** How many hits a search gives at once. */
  hitsOfPage = 50;
  settings: Settings = { ...DEFAULT_SETTINGS };
  tailnet: TailnetView = UNCHECKED_TAILNET;
  gateway: GatewayLive = QUIET_GATEWAY;
  relays: RelaysView = NO_RELAYS;
  readonly peers = new Map<string, PeerRow>();
  readonly details = new Map<string, PeerDetail>();
  readonly ladders = new Map<string, LadderView>();
  readonly threads = new Map<string, ThreadView>();
  readonly messages = new Map<string, MessageView[]>();
  readonly warnings = new Map<string, WarningView>();
  readonly notices = new Map<string, NoticeView>();
  readonly delegations = new Map<string, DelegationView>();
  readonly outgoing = new Map<string, OutgoingDelegationView>();
  readonly unasked = new Map<string, UnaskedView>();
  readonly invites = new Map<string, InviteView>();
  readonly known: KnowledgeItem[] = [];
  hooks: HookView[] = [];
  readonly hookRuns: HookRun[] = [];
  readonly groups = new Map<string, GroupView>();
  readonly broadcasts = new Map<string, BroadcastView>();
  readonly broadcastRows = new Map<string, BroadcastRow>();
  /** What agents asked for and waits, and everything that they ever asked for. */
  readonly requests = new Map<string, RequestView>();
  readonly asked: RequestView[] = [];
  readonly now: number;
  #number = 100_000;
  #listener: (change: Change) => void = () => {};

  constructor(now: number) {
    this.now = now;
    this.app = {
      version: '0.1.0',
      shell: 'desktop',
      platform: 'linux',
      home: '/home/ada/.local/share/peerage',
      secrets: { status: 'available', error: null },
      ownGateway: { kind: 'not_found', lookedAt: ['/home/ada/.openclaw/openclaw.json'] },
      network: 'up',
      search: 'fts5',
      tray: 'all_well',
      unread: 0,
      peers: 0,
      setup: { ...FRESH_SETUP, open: false },
      waiting: { total: 0, first: [] },
      reception: RECEPTION_OFF,
      storeNotice: null,
      update: { kind: 'none' },
      provisioned: false,
    };
  }

  /** A number that no seed has used. */
  nextNumber(): number {
    return this.#number++;
  }

  /** The one session hears what changes. */
  listen(listener: (change: Change) => void): void {
    this.#listener = listener;
  }

  changeApp(changes: Partial<AppView>): void {
    this.app = { ...this.app, ...changes };
    this.#listener({ type: 'app', value: this.app });
  }

  changeSettings(changes: Partial<Settings>): void {
    this.settings = { ...this.settings, ...changes };
    this.#listener({ type: 'settings', value: this.settings });
  }

  changeTailnet(changes: Partial<TailnetView>): void {
    this.tailnet = { ...this.tailnet, ...changes };
    this.#listener({ type: 'tailnet', value: this.tailnet });
  }

  changeRelays(changes: Partial<RelaysView>): void {
    this.relays = { ...this.relays, ...changes };
    this.#listener({ type: 'relays', value: this.relays });
  }

  changeGateway(changes: Partial<GatewayLive>): void {
    this.gateway = { ...this.gateway, ...changes };
    this.#listener({ type: 'gateway', value: this.gateway });
  }

  putPeer(peer: PeerRow): void {
    this.peers.set(peer.id, peer);
    this.#listener({ type: 'peer', id: peer.id, value: peer });
  }

  changePeer(id: PeerId, changes: Partial<PeerRow>): void {
    const peer = this.peers.get(id);
    if (peer) this.putPeer({ ...peer, ...changes });
  }

  dropPeer(id: PeerId): void {
    this.peers.delete(id);
    this.#listener({ type: 'peer', id, value: null });
  }

  putDetail(detail: PeerDetail): void {
    this.details.set(detail.id, detail);
    this.#listener({ type: 'peerDetail', id: detail.id, value: detail });
  }

  putLadder(ladder: LadderView): void {
    this.ladders.set(ladder.linkId, ladder);
    this.#listener({ type: 'ladder', id: ladder.linkId, value: ladder });
  }

  putThread(thread: ThreadView): void {
    this.threads.set(thread.id, thread);
    this.#listener({ type: 'thread', id: thread.id, value: thread });
  }

  changeThread(id: ThreadId, changes: Partial<ThreadView>): void {
    const thread = this.threads.get(id);
    if (thread) this.putThread({ ...thread, ...changes });
  }

  dropThread(id: ThreadId): void {
    this.threads.delete(id);
    this.#listener({ type: 'thread', id, value: null });
  }

  messagesOf(threadId: ThreadId): MessageView[] {
    return this.messages.get(threadId) ?? [];
  }

  findMessage(id: MessageId): MessageView | undefined {
    for (const all of this.messages.values()) {
      const found = all.find((message) => message.id === id);
      if (found) return found;
    }
    return undefined;
  }

  putMessage(message: MessageView): void {
    const all = this.messagesOf(message.threadId);
    const at = all.findIndex((one) => one.id === message.id);
    this.messages.set(message.threadId, at < 0 ? [...all, message] : all.with(at, message));
    this.#listener({ type: 'message', id: message.id, value: message });
  }

  /** Streams text onto a message. */
  append(message: MessageView, text: string): MessageView {
    const grown = { ...message, body: message.body + text };
    const all = this.messagesOf(message.threadId);
    this.messages.set(
      message.threadId,
      all.map((one) => (one.id === message.id ? grown : one)),
    );
    this.#listener({
      type: 'append',
      id: message.id,
      threadId: message.threadId,
      offset: message.body.length,
      text,
    });
    return grown;
  }

  putWarning(warning: WarningView): void {
    this.warnings.set(warning.id, warning);
    this.#listener({ type: 'warning', id: warning.id, value: warning });
  }

  dropWarning(id: string): void {
    this.warnings.delete(id);
    this.#listener({ type: 'warning', id, value: null });
  }

  putDelegation(delegation: DelegationView): void {
    this.delegations.set(delegation.id, delegation);
    this.#listener({ type: 'delegation', id: delegation.id, value: delegation });
  }

  putOutgoing(delegation: OutgoingDelegationView): void {
    this.outgoing.set(delegation.id, delegation);
    this.#listener({ type: 'outgoing', id: delegation.id, value: delegation });
  }

  putUnasked(work: UnaskedView): void {
    this.unasked.set(work.id, work);
    this.#listener({ type: 'unasked', id: work.id, value: work });
  }

  putInvite(invite: InviteView): void {
    this.invites.set(invite.id, invite);
    this.#listener({ type: 'invite', id: invite.id, value: invite });
  }

  putGroup(id: string, group: GroupView | null): void {
    if (group) this.groups.set(id, group);
    else this.groups.delete(id);
    this.#listener({ type: 'group', id, value: group });
  }

  putBroadcast(broadcast: BroadcastView): void {
    this.broadcasts.set(broadcast.id, broadcast);
    this.#listener({ type: 'broadcast', id: broadcast.id, value: broadcast });
  }

  putBroadcastRow(row: BroadcastRow): void {
    this.broadcastRows.set(row.id, row);
    this.#listener({ type: 'broadcastRow', id: row.id, value: row });
  }

  putRequest(request: RequestView): void {
    const before = this.asked.findIndex(({ id }) => id === request.id);
    if (before >= 0) this.asked.splice(before, 1, request);
    else this.asked.unshift(request);
    const waits = request.state === 'waiting';
    if (waits) this.requests.set(request.id, request);
    else this.requests.delete(request.id);
    this.#listener({ type: 'request', id: request.id, value: waits ? request : null });
  }

  putNotice(notice: NoticeView): void {
    this.notices.set(notice.id, notice);
    this.#listener({ type: 'notice', id: notice.id, value: notice });
  }
}
