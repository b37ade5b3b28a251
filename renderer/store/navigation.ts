import type {
  AppError,
  Caller,
  MessageId,
  PeerId,
  Place,
  ThreadId,
  ThreadView,
} from '../../electron/contract/index.ts';
import { joinPage, type MessageWindow, windowOf } from './message-window.ts';
import type { MirrorStore } from './mirror.ts';
import { type DialogState, lastPeer, type PageState, type UiStore } from './ui-state.ts';

/** How many threads stay loaded after they were left, so that coming back is instant. */
const KEPT_WINDOWS = 5;

/** Dialogs in which nothing is typed that could be lost. */
const ONLY_SHOWN: ReadonlySet<DialogState['kind']> = new Set([
  'settings',
  'search',
  'notices',
  'keys',
]);

/** Opens and closes peers, threads and pages, here and in the app alike. */
export class Navigation {
  readonly #call: Caller;
  readonly #mirror: MirrorStore;
  readonly #ui: UiStore;
  readonly #failed: (error: AppError) => void;
  readonly #loading = new Set<string>();
  #started = false;

  constructor(call: Caller, mirror: MirrorStore, ui: UiStore, failed: (error: AppError) => void) {
    this.#call = call;
    this.#mirror = mirror;
    this.#ui = ui;
    this.#failed = failed;
  }

  /** Goes to a place. */
  async goTo(place: Place): Promise<void> {
    switch (place.kind) {
      case 'peer':
        return this.openPeer(place.peerId);
      case 'peer_edit':
        await this.openPeer(place.peerId);
        return this.show({ kind: 'edit_peer', peerId: place.peerId });
      case 'peer_health':
        await this.openPeer(place.peerId);
        return this.showDetails();
      case 'link':
        await this.openPeer(place.peerId);
        return this.show({ kind: 'edit_link', peerId: place.peerId, linkId: place.linkId });
      case 'thread':
        await this.openPeer(place.peerId, place.threadId);
        if (place.messageId) await this.openThread(place.threadId, place.messageId);
        return;
      case 'message':
        return this.#openToWrite(place.peerId, place.threadId ?? undefined);
      case 'settings':
        return this.show({ kind: 'settings', section: place.section ?? 'look' });
      case 'connect':
      case 'import':
      case 'search':
      case 'notices':
        return this.show({ kind: place.kind });
      case 'broadcast':
        return this.showPage({
          kind: 'broadcast',
          tab: place.broadcastId ? 'sent' : 'write',
          broadcastId: place.broadcastId,
        });
      case 'knowledge':
        return this.showPage({ kind: 'broadcast', tab: 'knowledge', broadcastId: null });
      case 'setup':
      case 'agents':
      case 'inbox':
      case 'invite':
        return this.showPage(place);
      case 'own_gateway':
      case 'tailnet':
      case 'relays':
      case 'relay_server':
        return this.showPage({ kind: place.kind });
      case 'files':
        return this.showPage({ kind: 'files', file: null });
      case 'file':
        return this.showPage({ kind: 'files', file: { relayId: place.relayId, key: place.key } });
      case 'welcome':
        return this.showPage({ kind: 'setup', step: 'welcome' });
    }
  }

