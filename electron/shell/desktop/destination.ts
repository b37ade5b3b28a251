/** Where a link or a notice leads, as things are now: what is gone is told, and nothing is guessed. */
import { type AppPort, type NoticeView, parsePlace, placeText } from '../../contract/index.ts';
import { parseDeepLink } from './deep-link.ts';

/** A place to show, with a word about what could not be found. */
export interface Destination {
  /** Place in the window; null = only bring it forward. */
  readonly place: string | null;
  /** What the window says; null = nothing. */
  readonly words: string | null;
}

type Reader = Pick<AppPort, 'read'>;

/** Where a link leads. */
export function linkDestination(text: string, port: Reader): Destination {
  const link = parseDeepLink(text);
  if (link === null)
    return { place: null, words: 'That link is not one that Peerage understands.' };
  switch (link.kind) {
    case 'peer':
      return exists(port, link.peerId)
        ? { place: placeText({ kind: 'peer', peerId: link.peerId }), words: null }
        : { place: null, words: 'That link names a peer that is not here.' };
    case 'thread': {
      const thread = readThread(port, link.threadId);
      if (thread === null || !exists(port, thread.peerId)) {
        return { place: null, words: 'That link names a thread that is not here.' };
      }
      const place = placeText({
        kind: 'thread',
        peerId: thread.peerId,
        threadId: thread.id,
        messageId: null,
      });
      return { place, words: null };
    }
    case 'invite':
      return { place: placeText({ kind: 'invite', text: link.text }), words: null };
  }
}

/** Where a click on a notice leads. `writing`: the person wants to answer it. */
export function noticeDestination(notice: NoticeView, port: Reader, writing = false): Destination {
  const { peerId, threadId, messageId } = notice;
  if (notice.to !== undefined && parsePlace(notice.to) !== null) {
    return { place: notice.to, words: null };
  }
  if (peerId === null) return { place: placeText({ kind: 'notices' }), words: null };
  if (!exists(port, peerId)) {
    return { place: placeText({ kind: 'notices' }), words: 'That peer was removed.' };
  }
  if (threadId === null) return { place: placeText({ kind: 'peer', peerId }), words: null };
  if (readThread(port, threadId) === null) {
    return { place: placeText({ kind: 'peer', peerId }), words: 'That thread is gone.' };
  }
  const place = writing
    ? placeText({ kind: 'message', peerId, threadId })
    : placeText({ kind: 'thread', peerId, threadId, messageId });
  return { place, words: null };
}

function exists(port: Reader, id: string): boolean {
  const change = port.read({ type: 'peer', id });
  return change.type === 'peer' && change.value !== null;
}

function readThread(port: Reader, id: string) {
  // The peer of the key only tells which windows want to know.
  const change = port.read({ type: 'thread', id, peerId: '' });
  return change.type === 'thread' ? change.value : null;
}
