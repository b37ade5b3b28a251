/**
 * The only way in which messages and their threads' counters change: one transaction, and, once it is
 * on the disk, the word to windows and to the outbox.
 */
import type { ChangeSink, PeerId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { MessageTable } from './message-table.ts';
import type { ThreadAttention } from './options.ts';
import type { ThreadTable } from './thread-table.ts';
import type { Moved, Touched } from './touched.ts';
import { Transaction, type WholeMessage } from './transaction.ts';

/** `attention` is told what may deserve the person's eye, after the commit. */
export interface LedgerOptions {
  readonly store: Store;
  readonly messages: MessageTable;
  readonly threads: ThreadTable;
  readonly changed: ChangeSink;
  attention(item: ThreadAttention): void;
}

/** Listeners inside a transaction must not wait; what they throw undoes it. */
export interface Ledger {
  /** Runs `task` in the transaction of this turn; resolves, and tells, once it is on the disk. */
  write<T>(task: (tx: Transaction) => T): Promise<T>;
  /** Sees what a task did, inside its transaction. */
  onCommitting(listener: (touched: Touched) => void): void;
  /** Hears every move of an outgoing message, after its commit. */
  onMoved(listener: (moved: Moved) => void): void;
  /** Hears every message that came in whole, inside its transaction. */
  onIncoming(listener: (message: WholeMessage) => void): void;
  /** Hears that counters of a peer's threads changed, after the commit, or that a change of them was undone. */
  onPeer(listener: (peerId: PeerId) => void): void;
}

/** Makes the ledger over an open store. */
export function createLedger(options: LedgerOptions): Ledger {
  const { store, messages, threads, changed } = options;
  const committing: ((touched: Touched) => void)[] = [];
  const movedListeners: ((moved: Moved) => void)[] = [];
  const incomingListeners: ((message: WholeMessage) => void)[] = [];
  const peerListeners: ((peerId: PeerId) => void)[] = [];

  const placesOf = (touched: Touched) =>
    [...touched.threads].flatMap((id) => {
      const peerId = threads.peerOf(id);
      return peerId ? [{ id, peerId }] : [];
    });

  const tellPeer = (peerId: PeerId): void => {
    for (const listener of peerListeners) listener(peerId);
  };

  const tell = (touched: Touched): void => {
    for (const moved of touched.moved) for (const listener of movedListeners) listener(moved);
    const places = placesOf(touched);
    for (const { peerId } of places) tellPeer(peerId);
    for (const [id, threadId] of touched.messages) changed({ type: 'message', id, threadId });
    for (const { id, peerId } of places) {
      changed({ type: 'thread', id, peerId });
      changed({ type: 'peer', id: peerId });
    }
    for (const id of touched.delegations) changed({ type: 'outgoing', id });
    if (touched.unread) changed({ type: 'app' });
    for (const item of touched.attention) options.attention(item);
  };

  return {
    write: async (task) => {
      const touched: Touched = {
        messages: new Map(),
        threads: new Set(),
        moved: [],
        attention: [],
        delegations: new Set(),
        unread: false,
      };
      const tx = new Transaction(messages, threads, touched, (message) => {
        for (const listener of incomingListeners) listener(message);
      });
      try {
        const value = await store.write(() => {
          const done = task(tx);
          for (const listener of committing) listener(touched);
          return done;
        });
        tell(touched);
        return value;
      } catch (error) {
        // Who read the counters meanwhile saw what was undone.
        for (const { peerId } of placesOf(touched)) tellPeer(peerId);
        throw error;
      }
    },
    onCommitting: (listener) => committing.push(listener),
    onMoved: (listener) => movedListeners.push(listener),
    onIncoming: (listener) => incomingListeners.push(listener),
    onPeer: (listener) => peerListeners.push(listener),
  };
}
