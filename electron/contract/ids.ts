/**
 * Branded identifiers. Every id of ours is a UUIDv7 (RFC 9562), so ids sort by the time they were
 * made; the brand keeps a peer's id from being passed where a thread's is wanted.
 */
import * as z from 'zod';

const uuid = z.uuid();

export const PeerId = uuid.brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

export const LinkId = uuid.brand<'LinkId'>();
export type LinkId = z.infer<typeof LinkId>;

export const ThreadId = uuid.brand<'ThreadId'>();
export type ThreadId = z.infer<typeof ThreadId>;

export const MessageId = uuid.brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const AttachmentId = uuid.brand<'AttachmentId'>();
export type AttachmentId = z.infer<typeof AttachmentId>;

export const NoticeId = uuid.brand<'NoticeId'>();
export type NoticeId = z.infer<typeof NoticeId>;

/** Also the id of the A2A task that stands for it. */
export const DelegationId = uuid.brand<'DelegationId'>();
export type DelegationId = z.infer<typeof DelegationId>;

export const BroadcastId = uuid.brand<'BroadcastId'>();
export type BroadcastId = z.infer<typeof BroadcastId>;

export const GroupId = uuid.brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;

export const InviteId = uuid.brand<'InviteId'>();
export type InviteId = z.infer<typeof InviteId>;

export const RelayId = uuid.brand<'RelayId'>();
export type RelayId = z.infer<typeof RelayId>;

/** A warning is derived, so its id is readable: `<code>` or `<code>:<subject id>`. */
export const WarningId = z.string().min(1).max(200).brand<'WarningId'>();
export type WarningId = z.infer<typeof WarningId>;

/** A request of a local agent. */
export const RequestId = uuid.brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;
