/**
 * The freedesktop Secret Service over D-Bus: whether it is there and open, and asking a person to
 * open it. Runs in the keychain's child process. keytar itself cannot tell: in a locked collection
 * its `getPassword` answers null, as if there were no such entry.
 * Source: Secret Service API draft 0.2 (specifications.freedesktop.org/secret-service).
 */

import { DBusError, Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';
import type { UnlockOutcome } from './keychain-protocol.ts';
import type { SecretsTrouble } from './secret-store.ts';

const SERVICE = 'org.freedesktop.secrets';
const SERVICE_PATH = '/org/freedesktop/secrets';
const API = 'org.freedesktop.Secret';
const BUS = 'org.freedesktop.DBus';
/** The object path that stands for "none" in this API. */
const NONE = '/';
/** One call answers in 1-5 ms; the first may have to start the service. ms. */
const CALL_LIMIT_MS = 1_500;
/** A prompt that fails this fast was never seen by a person. ms. */
const UNSEEN_PROMPT_MS = 400;
const SIGNAL = 4;

/** What {@link SecretService.probe} found: open, or why not. */
export type ProbeResult = { readonly kind: 'open' } | SecretsTrouble;

/** No answer within the limit. */
class NoAnswer extends Error {}

/** One connection to the session bus. Make one per batch: it costs 2-5 ms and survives nothing. */
export class SecretService {
  readonly #bus: MessageBus;
  readonly #lost: Promise<never>;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
    this.#lost = new Promise((_, reject) => (bus as NodeJS.EventEmitter).on('error', reject));
    this.#lost.catch(() => {});
  }

  /** Connects, within 1.5 s. The other answer says why there is no bus to talk to. */
  static async connect(): Promise<SecretService | SecretsTrouble> {
    const service = new SecretService(sessionBus());
    try {
      const connected = new Promise<void>((resolve) => {
        service.#bus.once('connect', resolve);
      });
      await limited(Promise.race([connected, service.#lost]));
      return service;
    } catch (error) {
      service.close();
      if (error instanceof NoAnswer) {
        return { kind: 'hung', cause: 'The session bus (D-Bus) accepted us but does not answer.' };
      }
      return { kind: 'no_bus', cause: `There is no session bus (D-Bus) here: ${text(error)}.` };
    }
  }

  /** Whether the default collection is there and open. Never starts a prompt. At most 4 calls. */
  async probe(): Promise<ProbeResult> {
    try {
      const owned = await this.#call(BUS, '/org/freedesktop/DBus', BUS, 'NameHasOwner', 's', [
        SERVICE,
      ]);
      if (owned !== true) {
        await this.#call(BUS, '/org/freedesktop/DBus', BUS, 'StartServiceByName', 'su', [
          SERVICE,
          0,
        ]);
      }
      const path = await this.#defaultCollection();
      if (path === NONE) {
        return {
          kind: 'locked',
          reason: 'no_collection',
          cause: 'The keychain has no default collection yet. Unlocking makes one.',
        };
      }
      const locked = await this.#call(SERVICE, path, `${BUS}.Properties`, 'Get', 'ss', [
        `${API}.Collection`,
        'Locked',
      ]);
      if (locked instanceof Variant && locked.value === false) return { kind: 'open' };
      return LOCKED;
    } catch (error) {
      return troubleOf(error);
    }
  }

  /**
   * Whether an entry stands in any collection that is locked. With this, "not found" can be believed
   * although entries may live outside the default collection.
   */
  async isHiddenByLock(service: string, account: string): Promise<boolean | SecretsTrouble> {
    try {
      const reply = await this.#callAll(SERVICE, SERVICE_PATH, `${API}.Service`, 'SearchItems', {
        signature: 'a{ss}',
        body: [{ service, account }],
      });
      const locked = reply[1];
      return Array.isArray(locked) && locked.length > 0;
    } catch (error) {
      return troubleOf(error);
    }
  }

  /**
   * Asks the person to open (or make) the default collection. Waits as long as the person takes;
   * after aborting `signal`, `close()` withdraws the question. Never rejects.
   */
  async unlock(signal: AbortSignal): Promise<UnlockOutcome> {
    const before = await this.probe();
    if (before.kind === 'open') return { kind: 'unlocked' };
    if (before.kind !== 'locked') return { kind: 'unavailable', status: before };
    try {
      const prompt = await this.#promptFor(before.reason);
      if (prompt !== NONE) {
        const outcome = await this.#showPrompt(prompt, signal);
        if (outcome.kind !== 'unlocked') return outcome;
      }
      const after = await this.probe();
      return after.kind === 'open' ? { kind: 'unlocked' } : { kind: 'unavailable', status: after };
    } catch (error) {
      return { kind: 'unavailable', status: troubleOf(error) };
    }
  }

  /** Leaves the bus; a prompt of ours that is still open is dismissed by the service. */
  close(): void {
    (this.#bus as NodeJS.EventEmitter).on('error', () => {});
    this.#bus.disconnect();
  }

  async #promptFor(reason: 'collection_locked' | 'no_collection'): Promise<string> {
    const reply =
      reason === 'no_collection'
        ? await this.#callAll(SERVICE, SERVICE_PATH, `${API}.Service`, 'CreateCollection', {
            signature: 'a{sv}s',
            body: [{ [`${API}.Collection.Label`]: new Variant('s', 'Default keyring') }, 'default'],
          })
        : await this.#callAll(SERVICE, SERVICE_PATH, `${API}.Service`, 'Unlock', {
            signature: 'ao',
            body: [[await this.#defaultCollection()]],
          });
    return typeof reply[1] === 'string' ? reply[1] : NONE;
  }

  async #showPrompt(path: string, signal: AbortSignal): Promise<UnlockOutcome> {
    await this.#call(BUS, '/org/freedesktop/DBus', BUS, 'AddMatch', 's', [
      `type='signal',interface='${API}.Prompt',member='Completed',path='${path}'`,
    ]);
    const began = performance.now();
    const completed = new Promise<boolean>((resolve) => {
      this.#bus.on('message', (message) => {
        if (message.type !== SIGNAL || message.path !== path || message.member !== 'Completed') {
          return;
        }
        resolve(message.body[0] === true);
      });
    });
    await this.#call(SERVICE, path, `${API}.Prompt`, 'Prompt', 's', ['']);
    const aborted = new Promise<'aborted'>((resolve) => {
      if (signal.aborted) resolve('aborted');
      signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    });
    const ended = await Promise.race([completed, aborted, this.#lost]);
    // Not by calling Dismiss: gnome-keyring 42 aborts on it (gkd-secret-unlock.c, perform_next_unlock)
    // and takes the whole keychain down. Leaving the bus, which follows, withdraws the question.
    if (ended === 'aborted') return { kind: 'cancelled' };
    if (ended === false) return { kind: 'unlocked' };
    return performance.now() - began < UNSEEN_PROMPT_MS
      ? { kind: 'unavailable', status: UNSEEN }
      : { kind: 'denied' };
  }

  async #defaultCollection(): Promise<string> {
    const path = await this.#call(SERVICE, SERVICE_PATH, `${API}.Service`, 'ReadAlias', 's', [
      'default',
    ]);
    return typeof path === 'string' ? path : NONE;
  }

  async #call(
    destination: string,
    path: string,
    iface: string,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown> {
    return (await this.#callAll(destination, path, iface, member, { signature, body }))[0];
  }

  async #callAll(
    destination: string,
    path: string,
    iface: string,
    member: string,
    args: { readonly signature: string; readonly body: unknown[] },
  ): Promise<readonly unknown[]> {
    const call = this.#bus.call(
      new Message({ destination, path, interface: iface, member, ...args }),
    );
    const reply = await limited(Promise.race([call, this.#lost]));
    return reply?.body ?? [];
  }
}

const LOCKED: SecretsTrouble = {
  kind: 'locked',
  reason: 'collection_locked',
  cause: 'The keychain is locked.',
};

const UNSEEN: SecretsTrouble = {
  kind: 'locked',
  reason: 'collection_locked',
  cause: 'The keychain is locked, and its question could not be shown: there is no display for it.',
};

function troubleOf(error: unknown): SecretsTrouble {
  if (error instanceof NoAnswer) {
    return { kind: 'hung', cause: 'The keychain (Secret Service) is running but does not answer.' };
  }
  if (!(error instanceof DBusError)) {
    return { kind: 'no_bus', cause: `The session bus (D-Bus) was lost: ${text(error)}.` };
  }
  if (/\.(IsLocked|Locked)$/.test(error.type)) return LOCKED;
  if (/\.(ServiceUnknown|NameHasNoOwner|Spawn\.\w+|NoReply|Disconnected)$/.test(error.type)) {
    return {
      kind: 'no_service',
      cause: `No keychain (Secret Service) runs in this session: ${text(error)}.`,
    };
  }
  if (/\.AccessDenied$/.test(error.type)) {
    return { kind: 'denied', cause: `The keychain refused us: ${text(error)}.` };
  }
  return { kind: 'broken', cause: `The keychain answered with an error: ${text(error)}.` };
}

function text(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, 200).replace(/\.$/, '') || 'no reason given';
}

function limited<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const handle = setTimeout(() => reject(new NoAnswer()), CALL_LIMIT_MS);
  return Promise.race([work, promise]).finally(() => clearTimeout(handle));
}
