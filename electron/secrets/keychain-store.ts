/**
 * The system keychain as a {@link SecretStore}: macOS Keychain, Windows Credential Manager, or the
 * Secret Service under Linux, all through keytar in a child process that can be killed.
 *
 * Calls that are made while others are under way form a batch: the child looks at the Secret Service
 * once, then does them in order. A child that gives no sign of life within the limit is killed, every
 * waiting call is answered `hung`, and the next call gets a new child.
 */

import { accountName, KEYCHAIN_SERVICE } from './account.ts';
import { KeychainChild, type SecretsTimer, systemTimer } from './keychain-conversation.ts';
import type { ChildSpawner } from './keychain-process.ts';
import type { KeychainAnswer, KeychainCall, UnlockOutcome } from './keychain-protocol.ts';
import {
  assertStorable,
  errorOf,
  isTrouble,
  type SecretAccount,
  type SecretLookup,
  type SecretStore,
  type SecretsStatus,
  type SecretsTrouble,
  StatusFeed,
} from './secret-store.ts';
import { type UnlockOptions, unlockKeychain } from './unlock.ts';

/** What {@link KeychainStore} is told. */
export interface KeychainStoreOptions {
  readonly spawnChild: ChildSpawner;
  readonly timer?: SecretsTimer;
  /** Decides whether there is a Secret Service to look at. Default: this process's. */
  readonly platform?: NodeJS.Platform;
  /** Longest wait for a sign of life, ms. Default 4,000: a second is left for the child's start. */
  readonly callLimitMs?: number;
  /** A child without work is ended after this, ms. Default 30,000. */
  readonly idleMs?: number;
}

interface Pending {
  readonly call: KeychainCall;
  readonly settle: (answer: KeychainAnswer) => void;
  retried: boolean;
}

const BATCH_LIMIT = 64;
const CLOSED: SecretsTrouble = { kind: 'broken', cause: 'Peerage is closing.' };
const HUNG: SecretsTrouble = {
  kind: 'hung',
  cause: 'The keychain did not answer in time. It may be asking a question that nobody sees.',
};
const DENIED_CAUSE = 'The keychain is locked, and unlocking it was refused. It can be asked again.';

/** See the head of this file. Made once by the composition root; `close()` ends its child. */
export class KeychainStore implements SecretStore {
  readonly #options: Required<KeychainStoreOptions>;
  readonly #feed = new StatusFeed();
  #queue: Pending[] = [];
  #child: KeychainChild | undefined;
  #running = false;
  #closed = false;
  #denied = false;
  #nextId = 1;
  #cancelIdle: () => void = () => {};
  #statusCalls: ((status: SecretsStatus) => void)[] = [];

