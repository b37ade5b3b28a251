import type {
  ChildPort,
  ChildSpawner,
  SecretsTimer,
  SecretsTrouble,
  UnlockOutcome,
} from '../../../electron/secrets/index.ts';
import { parseRequest } from '../../../electron/secrets/keychain-protocol.ts';
import {
  KeychainWorker,
  type SecretServiceLike,
} from '../../../electron/secrets/keychain-worker.ts';

/** What goes wrong with the next keychain call of a child. */
export type Fault =
  | 'none'
  | 'hang'
  | 'late'
  | 'crash_before'
  | 'crash_after'
  | 'garbage'
  | 'other_id'
  | 'lock_meanwhile'
  | 'keytar_error';

/**
 * A keychain in memory that behaves as the real ones were seen to: locked, `get` gives null and
 * `delete` false, and `set` fails. Children are in-process, run the real worker, and pass everything
 * through JSON as a pipe would.
 */
export class FakeKeychain {
  readonly entries = new Map<string, string>();
  readonly faults: Fault[] = [];
  readonly sent: string[] = [];
  state: { kind: 'open' } | SecretsTrouble = { kind: 'open' };
  bus: SecretsTrouble | undefined;
  started = 0;
  alive = 0;
  probes = 0;
  /** How the person answers a prompt; undefined leaves it open. */
  person: UnlockOutcome | undefined;
  readonly late: (() => void)[] = [];

  readonly spawn: ChildSpawner = () => {
    this.started += 1;
    this.alive += 1;
    return new FakeChild(this);
  };
}

const LOCKED: SecretsTrouble = {
  kind: 'locked',
  reason: 'collection_locked',
  cause: 'It is locked.',
};

class FakeChild implements ChildPort {
  readonly #keychain: FakeKeychain;
  readonly #worker: KeychainWorker;
  #toApp: (raw: unknown) => void = () => {};
  #onExit: (cause: string) => void = () => {};
  #dead = false;
  #requestId = 0;

  constructor(keychain: FakeKeychain) {
    this.#keychain = keychain;
    const guarded = async <T>(work: () => T): Promise<T> => {
      const fault = keychain.faults.shift() ?? 'none';
      if (fault === 'hang') return new Promise(() => {});
      if (fault === 'late') await new Promise<void>((resolve) => keychain.late.push(resolve));
      if (fault === 'crash_before') return this.#crash();
      if (fault === 'garbage') this.#say({ id: this.#requestId, kind: 'answer', index: 'x' });
      if (fault === 'other_id') {
        this.#say({
          id: -1,
          kind: 'answer',
          index: 0,
          answer: { kind: 'found', value: 'foreign' },
        });
      }
      if (fault === 'lock_meanwhile') keychain.state = LOCKED;
      if (fault === 'keytar_error')
        throw new Error('The name :1.1 was not provided by any .service files');
      const result = work();
      if (fault === 'crash_after') return this.#crash();
      return result;
    };
    const open = (): boolean => keychain.state.kind === 'open';
    const service: SecretServiceLike = {
      probe: async () => {
        keychain.probes += 1;
        return keychain.state;
      },
      isHiddenByLock: async () => !open(),
      unlock: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ kind: 'cancelled' }));
          if (keychain.person?.kind === 'unlocked') keychain.state = { kind: 'open' };
          if (keychain.person) resolve(keychain.person);
        }),
      close: () => {},
    };
    this.#worker = new KeychainWorker({
      loadKeytar: async () => ({
        getPassword: (_, account) =>
          guarded(() => (open() ? (keychain.entries.get(account) ?? null) : null)),
        setPassword: (_, account, value) =>
          guarded(() => {
            if (!open()) throw new Error('Cannot create an item in a locked collection');
            keychain.entries.set(account, value);
          }),
        deletePassword: (_, account) => guarded(() => open() && keychain.entries.delete(account)),
      }),
      connect: async () => keychain.bus ?? service,
      reply: (reply) => this.#say(reply),
    });
  }

  send(request: unknown): void {
    const text = JSON.stringify(request);
    this.#keychain.sent.push(text);
    const parsed = parseRequest(JSON.parse(text));
    if (parsed === undefined) throw new Error('the app sent nonsense');
    if (parsed.op !== 'cancel') this.#requestId = parsed.id;
    setImmediate(() => {
      if (!this.#dead) void this.#worker.handle(parsed);
    });
  }

  onMessage(listener: (raw: unknown) => void): void {
    this.#toApp = listener;
  }

  onExit(listener: (cause: string) => void): void {
    this.#onExit = listener;
  }

  kill(): void {
    this.#end('was ended by SIGKILL');
  }

  #say(reply: unknown): void {
    // What a killed child had written before may still be in the pipe: it is handed over all the same.
    this.#toApp(JSON.parse(JSON.stringify(reply)));
  }

  #crash(): Promise<never> {
    this.#end('was ended by SIGSEGV');
    return new Promise(() => {});
  }

  #end(cause: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#keychain.alive -= 1;
    setImmediate(() => this.#onExit(cause));
  }
}

/** A timer that moves only by hand. */
export class ManualTimer implements SecretsTimer {
  #now = 0;
  readonly #tasks = new Set<{ at: number; task: () => void }>();

  after(delayMs: number, task: () => void): () => void {
    const entry = { at: this.#now + delayMs, task };
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }

  /** Lets everything run that needs no time. */
  static async turns(): Promise<void> {
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await ManualTimer.turns();
    for (;;) {
      const due = [...this.#tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks.delete(due);
      this.#now = due.at;
      due.task();
      await ManualTimer.turns();
    }
    this.#now = end;
  }
}
