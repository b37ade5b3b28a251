import * as z from 'zod';
import type { SecretNeed } from '../contract/index.ts';
import type { DeviceSigner } from '../links/gateway/options.ts';
import {
  loadOrCreateDeviceIdentity,
  publicKeyRawBase64Url,
  SecretsError,
  signPayload,
} from '../secrets/index.ts';
import type { AppState } from './app-state.ts';
import type { SecretsControl } from './secrets-control.ts';

/** This installation's signer, or what the keeper of secrets needs before it can be had. */
export type DeviceLookup =
  | { readonly kind: 'ready'; readonly signer: DeviceSigner }
  | { readonly kind: 'unavailable'; readonly reason: SecretNeed };

/** The one device that this home is at every gateway; created by {@link createDevice}. */
export interface Device {
  /** The home's identity, made upon first use; asked again while it cannot be had. */
  get(): Promise<DeviceLookup>;
  /** The keeper of secrets changed: what was read before may not be its own. */
  reset(): void;
}

const DeviceId = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * This installation's Ed25519 identity. Its id is remembered in the database, so that a key that is
 * missing from the keychain is never quietly replaced by another: the peers know this one.
 */
export function createDevice(
  secrets: SecretsControl,
  state: AppState,
  homeId: string,
  log: (line: string) => void,
): Device {
  let known: Promise<DeviceLookup> | null = null;

  const load = async (): Promise<DeviceLookup> => {
    // Kept in memory only, an identity is meant to be new with each start.
    const { status } = await secrets.recheck();
    const expected = status === 'session_only' ? null : state.get('device_id', DeviceId);
    try {
      const identity = await loadOrCreateDeviceIdentity(
        secrets.store,
        homeId,
        expected === null ? {} : { expectedDeviceId: expected },
      );
      if (expected === null && status === 'available')
        await state.set('device_id', identity.deviceId);
      return {
        kind: 'ready',
        signer: {
          deviceId: identity.deviceId,
          publicKey: publicKeyRawBase64Url(identity.publicKeyPem),
          sign: (payload) => signPayload(identity.privateKeyPem, payload),
        },
      };
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      log(`the device's identity cannot be had: ${error.code}`);
      known = null;
      return {
        kind: 'unavailable',
        reason:
          error.code === 'secrets.locked'
            ? 'locked'
            : error.code === 'secrets.identity_missing'
              ? 'absent'
              : 'unavailable',
      };
    }
  };

  return {
    get: () => {
      known ??= load().catch((error: unknown) => {
        known = null;
        throw error;
      });
      return known;
    },
    reset: () => {
      known = null;
    },
  };
}
