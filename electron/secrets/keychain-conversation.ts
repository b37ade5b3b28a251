/**
 * One request to one child process, from sending to the last reply. Holds the time limit and tells
 * apart: finished, no answer in time, the child died, the child talked nonsense.
 */

import type { ChildPort, ChildSpawner } from './keychain-process.ts';
import { type KeychainReply, type KeychainRequest, parseReply } from './keychain-protocol.ts';

/** Timers as a dependency; the app's clock fits. `after` returns the way to cancel. */
export interface SecretsTimer {
  after(delayMs: number, task: () => void): () => void;
}

/** Node's timers. They keep the process alive while a call waits. */
export const systemTimer: SecretsTimer = {
  after: (delayMs, task) => {
    const handle = setTimeout(task, delayMs);
    return () => clearTimeout(handle);
  },
};

/** How a request ended. `died` carries what is known of the child's end. */
export type Ending =
  | { readonly kind: 'finished' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'died'; readonly cause: string }
  | { readonly kind: 'nonsense' };

/** A child and what we know of it. */
export class KeychainChild {
  readonly #port: ChildPort;
  readonly #timer: SecretsTimer;
  #handler: ((event: KeychainReply | Ending) => void) | undefined;
  #gone: string | undefined;
  #served = false;

  constructor(spawner: ChildSpawner, timer: SecretsTimer) {
    this.#timer = timer;
    this.#port = spawner();
    this.#port.onMessage((raw) => {
      if (this.#gone !== undefined) return;
      const reply = parseReply(raw);
      this.#handler?.(reply ?? { kind: 'nonsense' });
    });
    this.#port.onExit((cause) => {
      this.#gone ??= cause;
      this.#handler?.({ kind: 'died', cause });
    });
  }

  /** Whether it still runs, as far as we know. */
  get alive(): boolean {
    return this.#gone === undefined;
  }

  /** Whether it has finished a request before: what fails now may be its age. */
  get served(): boolean {
    return this.#served;
  }

  /** Sends without waiting for anything. */
  tell(request: KeychainRequest): void {
    if (this.alive) this.#port.send(request);
  }

  /**
   * Sends and hands on each reply until one `isLast`. The limit (ms) counts from the last sign of
   * life. A child that failed in any way is killed before this resolves. Never rejects. One request
   * at a time.
   */
  request(
    request: KeychainRequest,
    limitMs: number,
    onReply: (reply: KeychainReply) => void,
  ): Promise<Ending> {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    let cancelLimit = (): void => {};
    const finish = (ending: Ending): void => {
      cancelLimit();
      this.#handler = undefined;
      if (ending.kind === 'finished') this.#served = true;
      else this.kill(ending.kind === 'died' ? ending.cause : ending.kind);
      resolve(ending);
    };
    const arm = (): void => {
      cancelLimit();
      cancelLimit = this.#timer.after(limitMs, () => finish({ kind: 'silent' }));
    };
    if (this.#gone !== undefined) {
      finish({ kind: 'died', cause: this.#gone });
      return promise;
    }
    this.#handler = (event) => {
      if (!('id' in event)) return finish(event);
      if (event.id !== request.id) return; // the late end of an earlier request
      onReply(event);
      if (event.kind === 'answer') arm();
      else finish({ kind: 'finished' });
    };
    arm();
    this.#port.send(request);
    return promise;
  }

  /** Ends the child at once. Harmless when it is gone. */
  kill(cause = 'was ended by us'): void {
    if (this.#gone !== undefined) return;
    this.#gone = cause;
    this.#port.kill();
    this.#handler?.({ kind: 'died', cause });
  }
}
