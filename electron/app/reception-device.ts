/** The device under which the reception goes to the own gateway: never that of the person. */
import { codedError, type LinkId } from '../contract/index.ts';
import {
  type DeviceIdentity,
  deviceIdentityFromPem,
  newDeviceIdentity,
  type SecretStore,
  secretAccount,
} from '../secrets/index.ts';

/** Names this device's secrets in the keychain, beside those of the links. */
export const RECEPTION_DEVICE = 'reception' as LinkId;

/**
 * Its key, made upon first use.
 * @throws CodedError secrets.locked
 */
export async function receptionDevice(
  secrets: SecretStore,
  homeId: string,
): Promise<DeviceIdentity> {
  const account = secretAccount(homeId, 'device-key', RECEPTION_DEVICE);
  const found = await secrets.get(account);
  if (found.kind === 'found') return deviceIdentityFromPem(found.value);
  if (found.kind === 'unavailable') throw codedError('secrets.locked', found.status.cause);
  const made = newDeviceIdentity();
  await secrets.set(account, made.privateKeyPem);
  return made;
}

/** Its id; null where it was not made yet, or cannot be read now. Makes nothing. */
export async function receptionDeviceId(
  secrets: SecretStore,
  homeId: string,
): Promise<string | null> {
  const found = await secrets.get(secretAccount(homeId, 'device-key', RECEPTION_DEVICE));
  return found.kind === 'found' ? deviceIdentityFromPem(found.value).deviceId : null;
}
