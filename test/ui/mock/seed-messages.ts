import type { z } from 'zod';
import type {
  IncomingMessageView,
  MessageView,
  OutgoingMessageView,
  PeerId,
  ThreadId,
  ThreadView,
} from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import type { World } from './world.ts';

type Outgoing = z.infer<typeof OutgoingMessageView>;
type Incoming = z.infer<typeof IncomingMessageView>;

const encoder = new TextEncoder();

/** A thread of a peer. */
export function seedThread(
  world: World,
  number: number,
  peerId: PeerId,
  title: string,
  more: Partial<ThreadView> = {},
): ThreadId {
  const id = ids.thread(number);
  const detail = world.details.get(peerId);
  world.putThread({
    id,
    peerId,
    linkId: detail?.links[0]?.id ?? null,
    title,
    agentId: null,
    unread: 0,
    muted: false,
    archived: false,
    running: false,
    waiting: 0,
    lastMessageAt: world.now - number * 60_000,
    preview: '',
    draft: { text: '', revision: 0 },
    ...more,
  });
  world.messages.set(id, []);
  return id;
}

const base = (world: World, threadId: ThreadId, body: string) => {
  const order = (world.messagesOf(threadId).at(-1)?.order ?? 0) + 1;
  return {
    id: ids.message(world.nextNumber()),
    threadId,
    order,
    kind: 'message' as const,
    body,
    bodyBytes: encoder.encode(body).length,
    truncated: false,
    error: null,
    attachments: [],
  };
};

/** Something that we wrote. */
export function weWrote(
  world: World,
  threadId: ThreadId,
  at: number,
  body: string,
  more: Partial<Outgoing> = {},
): Outgoing {
  const message: Outgoing = {
    ...base(world, threadId, body),
    at,
    direction: 'out',
    state: 'answered',
    attempts: 1,
    nextAttemptAt: null,
    delayed: false,
    running: false,
    ...more,
  };
  world.putMessage(message);
  return message;
}

/** Something that they wrote. */
export function theyWrote(
  world: World,
  threadId: ThreadId,
  at: number,
  author: string,
  body: string,
  more: Partial<Incoming> = {},
): Incoming {
  const message: Incoming = {
    ...base(world, threadId, body),
    at,
    direction: 'in',
    state: 'complete',
    author,
    replyTo: null,
    senderAt: at - 400,
    ...more,
  };
  world.putMessage(message);
  return message;
}

/** A long thread: so many messages of different heights. */
export function seedLongThread(world: World, threadId: ThreadId, count: number): void {
  const start = world.now - count * 120_000;
  const all: MessageView[] = [];
  for (let number = 1; number <= count; number++) {
    const text = `Message ${number}. ${'Some words about the build. '.repeat(number % 5)}`;
    const at = start + number * 120_000;
    const common = {
      ...base(world, threadId, text),
      order: number,
      at,
    };
    all.push(
      number % 2 === 1
        ? {
            ...common,
            direction: 'out',
            state: 'answered',
            attempts: 1,
            nextAttemptAt: null,
            delayed: false,
            running: false,
          }
        : {
            ...common,
            direction: 'in',
            state: 'complete',
            author: 'Scout',
            replyTo: null,
            senderAt: at,
          },
    );
  }
  world.messages.set(threadId, all);
}
