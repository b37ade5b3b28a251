/** Keeps secrets until the app ends. Offered when there is no keychain; never written anywhere. */

import { accountName } from './account.ts';
import {
  assertStorable,
  errorOf,
  type SecretAccount,
  type SecretLookup,
  type SecretStore,
  type SecretsStatus,
  type SecretsTrouble,
  StatusFeed,
} from './secret-store.ts';

const STATUS: SecretsStatus = {
  kind: 'session_only',
  cause: 'Secrets are kept in memory and are forgotten when Peerage ends.',
};

const CLOSED: SecretsTrouble = { kind: 'broken', cause: 'Peerage is closing.' };

/** The session's memory as a {@link SecretStore}. Always answers `session_only`. */
export class MemorySecretStore implements SecretStore {
  readonly #entries = new Map<string, string>();
  readonly #feed = new StatusFeed();
  #closed = false;

  async status(): Promise<SecretsStatus> {
    return this.#closed ? CLOSED : STATUS;
  }

  async get(account: SecretAccount): Promise<SecretLookup> {
    const name = accountName(account);
    if (this.#closed) return { kind: 'unavailable', status: CLOSED };
    const value = this.#entries.get(name);
    return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
  }

  async set(account: SecretAccount, value: string): Promise<void> {
    const name = accountName(account);
    assertStorable(value);
    if (this.#closed) throw errorOf(CLOSED);
    this.#entries.set(name, value);
  }

  async delete(account: SecretAccount): Promise<boolean> {
    const name = accountName(account);
    if (this.#closed) throw errorOf(CLOSED);
    return this.#entries.delete(name);
  }

  onStatusChange(listener: (status: SecretsStatus) => void): () => void {
    return this.#feed.listen(listener);
  }

  close(): void {
    this.#closed = true;
    this.#entries.clear();
  }
}
