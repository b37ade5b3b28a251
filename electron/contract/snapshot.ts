/**
 * How truth reaches a window: one snapshot, then numbered batches of changes. A change carries the
 * whole entity (so applying it twice is harmless), except `append`, which streams text.
 */
import * as z from 'zod';
import {
  AppView,
  BroadcastRow,
  BroadcastView,
  DelegationView,
  GatewayLive,
  GroupView,
  InviteView,
  LadderView,
  MessageView,
  NoticeView,
  OutgoingDelegationView,
  PeerDetail,
  PeerRow,
  RelaysView,
  RequestView,
  Settings,
  TailnetView,
  ThreadView,
  UnaskedView,
  WarningView,
} from './views/index.ts';

/** What every window holds from the start: no thread, no message, no peer detail. */
export const Snapshot = z.object({
  /** New with each start of the app: numbers of another epoch mean nothing. */
  epoch: z.string(),
  revision: z.number().int(),
  app: AppView,
  settings: Settings,
  tailnet: TailnetView,
  /** The own gateway, as far as it changes by itself. */
  gateway: GatewayLive,
  relays: RelaysView,
  peers: z.array(PeerRow),
  warnings: z.array(WarningView),
  notices: z.array(NoticeView),
  /** What is open, newest first, at most 200; more, and what is over, by `delegation.list`. */
  delegations: z.array(DelegationView),
  /** What we gave to others and is open, newest first, at most 200; more by `outgoing.list`. */
  outgoing: z.array(OutgoingDelegationView),
  /** What runs here although nobody was asked, newest first, at most 200. */
  unasked: z.array(UnaskedView),
  /** What is open, and what ended within the last day. */
  invites: z.array(InviteView),
  groups: z.array(GroupView),
  /** The newest 20; more by `broadcast.list`. */
  broadcasts: z.array(BroadcastView),
  /** What local agents asked for and the person has not decided. */
  requests: z.array(RequestView),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** The new value of one entity; null = it is gone. What is closed in a window is not told to it. */
export const Change = z.discriminatedUnion('type', [
  z.object({ type: z.literal('app'), value: AppView }),
  z.object({ type: z.literal('settings'), value: Settings }),
  z.object({ type: z.literal('tailnet'), value: TailnetView }),
  z.object({ type: z.literal('gateway'), value: GatewayLive }),
  z.object({ type: z.literal('relays'), value: RelaysView }),
  z.object({ type: z.literal('peer'), id: z.string(), value: PeerRow.nullable() }),
  z.object({ type: z.literal('warning'), id: z.string(), value: WarningView.nullable() }),
  z.object({ type: z.literal('notice'), id: z.string(), value: NoticeView.nullable() }),
  z.object({ type: z.literal('delegation'), id: z.string(), value: DelegationView.nullable() }),
  z.object({
    type: z.literal('outgoing'),
    id: z.string(),
    value: OutgoingDelegationView.nullable(),
  }),
  z.object({ type: z.literal('unasked'), id: z.string(), value: UnaskedView.nullable() }),
  z.object({ type: z.literal('invite'), id: z.string(), value: InviteView.nullable() }),
  z.object({ type: z.literal('group'), id: z.string(), value: GroupView.nullable() }),
  z.object({ type: z.literal('broadcast'), id: z.string(), value: BroadcastView.nullable() }),
  /** A broadcast came in that was not known: what is on show may be asked for again. */
  z.object({ type: z.literal('knowledge'), value: z.number().int() }),
  /** Only for broadcasts that this window has open. */
  z.object({ type: z.literal('broadcastRow'), id: z.string(), value: BroadcastRow.nullable() }),
  z.object({ type: z.literal('request'), id: z.string(), value: RequestView.nullable() }),
  /** Only for peers that this window has open. */
  z.object({ type: z.literal('peerDetail'), id: z.string(), value: PeerDetail.nullable() }),
  z.object({ type: z.literal('thread'), id: z.string(), value: ThreadView.nullable() }),
  z.object({ type: z.literal('ladder'), id: z.string(), value: LadderView.nullable() }),
  /** Only for threads that this window has open. */
  z.object({ type: z.literal('message'), id: z.string(), value: MessageView.nullable() }),
  /** Text added to a streaming message: applies only where the body's length is `offset`. */
  z.object({
    type: z.literal('append'),
    id: z.string(),
    threadId: z.string(),
    offset: z.number().int(),
    text: z.string(),
  }),
]);
export type Change = z.infer<typeof Change>;

/** One batch. It applies to a window that stands at `base`; otherwise it asks for a snapshot. */
export const Batch = z.object({
  epoch: z.string(),
  base: z.number().int(),
  revision: z.number().int(),
  changes: z.array(Change),
});
export type Batch = z.infer<typeof Batch>;

/** Something that the app tells a window to do or say, once, apart from the state. */
export const WindowEvent = z.discriminatedUnion('type', [
  /** A notification was clicked, or a deep link was confirmed: go there. */
  z.object({ type: z.literal('go'), to: z.string() }),
  z.object({ type: z.literal('toast'), text: z.string() }),
  /** The app is stopping; the window keeps what it shows. */
  z.object({ type: z.literal('stopping') }),
]);
export type WindowEvent = z.infer<typeof WindowEvent>;
