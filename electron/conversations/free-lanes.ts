/**
 * Lanes in which nothing is to be waited for: a message there begins its first attempt in the commit
 * that stores it, and leaves as soon as that is on the disk. It is never seen queued.
 */
import type { ThreadId } from '../contract/index.ts';
import type { Outbox } from './outbox.ts';
import { isSendable, type Parts, type Place, type Route, routeOf } from './parts.ts';
import type { OutgoingRow } from './rows.ts';
import type { Workers } from './workers.ts';

/** Lanes that one transaction took. They are held until one of the last two is called. */
export interface HeldLanes {
  /** @returns where the thread's next message goes, if its lane is free right now; null = it is queued */
  take(place: Place & { readonly waiting: number }): Route | null;
  /** The transaction is on the disk: each of these leaves, if its lane was taken. */
  send(rows: readonly OutgoingRow[], text: string): void;
  /** Nothing was stored. Harmless after `send`. */
  drop(): void;
}

/** What tells whether a lane is free, and what takes it. */
export interface FreeLanesOptions {
  readonly parts: Parts;
  readonly outbox: Pick<Outbox, 'deliver' | 'isResting'>;
  readonly workers: Pick<Workers, 'take'>;
  watch(place: Place): void;
  /** The thread's agent works on a message of ours. */
  running(threadId: ThreadId): boolean;
}

/** Makes a new hold, empty. */
export type FreeLanes = () => HeldLanes;

/** @returns a function that holds lanes for one transaction */
export function freeLanes({ parts, outbox, workers, watch, running }: FreeLanesOptions): FreeLanes {
  const find = (place: Place & { readonly waiting: number }): Route | null => {
    if (place.waiting > 0 || running(place.id) || outbox.isResting(place.id)) return null;
    const route = routeOf(parts, place);
    if (!route || !isSendable(route.link)) return null;
    // Another thread may live in a session that is not named after this one.
    return route.sessionKey.includes(place.id) ? route : null;
  };

  return () => {
    let stored: Map<ThreadId, OutgoingRow> | null = null;
    let body = '';
    let release: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      release = resolve;
    });
    const leave = async (threadId: ThreadId, route: Route): Promise<boolean> => {
      await settled;
      const row = stored?.get(threadId);
      return row?.state === 'sending' ? outbox.deliver(row, body, route) : true;
    };
    return {
      take: (place) => {
        const route = parts.stopping.aborted ? null : find(place);
        if (!route || !workers.take(place.id, () => leave(place.id, route))) return null;
        watch(place);
        return route;
      },
      send: (rows, text) => {
        stored = new Map(rows.map((row) => [row.thread_id, row]));
        body = text;
        release();
      },
      drop: () => release(),
    };
  };
}
