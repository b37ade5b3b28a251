/**
 * Removing relays: out of the list at once, undone within ten seconds, gone for good after that. Until
 * then its secrets, the ways of the peers that are reached over it, and what it shared stay.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import { codedError, type RelayId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { Held } from './held.ts';
import type { RelayTable } from './table.ts';

/** How long a removal can be undone, ms. */
export const UNDO_MS = 10_000;

/** Where it could not be finished (a locked keychain, a full disk), it is tried again after this, ms. */
const RETRY_MS = 60_000;

/** What a removal needs to end for good. `purge` may reject; it is then tried again later. */
export interface RemovalsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly table: RelayTable;
  /** Its secrets, and what other rooms keep of it, go for good. Called again where it failed. */
  readonly purge: (relay: Held) => Promise<void>;
  readonly log: (line: string) => void;
}

/** The relays that are on their way out, from the click to the last of their secrets. */
export interface Removals {
  /** A relay whose removal can still be undone, or was not finished yet. */
  all(): readonly Held[];
  /** Takes up a removal that a former run left behind. */
  resume(relay: Held, removedAt: number): void;
  /** Stops the relay, and notes that it goes. */
  remove(relay: Held): Promise<void>;
  /** @throws CodedError relay.undo_expired */
  restore(id: RelayId): Promise<Held>;
  /** Does now what waits for the undo to run out: its address is wanted again. Rejects as purging does. */
  finish(url: string): Promise<void>;
  /** What is left is done after the next start. */
  stop(): Promise<void>;
}

interface Leaving {
  readonly relay: Held;
  cancel: Cancel;
  /** Its time is up: some of it may be gone already. */
  over: boolean;
  work: Promise<void> | null;
}

/** Builds the removals of one home. */
export function removals({ store, clock, table, purge, log }: RemovalsOptions): Removals {
  const leaving = new Map<RelayId, Leaving>();
  let stopped = false;

  const end = (id: RelayId): Promise<void> => {
    const one = leaving.get(id);
    if (!one) return Promise.resolve();
    one.cancel();
    one.over = true;
    one.work ??= (async () => {
      try {
        await purge(one.relay);
        await store.write(() => table.remove(id));
        leaving.delete(id);
      } finally {
        one.work = null;
      }
    })();
    return one.work;
  };

  const arm = (relay: Held, delayMs: number): void => {
    const { id } = relay.record;
    const cancel = clock.after(delayMs, () => {
      end(id).catch((error: unknown) => {
        log(`relay ${id}: its removal is not finished: ${String(error)}`);
        if (!stopped) arm(relay, RETRY_MS);
      });
    });
    const one = leaving.get(id);
    if (one) one.cancel = cancel;
    else leaving.set(id, { relay, cancel, over: false, work: null });
  };

  return {
    all: () => [...leaving.values()].map(({ relay }) => relay),
    resume: (relay, removedAt) => {
      arm(relay, Math.min(UNDO_MS, Math.max(0, removedAt + UNDO_MS - clock.now())));
    },
    remove: async (relay) => {
      await store.write(() => table.setRemoved(relay.record.id, clock.now()));
      arm(relay, UNDO_MS);
      await relay.hub.stop();
    },
    restore: async (id) => {
      const one = leaving.get(id);
      if (!one || one.over)
        throw codedError('relay.undo_expired', 'The relay and its secrets are gone.');
      one.cancel();
      leaving.delete(id);
      try {
        await store.write(() => table.setRemoved(id, null));
      } catch (error) {
        arm(one.relay, UNDO_MS);
        throw error;
      }
      return one.relay;
    },
    finish: async (url) => {
      for (const { relay } of [...leaving.values()]) {
        if (relay.record.url === url) await end(relay.record.id);
      }
    },
    stop: async () => {
      stopped = true;
      for (const { cancel } of leaving.values()) cancel();
      await Promise.allSettled([...leaving.values()].map(({ work }) => work));
    },
  };
}
