/**
 * Branded identifiers. Every id of ours is a UUIDv7 (RFC 9562), so ids sort by the time they were
 * made; the brand keeps a peer's id from being passed where a thread's is wanted.
 */
import * as z from 'zod';

const uuid = z.uuid();

/** A peer, for as long as it is kept, whatever its links become. */
export const PeerId = uuid.brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

/** One way to a peer; its secrets in the keychain are named by it. */
export const LinkId = uuid.brand<'LinkId'>();
export type LinkId = z.infer<typeof LinkId>;

/** A thread with one peer's agent. */
export const ThreadId = uuid.brand<'ThreadId'>();
export type ThreadId = z.infer<typeof ThreadId>;

/** A message, ours or theirs; one of ours goes out under the key `peerage:<this>`. */
export const MessageId = uuid.brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

/** A file of a message, also the name under which it lies on the disk. */
export const AttachmentId = uuid.brand<'AttachmentId'>();
export type AttachmentId = z.infer<typeof AttachmentId>;

/** Something that the person was told, and that stands in the list of notices. */
export const NoticeId = uuid.brand<'NoticeId'>();
export type NoticeId = z.infer<typeof NoticeId>;

/** Also the id of the A2A task that stands for it. */
export const DelegationId = uuid.brand<'DelegationId'>();
export type DelegationId = z.infer<typeof DelegationId>;

/** A broadcast of ours, over all of its recipients. */
export const BroadcastId = uuid.brand<'BroadcastId'>();
export type BroadcastId = z.infer<typeof BroadcastId>;

/** A group of peers that the person made. */
export const GroupId = uuid.brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;

/** An invite, made here or redeemed here. */
export const InviteId = uuid.brand<'InviteId'>();
export type InviteId = z.infer<typeof InviteId>;

/** A relay that was added here; its token in the keychain is named by it. */
export const RelayId = uuid.brand<'RelayId'>();
export type RelayId = z.infer<typeof RelayId>;

/** A warning is derived, so its id is readable: `<code>` or `<code>:<subject id>`. */
export const WarningId = z.string().min(1).max(200).brand<'WarningId'>();
export type WarningId = z.infer<typeof WarningId>;

/** A request of a local agent. */
export const RequestId = uuid.brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;
