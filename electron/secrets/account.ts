/** How entries are named: service `Peerage`, account `<home id>/<kind>/<link id>`. */

import { SECRET_KINDS, type SecretAccount, type SecretKind, SecretsError } from './secret-store.ts';

/** The service under which every entry of ours stands in a system keychain. */
export const KEYCHAIN_SERVICE = 'Peerage';

/** Stands for the link id where a secret belongs to the home itself, as the device key does. */
export const OWN_LINK = 'own';

/** Ids are UUIDs or names of the same alphabet: no slash, no control character, at most 64. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Names a secret. Throws `secrets.bad_account` when an id could not be told from its neighbours. */
export function secretAccount(homeId: string, kind: SecretKind, linkId: string): SecretAccount {
  const account: SecretAccount = { homeId, kind, linkId };
  accountName(account);
  return account;
}

/** The account's text in the keychain. Throws `secrets.bad_account`. */
export function accountName({ homeId, kind, linkId }: SecretAccount): string {
  if (!ID.test(homeId) || !ID.test(linkId) || !SECRET_KINDS.includes(kind)) {
    throw new SecretsError(
      'secrets.bad_account',
      'A secret was asked for under a name that is not allowed.',
    );
  }
  return `${homeId}/${kind}/${linkId}`;
}
