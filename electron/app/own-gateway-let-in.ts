/**
 * Letting a device of this app's own in at the own gateway. A gateway that asks about every device asks
 * about this one too; its key is in our keychain and nowhere else, so there is nothing to ask a person.
 */
import { codedError } from '../contract/index.ts';
import type { AdminDoor } from './own-gateway-admin.ts';
import { decideRequest, findRequest } from './own-gateway-requests.ts';

const PAIRING = 'operator.pairing';

/** What waits there. */
export interface OwnRequest {
  readonly requestId: string;
  readonly deviceId: string;
  /** The most that it may ask for. */
  readonly scopes: readonly string[];
}

/**
 * Approves the request of this very device, where it asks for no more than it should.
 * @throws CodedError own_gateway.request_gone, .request_changed, and what the door throws
 */
export async function letOwnDeviceIn(
  door: Pick<AdminDoor, 'within'>,
  { requestId, deviceId, scopes }: OwnRequest,
): Promise<void> {
  await door.within([PAIRING, ...scopes], async (admin) => {
    const found = await findRequest(admin, requestId, () => null);
    const more = found.scopes.some(({ scope }) => !scopes.includes(scope));
    if (found.deviceId !== deviceId || found.role !== 'operator' || more)
      throw codedError('own_gateway.request_changed', 'It is not the request of this app.');
    await decideRequest(admin, requestId, 'approve');
  });
}
