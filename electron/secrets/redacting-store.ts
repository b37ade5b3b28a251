/** Makes every secret that passes through a store known to the redactor. */

import type { Redactor } from './redact.ts';
import type { SecretAccount, SecretLookup, SecretStore } from './secret-store.ts';

/** `store`, with what is read from it or written to it registered with `redactor` first. */
export function withRedaction(store: SecretStore, redactor: Redactor): SecretStore {
  return {
    status: () => store.status(),
    get: async (account: SecretAccount): Promise<SecretLookup> => {
      const found = await store.get(account);
      if (found.kind === 'found') redactor.add(found.value);
      return found;
    },
    set: async (account: SecretAccount, value: string): Promise<void> => {
      redactor.add(value);
      await store.set(account, value);
    },
    delete: (account) => store.delete(account),
    onStatusChange: (listener) => store.onStatusChange(listener),
    close: () => store.close(),
  };
}
