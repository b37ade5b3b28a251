/**
 * Places in the window, as text: what a `go` remedy, a clicked notification and a deep link name.
 * Parsed strictly; what does not parse goes nowhere.
 */
import * as z from 'zod';
import {
  BroadcastId,
  DelegationId,
  LinkId,
  MessageId,
  PeerId,
  RelayId,
  RequestId,
  ThreadId,
} from './ids.ts';
import { SetupStep } from './views/setup-view.ts';

/** The longest link from outside, `peerage://invite/<text>`, UTF-16 units. Longer ones are not looked at. */
export const MAX_LINK_UNITS = 2_100;

/** The text of an invite as links and places carry it: base64url, and no more than this many characters. */
export const MAX_INVITE_UNITS = 2_000;
/** The text of an invite in a place; whether it can be used is found out by `invite.preview`. */
export const InviteText = z
  .string()
  .max(MAX_INVITE_UNITS)
  .regex(/^[A-Za-z0-9_-]+$/);

/** The longest name of a shared file, UTF-16 units. */
export const SHARED_FILE_KEY_UNITS = 400;

/** A place that the window can show. */
export type Place =
  | { readonly kind: 'peer'; readonly peerId: PeerId }
  | { readonly kind: 'peer_edit'; readonly peerId: PeerId }
  | { readonly kind: 'peer_health'; readonly peerId: PeerId }
  | { readonly kind: 'link'; readonly peerId: PeerId; readonly linkId: LinkId }
  | {
      readonly kind: 'thread';
      readonly peerId: PeerId;
      readonly threadId: ThreadId;
      readonly messageId: MessageId | null;
    }
  /** A message to a peer, with the field ready: in its newest thread where none is named. */
  | { readonly kind: 'message'; readonly peerId: PeerId; readonly threadId: ThreadId | null }
  /** An invite that came by a link: shown, and nothing done before the person agrees. */
  | { readonly kind: 'invite'; readonly text: string }
  /** The setup, where it was, or at one of its steps. */
  | { readonly kind: 'setup'; readonly step: SetupStep | null }
  /** What came in and waits, or one piece of it. */
  | { readonly kind: 'inbox'; readonly delegationId: DelegationId | null }
  /** What local agents asked for, or one request of theirs. */
  | { readonly kind: 'agents'; readonly requestId: RequestId | null }
  /** A broadcast that was sent, or a new one. */
  | { readonly kind: 'broadcast'; readonly broadcastId: BroadcastId | null }
  /** A file that is shared over a relay. */
  | { readonly kind: 'file'; readonly relayId: RelayId; readonly key: string }
  | { readonly kind: 'settings'; readonly section: string | null }
  | {
      readonly kind:
        | 'connect'
        | 'own_gateway'
        | 'import'
        | 'search'
        | 'notices'
        | 'welcome'
        | 'knowledge'
        | 'relays'
        | 'files'
        | 'tailnet'
        | 'relay_server';
    };

