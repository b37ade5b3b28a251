import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AppView,
  type BroadcastRow,
  type BroadcastView,
  DEFAULT_SETTINGS,
  type DelegationView,
  type GatewayLive,
  type GroupView,
  type InviteView,
  type LadderView,
  NO_RELAYS,
  type NoticeView,
  type OutgoingDelegationView,
  type PeerDetail,
  type PeerRow,
  QUIET_GATEWAY,
  type RelaysView,
  type RequestView,
  type Settings,
  type Snapshot,
  type TailnetView,
  type ThreadView,
  UNCHECKED_TAILNET,
  type UnaskedView,
  type WarningView,
} from '../../electron/contract/index.ts';
import type { ConnectionStatus } from '../connection/connection.ts';
import type { MessageWindow } from './message-window.ts';

/** What the window holds of the app's truth, by id. Never the truth itself. */
export interface Mirror {
  readonly connection: ConnectionStatus;
  /** Null until the first snapshot. */
  readonly app: AppView | null;
  readonly settings: Settings;
  readonly tailnet: TailnetView;
  readonly gateway: GatewayLive;
  readonly relays: RelaysView;
  readonly peers: ReadonlyMap<string, PeerRow>;
  readonly warnings: ReadonlyMap<string, WarningView>;
  readonly notices: ReadonlyMap<string, NoticeView>;
  /** Incoming work that is open, and what of the rest was read or changed since. */
  readonly delegations: ReadonlyMap<string, DelegationView>;
  /** The same of what we gave to others. */
  readonly outgoing: ReadonlyMap<string, OutgoingDelegationView>;
  /** And of what runs here unasked. */
  readonly unasked: ReadonlyMap<string, UnaskedView>;
  readonly invites: ReadonlyMap<string, InviteView>;
  /** Another number than before: what is known by broadcasts grew. */
  readonly knowledge: number;
  readonly groups: ReadonlyMap<string, GroupView>;
  /** The newest ones, and what of the rest was read or changed since. */
  readonly broadcasts: ReadonlyMap<string, BroadcastView>;
  /** The rows of the broadcast that is open. */
  readonly broadcastRows: ReadonlyMap<string, BroadcastRow>;
  /** What local agents asked for, while the person has not decided. */
  readonly requests: ReadonlyMap<string, RequestView>;
  readonly details: ReadonlyMap<string, PeerDetail>;
  readonly threads: ReadonlyMap<string, ThreadView>;
  readonly ladders: ReadonlyMap<string, LadderView>;
  /** The loaded part of each thread that is, or was just, open. */
  readonly windows: ReadonlyMap<string, MessageWindow>;
}

/** The window's one mirror, to be read and subscribed to. */
export type MirrorStore = StoreApi<Mirror>;

/** An empty mirror, before the first snapshot. */
export const createMirror = (): MirrorStore =>
  createStore<Mirror>(() => ({
    connection: { kind: 'connecting' },
    app: null,
    settings: DEFAULT_SETTINGS,
    tailnet: UNCHECKED_TAILNET,
    gateway: QUIET_GATEWAY,
    relays: NO_RELAYS,
    peers: new Map(),
    warnings: new Map(),
    notices: new Map(),
    delegations: new Map(),
    outgoing: new Map(),
    unasked: new Map(),
    invites: new Map(),
    knowledge: 0,
    groups: new Map(),
    broadcasts: new Map(),
    broadcastRows: new Map(),
    requests: new Map(),
    details: new Map(),
    threads: new Map(),
    ladders: new Map(),
    windows: new Map(),
  }));

/** What a snapshot sets. Pages that are open stay on the screen until they are read again. */
export const fromSnapshot = (snapshot: Snapshot): Partial<Mirror> => ({
  app: snapshot.app,
  settings: snapshot.settings,
  tailnet: snapshot.tailnet,
  gateway: snapshot.gateway,
  relays: snapshot.relays,
  peers: byId(snapshot.peers),
  warnings: byId(snapshot.warnings),
  notices: byId(snapshot.notices),
  delegations: byId(snapshot.delegations),
  outgoing: byId(snapshot.outgoing),
  unasked: byId(snapshot.unasked),
  invites: byId(snapshot.invites),
  groups: byId(snapshot.groups),
  broadcasts: byId(snapshot.broadcasts),
  requests: byId(snapshot.requests),
});

/** A map by id, in the given order. */
export const byId = <T extends { readonly id: string }>(
  all: readonly T[],
): ReadonlyMap<string, T> => new Map(all.map((one) => [one.id, one]));
