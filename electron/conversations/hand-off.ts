/** Messages that wait, for what may carry them in a link's place: taken out of the outbox, and given back. */
import type { AppError, MessageId, PeerId, ThreadId } from '../contract/index.ts';
import { isSendable, namesOf, type Parts, routeOf } from './parts.ts';
import type { ThreadRow } from './rows.ts';

/** For fallback hooks. `also` is theirs to write in the same transaction; it must not wait. */
export interface HandOff {
  /** Every queued message, without its text; `late` = it waits for ten minutes or more. */
  queued(): readonly {
    readonly id: MessageId;
    readonly peerId: PeerId;
    readonly late: boolean;
    readonly reachable: boolean;
  }[];
  waiting(id: MessageId): {
    readonly id: MessageId;
    readonly peerId: PeerId;
    readonly peerName: string;
    readonly text: string;
    readonly files: number;
    readonly late: boolean;
    readonly reachable: boolean;
  } | null;
  /** @returns false where it is no longer queued; then `also` did not run. */
  hand(id: MessageId, also: () => void): Promise<boolean>;
  giveBack(id: MessageId, error: AppError, also: () => void): Promise<void>;
  keep(id: MessageId, error: AppError | null, also: () => void): Promise<void>;
}

/** Reads rows anew at each step: what was sent, cancelled or deleted meanwhile is left alone. */
export function createHandOff(parts: Parts): HandOff {
  const { ledger, messages, clock } = parts;
  const isReachable = (thread: ThreadRow): boolean => {
    const route = routeOf(parts, thread);
    return route !== null && isSendable(route.link);
  };
  return {
    queued: () => {
      const places = new Map<ThreadId, { peerId: PeerId; reachable: boolean } | null>();
      return messages.queued.all().flatMap(({ id, thread_id: threadId, delayed }) => {
        let place = places.get(threadId);
        if (place === undefined) {
          const thread = parts.threads.byId(threadId);
          place = thread ? { peerId: thread.peer_id, reachable: isReachable(thread) } : null;
          places.set(threadId, place);
        }
        return place ? [{ id, late: delayed === 1, ...place }] : [];
      });
    },
    waiting: (id) => {
      const row = messages.outgoing(id);
      const names = row?.state === 'queued' ? namesOf(parts, row.thread_id) : null;
      if (!row || !names) return null;
      return {
        id,
        peerId: names.thread.peer_id,
        peerName: names.peer,
        text: messages.body.get(id)?.body ?? '',
        files: row.attachments,
        late: row.delayed === 1,
        reachable: isReachable(names.thread),
      };
    },
    hand: (id, also) =>
      ledger.write((tx) => {
        const row = messages.outgoing(id);
        if (!row || !tx.move(row, 'handed', { error: null })) return false;
        also();
        return true;
      }),
    giveBack: (id, error, also) =>
      ledger.write((tx) => {
        also();
        const row = messages.outgoing(id);
        if (row) tx.move(row, 'given_back', { error, queuedAt: clock.now() });
      }),
    keep: (id, error, also) =>
      ledger.write((tx) => {
        also();
        const row = messages.outgoing(id);
        if (row?.state === 'handed') tx.amend(row, { error });
      }),
  };
}
