/**
 * Places in the window, as text: what a `go` remedy, a clicked notification and a deep link name.
 * Parsed strictly; what does not parse goes nowhere.
 */
import { LinkId, MessageId, PeerId, ThreadId } from './ids.ts';

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
  | { readonly kind: 'settings'; readonly section: string | null }
  | { readonly kind: 'connect' | 'own_gateway' | 'search' | 'notices' | 'welcome' };

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
    case 'settings':
      return place.section ? `settings/${place.section}` : 'settings';
    case 'own_gateway':
      return 'own-gateway';
    case 'connect':
    case 'search':
    case 'notices':
    case 'welcome':
      return place.kind;
  }
}

const simple = {
  connect: 'connect',
  'own-gateway': 'own_gateway',
  search: 'search',
  notices: 'notices',
  welcome: 'welcome',
} as const;

/** Reads a place, or null where the text names none. */
export function parsePlace(text: string): Place | null {
  const [head = '', ...rest] = text.split('/');
  if (head === 'settings' && rest.length <= 1) {
    return { kind: 'settings', section: rest[0] ?? null };
  }
  if (head === 'peer') return parsePeerPlace(rest);
  if (rest.length === 0 && Object.hasOwn(simple, head)) {
    return { kind: simple[head as keyof typeof simple] };
  }
  return null;
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
  if (part === 'thread') {
    const thread = ThreadId.safeParse(first);
    const message = MessageId.nullable().safeParse(second ?? null);
    if (!thread.success || !message.success) return null;
    return { kind: 'thread', peerId, threadId: thread.data, messageId: message.data };
  }
  return null;
}
