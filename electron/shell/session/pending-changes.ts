import { assertNever, type ChangeKey } from '../../contract/index.ts';

/**
 * Changes that have not left yet, merged: a key that changes a hundred times is there once, at its
 * first place. Beyond the limit all are dropped and `overflowed` says that only a snapshot helps.
 */
export class PendingChanges {
  readonly #counts = new Map<string, ChangeKey>();
  readonly #rest = new Map<string, ChangeKey>();
  readonly #limit: number;
  #overflowed = false;

  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  get overflowed(): boolean {
    return this.#overflowed;
  }

  get size(): number {
    return this.#counts.size + this.#rest.size;
  }

  add(key: ChangeKey): void {
    const name = nameOf(key);
    if (key.type === 'app') this.#counts.set(name, key);
    else if (!this.#overflowed && !this.#rest.has(name)) {
      this.#rest.set(name, key);
      if (this.#rest.size > this.#limit) {
        this.#rest.clear();
        this.#overflowed = true;
      }
    }
  }

  /** Takes the oldest ones out. A hidden window is given the counts (`app`) only. */
  take(max: number, hidden: boolean, holds: (key: ChangeKey) => boolean): ChangeKey[] {
    const taken: ChangeKey[] = [...this.#counts.values()];
    this.#counts.clear();
    if (hidden) return taken;
    for (const [name, key] of this.#rest) {
      if (taken.length >= max) break;
      if (holds(key)) continue;
      this.#rest.delete(name);
      taken.push(key);
    }
    return taken;
  }

  /** Forgets what a snapshot holds anyway; what only open peers and threads show stays. */
  snapshotTaken(): void {
    this.#counts.clear();
    this.#overflowed = false;
    for (const [name, key] of this.#rest) if (inSnapshot(key)) this.#rest.delete(name);
  }
}

const nameOf = (key: ChangeKey): string => ('id' in key ? `${key.type}:${key.id}` : key.type);

function inSnapshot(key: ChangeKey): boolean {
  switch (key.type) {
    case 'app':
    case 'settings':
    case 'tailnet':
    case 'gateway':
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
    case 'thread':
    case 'ladder':
    case 'knowledge':
    case 'message':
    case 'broadcastRow':
      return false;
    default:
      return assertNever(key);
  }
}
