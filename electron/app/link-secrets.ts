import * as z from 'zod';
import { CodedError, type LinkId, type SecretNeed } from '../contract/index.ts';
import type { Credential, DeviceTokenStore } from '../links/gateway/options.ts';
import type { LinkRecord, LinkSecretKind, LinkSecrets } from '../peers/index.ts';
import { type SecretStore, SecretsError, secretAccount } from '../secrets/index.ts';
import { fromSecretsError } from './secrets-control.ts';

/** A device token as one keychain entry. */
const StoredDeviceToken = z.object({ token: z.string(), scopes: z.array(z.string()) });

/** The keychain’s own errors as those of the contract. */
export const coded = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SecretsError) throw new CodedError(fromSecretsError(error));
    throw error;
  }
};

/** The keychain as the peer book needs it: errors of the contract instead of the room's own. */
export function linkSecrets(store: SecretStore, homeId: string): LinkSecrets {
  return {
    set: (linkId, kind, value) => coded(store.set(secretAccount(homeId, kind, linkId), value)),
    delete: async (linkId, kind) => {
      await coded(store.delete(secretAccount(homeId, kind, linkId)));
    },
  };
}

/** Why a secret could not be read, in the words of a link's state. */
const need = (status: string): SecretNeed => (status === 'locked' ? 'locked' : 'unavailable');

/** Fetches a link's credential anew for every attempt. */
export async function credentialOf(
  store: SecretStore,
  homeId: string,
  link: Pick<LinkRecord, 'id' | 'credential'>,
): Promise<Credential> {
  if (link.credential === 'none') return { kind: 'none' };
  const kind: LinkSecretKind = `gateway-${link.credential}`;
  const found = await store.get(secretAccount(homeId, kind, link.id));
  switch (found.kind) {
    case 'found':
      return { kind: link.credential, value: found.value };
    case 'absent':
      return { kind: 'unavailable', reason: 'absent' };
    case 'unavailable':
      return { kind: 'unavailable', reason: need(found.status.kind) };
  }
}

/** Where the token that a gateway gave to this device is kept. */
export function deviceTokenStore(
  store: SecretStore,
  homeId: string,
  linkId: LinkId,
): DeviceTokenStore {
  const account = secretAccount(homeId, 'device-token', linkId);
  return {
    load: async () => {
      const found = await store.get(account);
      if (found.kind !== 'found') return null;
      try {
        const parsed = StoredDeviceToken.safeParse(JSON.parse(found.value));
        return parsed.success ? parsed.data : null;
      } catch {
        // A mounted folder holds the token alone.
        return { token: found.value, scopes: [] };
      }
    },
    store: (token) => store.set(account, JSON.stringify(token)),
    clear: async () => {
      await store.delete(account);
    },
  };
}
