/**
 * What the keychain's child process does with one request. Knows neither the pipe nor how keytar and
 * the bus are got, so that it runs in tests against a made-up keychain.
 */

import type {
  KeychainAnswer,
  KeychainCall,
  KeychainReply,
  KeychainRequest,
  UnlockOutcome,
} from './keychain-protocol.ts';
import { troubleOfKeytar } from './keytar-errors.ts';
import type { ProbeResult } from './secret-service.ts';
import type { SecretsTrouble } from './secret-store.ts';

/** The three of keytar's functions that we use. `findCredentials` is not among them: it crashes on a locked collection. */
export interface KeytarLike {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, value: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** What the worker asks of a connection to the Secret Service. */
export interface SecretServiceLike {
  probe(): Promise<ProbeResult>;
  isHiddenByLock(service: string, account: string): Promise<boolean | SecretsTrouble>;
  unlock(signal: AbortSignal): Promise<UnlockOutcome>;
  close(): void;
}

/** How the worker gets at the outside. `loadKeytar` may reject; `connect` never does. */
export interface WorkerParts {
  readonly loadKeytar: () => Promise<KeytarLike>;
  readonly connect: () => Promise<SecretServiceLike | SecretsTrouble>;
  readonly reply: (reply: KeychainReply) => void;
}

type Batch = Extract<KeychainRequest, { op: 'batch' }>;
type Unlock = Extract<KeychainRequest, { op: 'unlock' }>;

/** Serves requests one at a time. */
export class KeychainWorker {
  readonly #parts: WorkerParts;
  #cancel: AbortController | undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** Does one request and replies. Never rejects. */
  async handle(request: KeychainRequest): Promise<void> {
    if (request.op === 'cancel') this.#cancel?.abort();
    else if (request.op === 'batch') await this.#batch(request);
    else await this.#unlock(request);
  }

  async #batch(batch: Batch): Promise<void> {
    const { reply } = this.#parts;
    const bus = batch.probe ? await this.#parts.connect() : undefined;
    if (bus !== undefined && 'kind' in bus) return this.#refuse(batch, bus);
    try {
      const state = (await bus?.probe()) ?? { kind: 'open' as const };
      if (state.kind !== 'open') return this.#refuse(batch, state);
      const keytar = await this.#parts.loadKeytar();
      let trouble: SecretsTrouble | undefined;
      for (const [index, call] of batch.calls.entries()) {
        const answer = await perform(keytar, batch.service, call, bus);
        if (answer.kind === 'unavailable') trouble = answer.status;
        reply({ id: batch.id, kind: 'answer', index, answer });
      }
      const status = trouble ?? {
        kind: 'available' as const,
        cause: "Secrets are kept in the system's keychain.",
      };
      reply({ id: batch.id, kind: 'end', status });
    } catch (error) {
      this.#refuse(batch, troubleOfKeytar(error));
    } finally {
      bus?.close();
    }
  }

  /** Ends a batch; the app gives `status` as the answer to each call that has none yet. */
  #refuse(batch: Batch, status: SecretsTrouble): void {
    this.#parts.reply({ id: batch.id, kind: 'end', status });
  }

  async #unlock(request: Unlock): Promise<void> {
    const outcome = request.probe
      ? await this.#unlockByPrompt()
      : await this.#unlockByReading(request);
    this.#parts.reply({ id: request.id, kind: 'unlock', outcome });
  }

  async #unlockByPrompt(): Promise<UnlockOutcome> {
    const cancel = new AbortController();
    this.#cancel = cancel;
    const bus = await this.#parts.connect();
    if ('kind' in bus) return { kind: 'unavailable', status: bus };
    try {
      return await bus.unlock(cancel.signal);
    } finally {
      bus.close();
    }
  }

  /** macOS and Windows have no call for it: reading an entry makes the system ask. */
  async #unlockByReading({ service, account }: Unlock): Promise<UnlockOutcome> {
    try {
      const keytar = await this.#parts.loadKeytar();
      await keytar.getPassword(service, account ?? 'unlock');
      return { kind: 'unlocked' };
    } catch (error) {
      const status = troubleOfKeytar(error);
      return status.kind === 'denied' ? { kind: 'denied' } : { kind: 'unavailable', status };
    }
  }
}

async function perform(
  keytar: KeytarLike,
  service: string,
  call: KeychainCall,
  bus: SecretServiceLike | undefined,
): Promise<KeychainAnswer> {
  const { account } = call;
  try {
    // An entry in another, locked collection would make libsecret ask a person: look before.
    const hidden = await bus?.isHiddenByLock(service, account);
    if (hidden) return unavailable(hidden === true ? ELSEWHERE : hidden);
    if (call.op === 'set') {
      await keytar.setPassword(service, account, call.value);
      return { kind: 'done', existed: true };
    }
    if (call.op === 'get') {
      const value = await keytar.getPassword(service, account);
      if (value !== null) return { kind: 'found', value };
      return (await lockedSince(bus)) ?? { kind: 'absent' };
    }
    const existed = await keytar.deletePassword(service, account);
    if (existed) return { kind: 'done', existed };
    return (await lockedSince(bus)) ?? { kind: 'done', existed };
  } catch (error) {
    return unavailable(troubleOfKeytar(error));
  }
}

/** "Nothing there" is believed only if the collection is still open afterwards. */
async function lockedSince(
  bus: SecretServiceLike | undefined,
): Promise<KeychainAnswer | undefined> {
  const after = (await bus?.probe()) ?? { kind: 'open' as const };
  return after.kind === 'open' ? undefined : unavailable(after);
}

function unavailable(status: SecretsTrouble): KeychainAnswer {
  return { kind: 'unavailable', status };
}

const ELSEWHERE: SecretsTrouble = {
  kind: 'locked',
  reason: 'collection_locked',
  cause: 'This secret is in a part of the keychain that is locked.',
};
