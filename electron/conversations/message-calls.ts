import { appError, codedError, type MessageId, ok, type Result } from '../contract/index.ts';
import { cut } from './excerpt.ts';
import type { HandlersOf } from './handlers.ts';
import { isRunning, type OutgoingEvent } from './outgoing.ts';
import type { Parts } from './parts.ts';
import type { OutgoingRow } from './rows.ts';
import type { Sending } from './sending.ts';
import type { Stops } from './stops.ts';
import type { OutgoingPatch } from './transaction.ts';

/** One piece of a body that the view cut, UTF-16 units. */
const BODY_PIECE = 256 * 1024;

/** What the calls about messages act on. */
export interface MessageCallOptions {
  readonly parts: Parts;
  readonly sending: Sending;
  readonly stops: Pick<Stops, 'ask'>;
}

const done = (): Result<Record<string, never>> => ok({});

/** Handlers of `message.*`, but for the dry run. */
export function messageCalls(
  options: MessageCallOptions,
): Omit<HandlersOf<'message'>, 'message.preview'> {
  const { parts } = options;
  const { ledger, messages, threads, clock } = parts;

  const outgoing = (id: MessageId): OutgoingRow => {
    const row = messages.outgoing(id);
    if (!row || !threads.byId(row.thread_id)) {
      throw codedError('message.not_found', 'No message of ours has this id.');
    }
    return row;
  };

  /** A person's choice about one message; refused where its state does not allow it. */
  const choose = async (
    id: MessageId,
    event: OutgoingEvent,
    patch: OutgoingPatch,
    word: string,
  ): Promise<Result<Record<string, never>>> => {
    await ledger.write((tx) => {
      const row = outgoing(id);
      if (row.state === 'unknown') messages.endAttempt(id, clock.now(), word, null);
      if (!tx.move(row, event, patch)) {
        throw codedError('message.wrong_state', `Its state is ${row.state}.`);
      }
    });
    return done();
  };

  return {
    'message.send': async (letter, { asked }) =>
      ok(await options.sending.queue({ ...letter, asked })),
    'message.retry': ({ messageId }) =>
      choose(messageId, 'retry', { error: null, queuedAt: clock.now(), delayed: false }, 'retry'),
    'message.cancel': ({ messageId }) => choose(messageId, 'cancel', { error: null }, 'cancel'),
    'message.settle': ({ messageId, choice }) =>
      choose(
        messageId,
        choice,
        choice === 'send_again'
          ? { error: null, queuedAt: clock.now(), delayed: false }
          : { error: null },
        choice,
      ),
    'message.stop': async ({ messageId }, { signal }) => {
      const row = outgoing(messageId);
      if (!isRunning(row)) {
        throw codedError('message.wrong_state', 'No run of it goes on.');
      }
      const { id, thread_id } = row;
      await options.stops.ask({ id, whole: 0, thread_id, message_id: id }, signal);
      return done();
    },
    'message.body': ({ messageId, offset }) => {
      const row = messages.byId(messageId);
      const text = row && threads.byId(row.thread_id) && messages.body.get(messageId)?.body;
      if (text === undefined) {
        return { ok: false, error: appError('message.not_found', 'No message has this id.') };
      }
      const piece = cut(text.slice(offset), BODY_PIECE);
      const next = offset + piece.length;
      return ok({ text: piece, nextOffset: piece !== '' && next < text.length ? next : null });
    },
  };
}
