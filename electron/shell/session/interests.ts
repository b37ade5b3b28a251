/** What one window has open, and therefore wants to hear of. */
import type { CallName, ChangeKey } from '../../contract/index.ts';

/** A call that opens, closes or reads something; settled when its answer leaves. */
export interface InterestStep {
  settle(succeeded: boolean): void;
}

/**
 * Peers, threads and broadcasts that a window has open. Between an opening call and its answer nothing about that
 * subject leaves: the answer might be older than a change, and would undo it in the window.
 */
export class Interests {
  readonly #peers = new Set<string>();
  readonly #threads = new Set<string>();
  readonly #broadcasts = new Set<string>();
  /** Subjects with a call under way, and how many. */
  readonly #held = new Map<string, number>();

  /** Call before the handler runs. Gives null for a call that has nothing to do with interest. */
  begin(name: string, input: unknown): InterestStep | null {
    switch (name as CallName) {
      case 'peer.open':
        return this.#opening(this.#peers, textField(input, 'peerId'));
      case 'thread.open':
        return this.#opening(this.#threads, textField(input, 'threadId'));
      case 'broadcast.open':
        return this.#opening(this.#broadcasts, textField(input, 'broadcastId'));
      case 'broadcast.close':
        return this.#closing(this.#broadcasts, textField(input, 'broadcastId'));
      case 'thread.page':
        return this.#reading(textField(input, 'threadId'));
      case 'peer.close':
        return this.#closing(this.#peers, textField(input, 'peerId'));
      case 'thread.close':
        return this.#closing(this.#threads, textField(input, 'threadId'));
      default:
        return null;
    }
  }

  hasThread(threadId: string): boolean {
    return this.#threads.has(threadId);
  }

  /** Does this window want to know? */
  wants(key: ChangeKey): boolean {
    switch (key.type) {
      case 'app':
      case 'settings':
      case 'tailnet':
      case 'gateway':
      case 'knowledge':
      case 'relays':
      case 'peer':
      case 'warning':
      case 'notice':
      case 'delegation':
      case 'outgoing':
      case 'unasked':
      case 'invite':
      case 'group':
      case 'broadcast':
      case 'request':
        return true;
      case 'peerDetail':
      case 'ladder':
        return this.#peers.has(key.peerId);
      case 'thread':
        return this.#peers.has(key.peerId) || this.#threads.has(key.id);
      case 'broadcastRow':
        return this.#broadcasts.has(key.broadcastId);
      case 'message':
        return this.#threads.has(key.threadId);
    }
  }

  /** Must it wait for an answer that is under way? */
  holds(key: ChangeKey): boolean {
    if (this.#held.size === 0) return false;
    switch (key.type) {
      case 'app':
      case 'settings':
      case 'tailnet':
      case 'gateway':
      case 'knowledge':
      case 'relays':
      case 'peer':
      case 'warning':
      case 'notice':
      case 'delegation':
      case 'outgoing':
      case 'unasked':
      case 'invite':
      case 'group':
      case 'broadcast':
      case 'request':
        return false;
      case 'peerDetail':
      case 'ladder':
        return this.#held.has(key.peerId);
      case 'thread':
        return this.#held.has(key.peerId) || this.#held.has(key.id);
      case 'broadcastRow':
        return this.#held.has(key.broadcastId);
      case 'message':
        return this.#held.has(key.threadId);
    }
  }

  #opening(open: Set<string>, id: string | null): InterestStep | null {
    if (id === null) return null;
    const was = open.has(id);
    open.add(id);
    const release = this.#hold(id);
    return {
      settle: (succeeded) => {
        release();
        if (!succeeded && !was) open.delete(id);
      },
    };
  }

  #reading(id: string | null): InterestStep | null {
    return id === null ? null : { settle: this.#hold(id) };
  }

  #closing(open: Set<string>, id: string | null): InterestStep | null {
    if (id === null) return null;
    return {
      settle: (succeeded) => {
        if (succeeded) open.delete(id);
      },
    };
  }

  #hold(id: string): () => void {
    this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    return () => {
      const left = (this.#held.get(id) ?? 1) - 1;
      if (left > 0) this.#held.set(id, left);
      else this.#held.delete(id);
    };
  }
}

/** A field of an input that nobody has checked yet. */
export function textField(input: unknown, field: string): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const value: unknown = Reflect.get(input, field);
  return typeof value === 'string' ? value : null;
}