/** Writes a place: `peer/<id>`, `peer/<id>/edit`, `peer/<id>/thread/<id>/<message id>` and so on. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'peer':
      return `peer/${place.peerId}`;
    case 'peer_edit':
      return `peer/${place.peerId}/edit`;
    case 'peer_health':
      return `peer/${place.peerId}/health`;
    case 'link':
      return `peer/${place.peerId}/link/${place.linkId}`;
    case 'thread':
      return `peer/${place.peerId}/thread/${place.threadId}${place.messageId ? `/${place.messageId}` : ''}`;
    case 'message':
      return `peer/${place.peerId}/message${place.threadId ? `/${place.threadId}` : ''}`;
    case 'invite':
      return `invite/${place.text}`;
    case 'setup':
      return place.step ? `setup/${place.step}` : 'setup';
    case 'inbox':
      return place.delegationId ? `inbox/${place.delegationId}` : 'inbox';
    case 'agents':
      return place.requestId ? `agents/${place.requestId}` : 'agents';
    case 'broadcast':
      return place.broadcastId ? `broadcast/${place.broadcastId}` : 'broadcast';
    case 'settings':
      return place.section ? `settings/${place.section}` : 'settings';
    case 'file':
      // A key that cannot be written down leads to the list in which it stands.
      return place.key.isWellFormed()
        ? `files/${place.relayId}/${encodeURIComponent(place.key)}`
        : 'files';
    case 'own_gateway':
      return 'own-gateway';
    case 'relay_server':
      return 'relay-server';
    case 'connect':
    case 'import':
    case 'search':
    case 'notices':
    case 'knowledge':
    case 'relays':
    case 'files':
    case 'tailnet':
    case 'welcome':
      return place.kind;
  }
}

const simple = {
  connect: 'connect',
  import: 'import',
  'own-gateway': 'own_gateway',
  search: 'search',
  notices: 'notices',
  knowledge: 'knowledge',
  relays: 'relays',
  files: 'files',
  tailnet: 'tailnet',
  'relay-server': 'relay_server',
  welcome: 'welcome',
} as const;

/** Reads a place, or null where the text names none. */
export function parsePlace(text: string): Place | null {
  const [head = '', ...rest] = text.split('/');
  if (head === 'settings' && rest.length <= 1) {
    return { kind: 'settings', section: rest[0] ?? null };
  }
  if (head === 'peer') return parsePeerPlace(rest);
  if (head === 'setup' && rest.length <= 1) {
    const step = SetupStep.nullable().safeParse(rest[0] ?? null);
    return step.success ? { kind: 'setup', step: step.data } : null;
  }
  if (head === 'inbox' && rest.length <= 1) {
    const delegation = DelegationId.nullable().safeParse(rest[0] ?? null);
    return delegation.success ? { kind: 'inbox', delegationId: delegation.data } : null;
  }
  if (head === 'agents' && rest.length <= 1) {
    const request = RequestId.nullable().safeParse(rest[0] ?? null);
    return request.success ? { kind: 'agents', requestId: request.data } : null;
  }
  if (head === 'broadcast' && rest.length <= 1) {
    const broadcast = BroadcastId.nullable().safeParse(rest[0] ?? null);
    return broadcast.success ? { kind: 'broadcast', broadcastId: broadcast.data } : null;
  }
  if (head === 'files' && rest.length === 2) return parseFilePlace(rest);
  if (head === 'invite' && rest.length === 1) {
    const invite = InviteText.safeParse(rest[0]);
    return invite.success ? { kind: 'invite', text: invite.data } : null;
  }
  if (rest.length === 0 && Object.hasOwn(simple, head)) {
    return { kind: simple[head as keyof typeof simple] };
  }
  return null;
}

function parseFilePlace([id, written = '']: string[]): Place | null {
  const relay = RelayId.safeParse(id);
  const key = decoded(written);
  return relay.success && key !== null && key !== '' && key.length <= SHARED_FILE_KEY_UNITS
    ? { kind: 'file', relayId: relay.data, key }
    : null;
}

function decoded(written: string): string | null {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

function parsePeerPlace([id, part, first, second, ...more]: string[]): Place | null {
  const peer = PeerId.safeParse(id);
  if (!peer.success || more.length > 0) return null;
  const peerId = peer.data;
  if (part === undefined) return { kind: 'peer', peerId };
  if (part === 'edit' && first === undefined) return { kind: 'peer_edit', peerId };
  if (part === 'health' && first === undefined) return { kind: 'peer_health', peerId };
  if (part === 'link' && second === undefined) {
    const link = LinkId.safeParse(first);
    return link.success ? { kind: 'link', peerId, linkId: link.data } : null;
  }
  if (part === 'message' && second === undefined) {
    const thread = ThreadId.nullable().safeParse(first ?? null);
    return thread.success ? { kind: 'message', peerId, threadId: thread.data } : null;
  }
  if (part === 'thread') {
    const thread = ThreadId.safeParse(first);
    const message = MessageId.nullable().safeParse(second ?? null);
    if (!thread.success || !message.success) return null;
    return { kind: 'thread', peerId, threadId: thread.data, messageId: message.data };
  }
  return null;
}