  /** The field takes what is typed from the first moment, and the thread comes into it. */
  async #openToWrite(peerId: PeerId, threadId: ThreadId | undefined): Promise<void> {
    const opening = this.openPeer(peerId, threadId);
    this.#write();
    await opening;
  }

  /** Puts the person into the field of the open thread. A form that is half filled in stays. */
  #write(): void {
    const { dialog } = this.#ui.getState();
    const closes = dialog !== null && ONLY_SHOWN.has(dialog.kind);
    this.#ui.setState({ writing: true, palette: false, ...(closes ? { dialog: null } : {}) });
  }

  /** Opens a dialog. */
  show(dialog: DialogState): void {
    this.#ui.setState({ dialog, palette: false });
  }

  /** Shows a page in place of the panes. The setup comes back with the next start if left open. */
  showPage(page: PageState): void {
    const before = this.#ui.getState().page;
    this.#ui.setState({ page, dialog: null, palette: false });
    if (page.kind === 'setup' && before?.kind !== 'setup')
      void this.#call('setup.update', { changes: { open: true } });
  }

  /** Back to the panes. */
  leavePage(): void {
    const { page } = this.#ui.getState();
    this.#ui.setState({ page: null });
    if (page?.kind === 'setup') void this.#call('setup.update', { changes: { open: false } });
  }

  /** Shows the details: beside the thread where there is room, else over it. */
  showDetails(): void {
    this.#ui.setState({ detailsShown: true, drawerOpen: true, pane: 'details' });
  }

  /** Opens a peer, and its thread that was used last. */
  async openPeer(peerId: PeerId, threadId?: ThreadId): Promise<void> {
    const before = this.#ui.getState().peerId;
    const same = before === peerId;
    if (this.#ui.getState().page) this.leavePage();
    this.#ui.setState({
      peerId,
      pane: 'thread',
      ...(same && threadId === undefined ? {} : { threadId: threadId ?? this.#lastThread(peerId) }),
      ...(same ? {} : { hit: null, drawerOpen: false }),
    });
    if (before !== null && !same) void this.#call('peer.close', { peerId: before });
    if (!(await this.#loadPeer(peerId)) || this.#ui.getState().peerId !== peerId) return;
    const wanted = threadId ?? this.#ui.getState().threadId ?? this.#lastThread(peerId);
    if (wanted) await this.openThread(wanted);
  }

  /** Loads a peer without going to it: what changes in it is told from now on. */
  async watchPeer(peerId: PeerId): Promise<void> {
    await this.#loadPeer(peerId);
  }

  /** Loads a thread without going to it. */
  async watchThread(threadId: ThreadId): Promise<void> {
    await this.#loadThread(threadId, null);
  }

  /** Shows no peer. */
  leavePeer(): void {
    const { peerId } = this.#ui.getState();
    if (peerId) void this.#call('peer.close', { peerId });
    this.#ui.setState({ peerId: null, threadId: null, hit: null, pane: 'list' });
  }

  /** Opens a thread at its newest page, or around a message that was found. */
  async openThread(threadId: ThreadId, around: MessageId | null = null): Promise<void> {
    const before = this.#ui.getState().threadId;
    this.#ui.setState({ threadId, hit: around, pane: 'thread' });
    if (before && before !== threadId) void this.#call('thread.close', { threadId: before });
    await this.#loadThread(threadId, around);
    this.#forgetOldWindows();
  }

  /** A thread is gone: shows the peer's next one. */
  async leaveThread(threadId: ThreadId): Promise<void> {
    const { threadId: open, peerId } = this.#ui.getState();
    if (open !== threadId || !peerId) return;
    this.#mirror.setState((mirror) => {
      const threads = new Map(mirror.threads);
      threads.delete(threadId);
      return { threads };
    });
    const next = this.#lastThread(peerId);
    this.#ui.setState({ threadId: next, hit: null });
    if (next) await this.openThread(next);
  }

  /** Reads the newest page again, where pieces were missed or the newest are not loaded. */
  async reread(threadId: string): Promise<void> {
    const thread = this.#mirror.getState().threads.get(threadId);
    if (thread && this.#ui.getState().threadId === threadId)
      await this.#loadThread(thread.id, null);
  }

  /** After a new snapshot: the app no longer knows what this window had open. */
  async reopen(): Promise<void> {
    const { peerId, threadId } = this.#ui.getState();
    if (!peerId) return this.#openLast();
    if (!this.#mirror.getState().peers.has(peerId)) return this.leavePeer();
    if ((await this.#loadPeer(peerId)) && threadId) await this.#loadThread(threadId, null);
  }

  /** The first snapshot of a wide window: shows again what was shown last. */
  async #openLast(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const { app, peers } = this.#mirror.getState();
    if (app?.setup.open && (peers.size > 0 || app.setup.step !== 'welcome'))
      this.#ui.setState({ page: { kind: 'setup', step: null } });
    const last = this.#mirror.getState().peers.get(lastPeer() ?? '');
    if (last && window.innerWidth >= 720 && !this.#ui.getState().page) await this.openPeer(last.id);
  }

  /** Loads the page beside what is loaded. Asking again while it comes is harmless. */
  async loadMore(threadId: ThreadId, direction: 'older' | 'newer'): Promise<void> {
    const key = `${threadId}/${direction}`;
    const window = this.#mirror.getState().windows.get(threadId);
    const edge = direction === 'older' ? window?.messages[0] : window?.messages.at(-1);
    if (!edge || this.#loading.has(key)) return;
    this.#loading.add(key);
    const result = await this.#call('thread.page', { threadId, from: edge.order, direction });
    this.#loading.delete(key);
    if (!result.ok) return this.#failed(result.error);
    const now = this.#mirror.getState().windows.get(threadId);
    if (now) this.#putWindow(threadId, joinPage(now, result.value, direction));
  }

  async #loadPeer(peerId: PeerId): Promise<boolean> {
    const result = await this.#call('peer.open', { peerId });
    if (!result.ok) {
      this.#failed(result.error);
      return false;
    }
    const { detail, threads, ladders } = result.value;
    this.#mirror.setState((mirror) => {
      const known = new Map<string, ThreadView>(
        [...mirror.threads].filter(([, thread]) => thread.peerId !== peerId),
      );
      for (const thread of threads) known.set(thread.id, thread);
      return {
        details: new Map(mirror.details).set(peerId, detail),
        threads: known,
        ladders: new Map([
          ...mirror.ladders,
          ...ladders.map((ladder) => [ladder.linkId, ladder] as const),
        ]),
      };
    });
    return true;
  }

  async #loadThread(threadId: ThreadId, around: MessageId | null): Promise<void> {
    const result = await this.#call('thread.open', { threadId, around });
    if (!result.ok) return this.#failed(result.error);
    this.#mirror.setState((mirror) => ({
      threads: new Map(mirror.threads).set(threadId, result.value.thread),
    }));
    this.#putWindow(threadId, windowOf(result.value.page));
  }

  #putWindow(threadId: ThreadId, window: MessageWindow): void {
    this.#mirror.setState((mirror) => ({
      windows: new Map(mirror.windows).set(threadId, window),
    }));
  }

  #forgetOldWindows(): void {
    const { windows } = this.#mirror.getState();
    if (windows.size <= KEPT_WINDOWS) return;
    const current = this.#ui.getState().threadId;
    const [oldest] = [...windows.keys()].filter((id) => id !== current);
    const kept = new Map(windows);
    if (oldest) kept.delete(oldest);
    this.#mirror.setState({ windows: kept });
  }

  #lastThread(peerId: PeerId): ThreadId | null {
    const open = [...this.#mirror.getState().threads.values()].filter(
      (thread) => thread.peerId === peerId && !thread.archived,
    );
    return open.toSorted(byActivity)[0]?.id ?? null;
  }
}

/** The one with the newest message first; among those without any, the one that was made last. */
export const byActivity = (a: ThreadView, b: ThreadView): number =>
  (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0) || (a.id < b.id ? 1 : -1);
