/** Requests of devices that wait at the own gateway: one that somebody else decided meanwhile is gone. */
import { type CodedError, codedError, type PairingRequest } from '../contract/index.ts';
import type { AdminConnection } from '../links/gateway/index.ts';
import { NO_DEVICES, type OwnerOf, readDevices } from '../setup/index.ts';

type Asking = Pick<AdminConnection, 'request'>;

const gone = (): CodedError =>
  codedError('own_gateway.request_gone', 'OpenClaw does not know it any more.');

const isWaiting = async (admin: Asking, requestId: string, ownerOf: OwnerOf) =>
  readDevices(await admin.request('device.pair.list', {}), {
    ours: NO_DEVICES,
    ownerOf,
  }).pending.find((one) => one.requestId === requestId);

/** Finds one that waits. @throws CodedError own_gateway.request_gone, and what the door throws */
export async function findRequest(
  admin: Asking,
  requestId: string,
  ownerOf: OwnerOf,
): Promise<PairingRequest> {
  const found = await isWaiting(admin, requestId, ownerOf);
  if (!found) throw gone();
  return found;
}

/**
 * Approves or rejects one. Of a request that is not there OpenClaw tells an administrator *unknown
 * requestId*, and anybody else only that it is denied, as of one that is not theirs to decide (observed in
 * 2026.9.6): so it is asked whether it still waits.
 * @throws CodedError own_gateway.request_gone, own_gateway.failed, own_gateway.no_answer
 */
export async function decideRequest(
  admin: Asking,
  requestId: string,
  decision: 'approve' | 'reject',
): Promise<void> {
  try {
    await admin.request(`device.pair.${decision}`, { requestId });
  } catch (error) {
    const { detail, code } = (error as CodedError).error ?? {};
    const mayBeGone = code === 'own_gateway.failed' && /unknown requestId|denied/i.test(detail);
    if (mayBeGone && !(await isWaiting(admin, requestId, () => null))) throw gone();
    throw error;
  }
}
