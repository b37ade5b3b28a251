import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  BroadcastId,
  DelegationId,
  FormKind,
  LinkId,
  MessageId,
  PeerId,
  RelayId,
  RequestId,
  SetupStep,
  ThreadId,
} from '../../electron/contract/index.ts';

/** The one dialog that is open, with what it is about. */
export type DialogState =
  /** With an address that was picked: filled in. */
  | { readonly kind: 'connect'; readonly url?: string }
  /** With a link of that gateway: another of its agents. */
  | { readonly kind: 'own_gateway'; readonly linkId?: LinkId }
  | { readonly kind: 'settings'; readonly section: string }
  | { readonly kind: 'import' }
  | { readonly kind: 'end_partnership'; readonly peerId: PeerId }
  /** With a mode that was picked: filled in. */
  | { readonly kind: 'policy'; readonly peerId: PeerId; readonly mode?: 'auto' }
  | { readonly kind: 'search' }
  | { readonly kind: 'notices' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'edit_peer'; readonly peerId: PeerId }
  | { readonly kind: 'remove_peer'; readonly peerId: PeerId }
  | { readonly kind: 'edit_link'; readonly peerId: PeerId; readonly linkId: LinkId | null }
  | { readonly kind: 'remove_link'; readonly peerId: PeerId; readonly linkId: LinkId }
  | { readonly kind: 'credential'; readonly peerId: PeerId; readonly linkId: LinkId }
  | { readonly kind: 'trust'; readonly peerId: PeerId; readonly linkId: LinkId }
  | { readonly kind: 'compare_device'; readonly peerId: PeerId; readonly linkId: LinkId }
  | { readonly kind: 'rename_thread'; readonly threadId: ThreadId }
  | { readonly kind: 'delete_thread'; readonly threadId: ThreadId }
  /** Something to be written as a form: to a peer, into a thread of it, or to whom is chosen there. */
  | {
      readonly kind: 'compose';
      readonly form: FormKind;
      readonly peerId?: PeerId;
      readonly threadId?: ThreadId;
    }
  | { readonly kind: 'add_relay' }
  | { readonly kind: 'edit_relay' | 'remove_relay'; readonly relayId: RelayId }
  | { readonly kind: 'compare_key'; readonly relayId: RelayId; readonly agentId: string }
  | { readonly kind: 'morning_status' }
  | { readonly kind: 'open_link'; readonly url: string };

/** What the page of broadcasts shows. */
export type BroadcastTab = 'write' | 'sent' | 'knowledge';

/** Where a shared file stands. */
export interface SharedFilePlace {
  readonly relayId: RelayId;
  readonly key: string;
}

/** A page that takes the place of the panes. */
export type PageState =
  | { readonly kind: 'setup'; readonly step: SetupStep | null }
  /** `given` = work that the person just gave to somebody: its list is shown, and its card marked. */
  | {
      readonly kind: 'inbox';
      readonly delegationId: DelegationId | null;
      readonly given?: DelegationId;
    }
  | {
      readonly kind: 'broadcast';
      readonly tab: BroadcastTab;
      readonly broadcastId: BroadcastId | null;
    }
  | { readonly kind: 'invite'; readonly text: string }
  | { readonly kind: 'agents'; readonly requestId: RequestId | null }
  /** What is shared over relays: the list, or one file of it. */
  | { readonly kind: 'files'; readonly file: SharedFilePlace | null }
  | { readonly kind: 'own_gateway' | 'tailnet' | 'relays' | 'relay_server' };

/** The panes of the main page: the list of peers, the open thread, the details of its peer. */
export type PaneName = 'list' | 'thread' | 'details';

/** What the person is looking at. Lives in this window only. */
export interface UiState {
  readonly peerId: PeerId | null;
  readonly threadId: ThreadId | null;
  /** The message to bring into view and mark, after a search. */
  readonly hit: MessageId | null;
  /** Which pane is on top where only one fits. */
  readonly pane: PaneName;
  readonly detailsShown: boolean;
  readonly drawerOpen: boolean;
  readonly sidebarWidth: number;
  readonly filter: string;
  readonly page: PageState | null;
  readonly dialog: DialogState | null;
  readonly palette: boolean;
  /** The field of the open thread is to take the focus, once it is there. */
  readonly writing: boolean;
}

/** The window's one state of view, to be read and subscribed to. */
export type UiStore = StoreApi<UiState>;

const WIDTH = 'peerage.sidebarWidth';
const DETAILS = 'peerage.details';
const PEER = 'peerage.peer';
/** The narrowest that the list of peers can be drawn, CSS pixels. */
export const SIDEBAR_MIN = 240;
/** The widest that the list of peers can be drawn, CSS pixels. */
export const SIDEBAR_MAX = 320;
const SIDEBAR_DEFAULT = 280;

/** Keeps a width within what the sidebar may have. */
export const sidebarWithin = (width: number): number =>
  Math.round(Math.min(SIDEBAR_MAX, Math.max(SIDEBAR_MIN, width)));

/** The peer that was open when the last window closed. */
export const lastPeer = (): string | null => localStorage.getItem(PEER);

/** The state of a window that was just opened, with what this machine remembers of the last one. */
export function createUi(): UiStore {
  const width = Number(localStorage.getItem(WIDTH) ?? SIDEBAR_DEFAULT);
  const ui = createStore<UiState>(() => ({
    peerId: null,
    threadId: null,
    hit: null,
    pane: 'list',
    detailsShown: localStorage.getItem(DETAILS) !== 'hidden',
    drawerOpen: false,
    sidebarWidth: Number.isFinite(width) ? sidebarWithin(width) : SIDEBAR_DEFAULT,
    filter: '',
    page: null,
    dialog: null,
    palette: false,
    writing: false,
  }));
  ui.subscribe((state, before) => {
    if (state.sidebarWidth !== before.sidebarWidth) {
      localStorage.setItem(WIDTH, String(state.sidebarWidth));
    }
    if (state.peerId !== before.peerId && state.peerId) localStorage.setItem(PEER, state.peerId);
    if (state.detailsShown !== before.detailsShown) {
      localStorage.setItem(DETAILS, state.detailsShown ? 'shown' : 'hidden');
    }
  });
  return ui;
}
