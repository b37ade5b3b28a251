import {
  appError,
  fail,
  type MessageView,
  ok,
  type SearchHit,
  type ThreadId,
  type ThreadView,
} from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import { seedThread, theyWrote, weWrote } from './seed-messages.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

const PAGE = 100;

/** What every attachment holds: a picture of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** How an answer is played: its pieces, and what comes between them. */
export interface Script {
  readonly pieces: readonly string[];
  readonly pause: () => Promise<void>;
}

/** Calls about threads and messages, on a world. `script` answers what is sent; null = nobody does. */
export function threadHandlers(world: World, script: Script | null): MockHandlers {
  const deleted = new Map<string, ThreadView>();
  return {
    'thread.create': ({ peerId, linkId, title }) => {
      const threadId = seedThread(world, world.nextNumber(), peerId, title, {
        lastMessageAt: null,
        linkId,
      });
      return ok({ threadId });
    },
    'thread.rename': ({ threadId, title }) => {
      world.changeThread(threadId, { title });
      return ok({});
    },
    'thread.mute': ({ threadId, muted }) => {
      world.changeThread(threadId, { muted });
      return ok({});
    },
    'thread.archive': ({ threadId, archived }) => {
      world.changeThread(threadId, { archived });
      return ok({});
    },
    'thread.delete': ({ threadId }) => {
      const thread = world.threads.get(threadId);
      if (thread) deleted.set(threadId, thread);
      world.dropThread(threadId);
      return ok({ undoMs: 8_000 });
    },
    'thread.restore': ({ threadId }) => {
      const thread = deleted.get(threadId);
      if (!thread) return fail(appError('thread.undo_expired', threadId));
      world.putThread(thread);
      return ok({});
    },
    'thread.markRead': ({ threadId }) => {
      world.changeThread(threadId, { unread: 0 });
      const thread = world.threads.get(threadId);
      if (thread) world.changePeer(thread.peerId, { unread: 0 });
      return ok({});
    },
    'thread.saveDraft': ({ threadId, text, revision }) => {
      const thread = world.threads.get(threadId);
      if (!thread) return fail(appError('thread.not_found', threadId));
      const conflict = revision !== thread.draft.revision && thread.draft.text !== '';
      const draft = {
        text: conflict ? `${thread.draft.text}\n\n${text}` : text,
        revision: thread.draft.revision + 1,
      };
      world.changeThread(threadId, { draft });
      return ok({ draft, conflict });
    },
    'thread.open': ({ threadId, around }) => {
      const thread = world.threads.get(threadId);
      if (!thread) return fail(appError('thread.not_found', threadId));
      const all = world.messagesOf(threadId);
      const at = around === null ? -1 : all.findIndex((message) => message.id === around);
      const from = Math.max(0, at < 0 ? all.length - PAGE : at - PAGE / 2);
      return ok({ thread, page: pageOf(all, from) });
    },
    'thread.close': () => ok({}),
    'thread.page': ({ threadId, from, direction }) => {
      const all = world.messagesOf(threadId);
      const at = all.findIndex((message) => message.order === from);
      return ok(
        direction === 'older'
          ? pageOf(all, Math.max(0, at - PAGE), at)
          : pageOf(all, at + 1, at + 1 + PAGE),
      );
    },
    'message.send': ({ threadId, text, attachmentIds, anyway }) => {
      if (text.includes('ghp_') && !anyway) {
        return fail(appError('message.looks_secret', 'GitHub token on line 1.'));
      }
      const bytes = new TextEncoder().encode(text).length;
      if (bytes > world.settings.hardLimitBytes) {
        return fail(appError('message.too_large', `${bytes} bytes.`));
      }
      const message = weWrote(world, threadId, world.now, text, {
        state: 'queued',
        attachments: attachmentIds.map((id) => ({
          id,
          name: 'file',
          mimeType: 'text/plain',
          bytes: 10,
        })),
      });
      if (script) void answer(world, threadId, message, script);
      const warning = bytes > world.settings.softLimitBytes ? 'over_soft_limit' : 'none';
      return ok({ messageId: message.id, warning });
    },
    'message.retry': ({ messageId }) => changeState(world, messageId, 'queued'),
    'message.cancel': ({ messageId }) => changeState(world, messageId, 'cancelled'),
    'message.stop': ({ messageId }) => changeState(world, messageId, 'answered'),
    'message.settle': ({ messageId, choice }) =>
      changeState(world, messageId, choice === 'send_again' ? 'queued' : 'sent'),
    'message.body': () => ok({ text: ' And this is the rest.', nextOffset: null }),
    'search.messages': ({ text, cursor }) => {
      const from = Number(cursor ?? 0);
      const to = from + world.hitsOfPage;
      const all = search(world, text);
      return ok({ hits: all.slice(from, to), nextCursor: to < all.length ? String(to) : null });
    },
    'attachment.begin': () => ok({ attachmentId: ids.attachment(world.nextNumber()) }),
    'attachment.append': ({ offset, data }) =>
      ok({ received: offset + Buffer.from(data, 'base64').length }),
    'attachment.discard': () => ok({}),
    'attachment.read': () => ok({ data: PIXEL, nextOffset: null }),
  };
}

function pageOf(all: readonly MessageView[], from: number, to = from + PAGE) {
  const messages = all.slice(from, to);
  return { messages, hasOlder: from > 0, hasNewer: from + messages.length < all.length };
}

function changeState(
  world: World,
  messageId: MessageView['id'],
  state: 'queued' | 'cancelled' | 'answered' | 'sent',
) {
  const message = world.findMessage(messageId);
  if (message?.direction !== 'out') return fail(appError('message.not_found', messageId));
  world.putMessage({ ...message, state, error: null, running: false });
  return ok({});
}

async function answer(
  world: World,
  threadId: ThreadId,
  message: Extract<MessageView, { direction: 'out' }>,
  script: Script,
): Promise<void> {
  for (const state of ['sending', 'sent', 'delivered'] as const) {
    await script.pause();
    world.putMessage({ ...message, state, running: state === 'delivered' });
  }
  let reply = theyWrote(world, threadId, world.now, 'Practice agent', '', {
    state: 'streaming',
    replyTo: message.id,
  });
  for (const piece of script.pieces) {
    await script.pause();
    reply = { ...reply, ...world.append(reply, piece) } as typeof reply;
  }
  await script.pause();
  world.putMessage({ ...reply, state: 'complete' });
  world.putMessage({ ...message, state: 'answered', running: false });
}

function search(world: World, text: string): SearchHit[] {
  const wanted = text.toLowerCase();
  const hits: SearchHit[] = [];
  for (const thread of world.threads.values()) {
    const peer = world.peers.get(thread.peerId);
    for (const message of world.messagesOf(thread.id)) {
      const at = message.body.toLowerCase().indexOf(wanted);
      if (at < 0 || !peer || hits.length >= 50) continue;
      const from = Math.max(0, at - 40);
      hits.push({
        messageId: message.id,
        threadId: thread.id,
        peerId: thread.peerId,
        peerName: peer.name,
        threadTitle: thread.title,
        at: message.at,
        direction: message.direction,
        snippet: [
          { text: message.body.slice(from, at), hit: false },
          { text: message.body.slice(at, at + wanted.length), hit: true },
          { text: message.body.slice(at + wanted.length, at + 120), hit: false },
        ],
      });
    }
  }
  return hits;
}