  constructor(options: KeychainStoreOptions) {
    this.#options = {
      timer: systemTimer,
      platform: process.platform,
      callLimitMs: 4_000,
      idleMs: 30_000,
      ...options,
    };
  }

  status(): Promise<SecretsStatus> {
    if (this.#closed) return Promise.resolve(CLOSED);
    const { promise, resolve } = Promise.withResolvers<SecretsStatus>();
    this.#statusCalls.push(resolve);
    void this.#pump();
    return promise;
  }

  async get(account: SecretAccount): Promise<SecretLookup> {
    const answer = await this.#call({ op: 'get', account: accountName(account) });
    return answer.kind === 'done' ? { kind: 'unavailable', status: MISMATCH } : answer;
  }

  async set(account: SecretAccount, value: string): Promise<void> {
    const name = accountName(account);
    assertStorable(value);
    accept(await this.#call({ op: 'set', account: name, value }));
  }

  async delete(account: SecretAccount): Promise<boolean> {
    return accept(await this.#call({ op: 'delete', account: accountName(account) }));
  }

  onStatusChange(listener: (status: SecretsStatus) => void): () => void {
    return this.#feed.listen(listener);
  }

  /**
   * Lets the system ask the person to open the keychain; call it only upon a click. Runs beside other
   * calls, in a child of its own. Never rejects. A refusal is remembered: `status()` says `denied`
   * instead of `locked` until the keychain is open or is asked for again.
   */
  async unlock(options: UnlockOptions = {}): Promise<UnlockOutcome> {
    if (this.#closed) return { kind: 'unavailable', status: CLOSED };
    this.#denied = false;
    const { spawnChild, timer, platform } = this.#options;
    const probe = platform === 'linux';
    const outcome = await unlockKeychain({ spawnChild, timer, probe }, options);
    this.#denied = outcome.kind === 'denied';
    await this.status();
    return outcome;
  }

  close(): void {
    this.#closed = true;
    this.#cancelIdle();
    this.#child?.kill();
    this.#child = undefined;
    this.#failWaiting(CLOSED);
  }

  #call(call: KeychainCall): Promise<KeychainAnswer> {
    if (this.#closed) return Promise.resolve({ kind: 'unavailable', status: CLOSED });
    const { promise, resolve } = Promise.withResolvers<KeychainAnswer>();
    this.#queue.push({ call, settle: resolve, retried: false });
    void this.#pump();
    return promise;
  }

  async #pump(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#cancelIdle();
    // A turn of the loop, so that calls made together share one look at the Secret Service.
    await Promise.resolve();
    while (!this.#closed && (this.#queue.length > 0 || this.#statusCalls.length > 0)) {
      const batch = this.#queue.splice(0, BATCH_LIMIT);
      const asked = this.#statusCalls.splice(0);
      const aged = this.#child?.alive === true && this.#child.served;
      let status = await this.#run(batch);
      if (aged && (status.kind === 'broken' || this.#queue[0]?.retried)) {
        status = await this.#run(this.#queue.splice(0, BATCH_LIMIT)); // once more, in a new child
      }
      status = this.#worded(status);
      for (const answer of asked) answer(status);
      if (!this.#closed) this.#feed.note(status);
    }
    this.#running = false;
    this.#cancelIdle = this.#options.timer.after(this.#options.idleMs, () => {
      this.#child?.kill();
      this.#child = undefined;
    });
    if (this.#closed) this.close();
  }

  /** Does one batch; what could be due to an old child is put back once, for a new one. */
  async #run(batch: readonly Pending[]): Promise<SecretsStatus> {
    const open = new Map(batch.entries());
    const child = this.#childToUse();
    let mayRetry = child.served;
    let status: SecretsStatus = { kind: 'broken', cause: 'The keychain process said nothing.' };
    const settle = (index: number, answer: KeychainAnswer): void => {
      const pending = open.get(index);
      if (pending === undefined) return;
      open.delete(index);
      if (mayBeStale(answer) && mayRetry && !pending.retried && !this.#closed) {
        pending.retried = true;
        child.kill();
        this.#queue.unshift(pending);
      } else pending.settle(this.#wordedAnswer(answer));
    };
    const answers = new Map<number, KeychainAnswer>();
    const ending = await child.request(
      {
        id: this.#nextId++,
        op: 'batch',
        service: KEYCHAIN_SERVICE,
        probe: this.#options.platform === 'linux',
        calls: batch.map(({ call }) => call),
      },
      this.#options.callLimitMs,
      (reply) => {
        if (reply.kind === 'answer') answers.set(reply.index, reply.answer);
        if (reply.kind === 'answer' && !mayBeStale(reply.answer)) settle(reply.index, reply.answer);
        if (reply.kind === 'end') status = reply.status;
      },
    );
    if (ending.kind === 'silent') status = HUNG;
    if (ending.kind === 'nonsense') {
      status = { kind: 'broken', cause: 'The keychain process said something unintelligible.' };
    }
    if (ending.kind === 'died') {
      status = this.#closed
        ? CLOSED
        : { kind: 'broken', cause: `The keychain process ${ending.cause}.` };
    }
    const trouble = isTrouble(status) ? status : MISMATCH;
    for (const index of [...open.keys()].reverse()) {
      const answer = answers.get(index);
      if (answer === undefined && status.kind !== 'broken') mayRetry = false; // the look itself said so
      settle(index, answer ?? { kind: 'unavailable', status: trouble });
    }
    if (ending.kind === 'silent') this.#failWaiting(HUNG);
    return status;
  }

  #childToUse(): KeychainChild {
    if (!this.#child?.alive) {
      this.#child = new KeychainChild(this.#options.spawnChild, this.#options.timer);
    }
    return this.#child;
  }

  #failWaiting(status: SecretsTrouble): void {
    for (const { settle } of this.#queue.splice(0)) settle({ kind: 'unavailable', status });
    for (const answer of this.#statusCalls.splice(0)) answer(status);
  }

  /** `locked` is told as `denied` while a person's refusal stands; an open keychain lifts it. */
  #worded<T extends SecretsStatus>(status: T): T | SecretsTrouble {
    if (status.kind === 'available') this.#denied = false;
    return status.kind === 'locked' && this.#denied
      ? { kind: 'denied', cause: DENIED_CAUSE }
      : status;
  }

  #wordedAnswer(answer: KeychainAnswer): KeychainAnswer {
    if (answer.kind !== 'unavailable') return answer;
    return { kind: 'unavailable', status: this.#worded(answer.status) };
  }
}

const MISMATCH: SecretsTrouble = {
  kind: 'broken',
  cause: 'The keychain process left a question unanswered.',
};

/**
 * Whether a new child could do better: libsecret clings to the daemon that it met first, and finds
 * none when that one was restarted. (The look at the Secret Service before each batch clings to nothing.)
 */
function mayBeStale(answer: KeychainAnswer): boolean {
  return (
    answer.kind === 'unavailable' && ['broken', 'no_service', 'no_bus'].includes(answer.status.kind)
  );
}

/** Whether an entry was there; throws the trouble. */
function accept(answer: KeychainAnswer): boolean {
  if (answer.kind === 'done') return answer.existed;
  throw errorOf(answer.kind === 'unavailable' ? answer.status : MISMATCH);
}
