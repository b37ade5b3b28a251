/**
 * A read-only store with some kinds kept in memory on top: a pod reads its tokens from a mounted
 * folder, and the device tokens that gateways hand out at run time live until it ends.
 */

import type {
  SecretAccount,
  SecretKind,
  SecretLookup,
  SecretStore,
  SecretsStatus,
} from './secret-store.ts';

/**
 * An account of one of `sessionKinds` is looked for in `session` first, then in `base`, and is
 * written to `session`. Every other kind is `base`'s alone. Closing closes both.
 */
export class OverlaySecretStore implements SecretStore {
  readonly #base: SecretStore;
  readonly #session: SecretStore;
  readonly #sessionKinds: ReadonlySet<SecretKind>;

  constructor(
    base: SecretStore,
    session: SecretStore,
    sessionKinds: readonly SecretKind[] = ['device-token'],
  ) {
    this.#base = base;
    this.#session = session;
    this.#sessionKinds = new Set(sessionKinds);
  }

  status(): Promise<SecretsStatus> {
    return this.#base.status();
  }

  async get(account: SecretAccount): Promise<SecretLookup> {
    if (this.#sessionKinds.has(account.kind)) {
      const kept = await this.#session.get(account);
      if (kept.kind === 'found') return kept;
    }
    return this.#base.get(account);
  }

  set(account: SecretAccount, value: string): Promise<void> {
    return this.#writer(account).set(account, value);
  }

  delete(account: SecretAccount): Promise<boolean> {
    return this.#writer(account).delete(account);
  }

  onStatusChange(listener: (status: SecretsStatus) => void): () => void {
    return this.#base.onStatusChange(listener);
  }

  close(): void {
    this.#base.close();
    this.#session.close();
  }

  #writer(account: SecretAccount): SecretStore {
    return this.#sessionKinds.has(account.kind) ? this.#session : this.#base;
  }
}
