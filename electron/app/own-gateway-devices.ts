/** Who is let in at the own gateway: the calls of a person about devices. */
import { type CallHandlers, type CodedError, codedError, ok } from '../contract/index.ts';
import { type OurDevices, type OwnerOf, readDevices, tokenRoles } from '../setup/index.ts';
import type { AdminDoor } from './own-gateway-admin.ts';
import { decideRequest, findRequest } from './own-gateway-requests.ts';

/** The calls of the device list: who is in, who asks, and what the person says to it. */
export type DeviceHandlers = Pick<
  CallHandlers,
  | 'ownGateway.devices'
  | 'ownGateway.approve'
  | 'ownGateway.reject'
  | 'ownGateway.rename'
  | 'ownGateway.revoke'
  | 'ownGateway.remove'
>;

/** How the device list is read, and by what its rows are told to be a peer's or our own. */
export interface DeviceCallParts {
  readonly door: AdminDoor;
  readonly ownerOf: OwnerOf;
  /** This installation's devices, as far as they can be had. */
  ours(): Promise<OurDevices>;
}

const PAIRING = ['operator.pairing'];
/** Another device's token may hold any scope, and OpenClaw asks for all of them of whoever revokes it. */
const ADMIN = ['operator.pairing', 'operator.admin'];

/** Builds the handlers. */
export function deviceHandlers({ door, ownerOf, ours }: DeviceCallParts): DeviceHandlers {
  return {
    'ownGateway.devices': async () => {
      const [list, known] = await Promise.all([
        door.within(PAIRING, (admin) => admin.request('device.pair.list', {})),
        ours(),
      ]);
      return ok(readDevices(list, { ours: known, ownerOf }));
    },
    'ownGateway.approve': async ({ requestId, scopes }) => {
      const request = await door.within(PAIRING, (admin) => findRequest(admin, requestId, ownerOf));
      const asked = request.scopes.map((one) => one.scope);
      checkAgreed(asked, scopes);
      // No more rights than what is given away, and what the device has already.
      const needed =
        request.role === 'operator'
          ? [...PAIRING, ...asked, ...request.hasScopes.map((one) => one.scope)]
          : ADMIN;
      await door.within([...new Set(needed)], (admin) =>
        decideRequest(admin, requestId, 'approve'),
      );
      return ok({ deviceId: request.deviceId });
    },
    'ownGateway.reject': async ({ requestId }) => {
      await door.within(PAIRING, (admin) => decideRequest(admin, requestId, 'reject'));
      return ok({});
    },
    'ownGateway.rename': async ({ deviceId, name }) => {
      await door.within(ADMIN, (admin) =>
        known(admin.request('device.pair.rename', { deviceId, label: name })),
      );
      return ok({});
    },
    'ownGateway.revoke': async ({ deviceId }) => {
      await door.within(ADMIN, async (admin) => {
        const roles = tokenRoles(await admin.request('device.pair.list', {}), deviceId);
        for (const role of roles)
          await known(admin.request('device.token.revoke', { deviceId, role }));
      });
      return ok({});
    },
    'ownGateway.remove': async ({ deviceId }) => {
      await door.within(ADMIN, (admin) => known(admin.request('device.pair.remove', { deviceId })));
      return ok({});
    },
  };
}

/** What the person agreed to is what is asked, no more and no less. */
function checkAgreed(asked: readonly string[], agreed: readonly string[]): void {
  const more = agreed.some((scope) => !asked.includes(scope));
  const fewer = asked.filter((scope) => !agreed.includes(scope));
  if (more) throw codedError('own_gateway.request_changed', 'It asks for other rights than shown.');
  if (fewer.length > 0)
    throw codedError(
      'own_gateway.cannot_approve_less',
      `It asks for ${asked.join(', ')}. A smaller key would not hold: with the shared token the device takes the rest back.`,
    );
}

/** Names what OpenClaw refuses where the device is gone. */
async function known(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const { detail, code } = (error as CodedError).error ?? {};
    if (code === 'own_gateway.failed' && /unknown deviceId/i.test(detail))
      throw codedError('own_gateway.device_gone', 'OpenClaw does not know it any more.');
    throw error;
  }
}
