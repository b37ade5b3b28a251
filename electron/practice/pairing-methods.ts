/** The methods about devices: who asks to be let in, who was, and who is out again. */
import { invalidRequest } from './frames.ts';
import type { Handler, MethodAnswer, MethodContext } from './method-types.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function pairList(context: MethodContext): MethodAnswer {
  const pending = context.devices.pending().map((entry) => ({
    requestId: entry.requestId,
    deviceId: entry.id,
    displayName: entry.displayName,
    scopes: entry.scopes,
    ts: entry.at,
  }));
  const paired = context.devices.list().map((device) => ({
    deviceId: device.id,
    displayName: device.displayName,
    scopes: device.scopes,
    approvedAtMs: device.approvedAt,
  }));
  return { payload: { pending, paired } };
}

const PAIRING = 'operator.pairing';

/** Each with the scope that it needs. */
export const pairingMethods: Readonly<Record<string, { scope: string; handler: Handler }>> = {
  'device.pair.list': { scope: PAIRING, handler: pairList },
  'device.pair.approve': {
    scope: PAIRING,
    handler: (context, params) => {
      const requestId = text(params.requestId);
      if (!context.devices.approve(requestId, context.clock.now())) {
        throw invalidRequest('unknown requestId');
      }
      context.changed();
      return { payload: { requestId, ok: true } };
    },
  },
  'device.pair.remove': {
    scope: PAIRING,
    handler: (context, params) => {
      const deviceId = text(params.deviceId);
      const removed = context.devices.remove(deviceId);
      context.changed();
      return { payload: { deviceId, removed }, after: () => context.dropDevice(deviceId) };
    },
  },
  'device.token.revoke': {
    scope: PAIRING,
    handler: (context, params) => {
      const deviceId = text(params.deviceId);
      if (!context.devices.revokeToken(deviceId)) throw invalidRequest('unknown deviceId');
      context.changed();
      const revokedAtMs = context.clock.now();
      const payload = { deviceId, role: params.role, revokedAtMs };
      return { payload, after: () => context.dropDevice(deviceId) };
    },
  },
};
