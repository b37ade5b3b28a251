import { describe, expect, it } from 'vitest';
import { letOwnDeviceIn } from '../../../electron/app/own-gateway-let-in.ts';
import { codedError } from '../../../electron/contract/index.ts';
import type { AdminConnection } from '../../../electron/links/gateway/index.ts';

const OWN = 'a'.repeat(64);

/** A gateway at which one device waits; says what was asked of it. */
function gatewayWith(request: Record<string, unknown>) {
  const asked: string[] = [];
  const admin = {
    request: async (method: string) => {
      asked.push(method);
      return { pending: [request], paired: [] };
    },
  } as unknown as AdminConnection;
  const opened: (readonly string[])[] = [];
  return {
    asked,
    opened,
    within: async <T>(scopes: readonly string[], work: (one: AdminConnection) => Promise<T>) => {
      opened.push(scopes);
      return work(admin);
    },
  };
}

const pending = {
  requestId: 'r1',
  deviceId: OWN,
  publicKey: 'key',
  role: 'operator',
  scopes: ['operator.write'],
  ts: 1,
};
const own = { requestId: 'r1', deviceId: OWN, scopes: ['operator.write'] };

describe('letting a device of one’s own in', () => {
  it('approves its request, with no more rights than that takes', async () => {
    const gateway = gatewayWith(pending);
    await letOwnDeviceIn(gateway, own);
    expect(gateway.asked).toEqual(['device.pair.list', 'device.pair.approve']);
    expect(gateway.opened).toEqual([['operator.pairing', 'operator.write']]);
  });

  it.each([
    ['another device’s', { ...pending, deviceId: 'b'.repeat(64) }],
    ['one that asks for more', { ...pending, scopes: ['operator.write', 'operator.admin'] }],
    ['one of another role', { ...pending, role: 'node' }],
  ])('approves no request that is %s', async (_, request) => {
    const gateway = gatewayWith(request);
    await expect(letOwnDeviceIn(gateway, own)).rejects.toMatchObject({
      error: { code: 'own_gateway.request_changed' },
    });
    expect(gateway.asked).toEqual(['device.pair.list']);
  });

  it('says that a request is gone', async () => {
    const gateway = gatewayWith({ ...pending, requestId: 'r2' });
    await expect(letOwnDeviceIn(gateway, own)).rejects.toMatchObject({
      error: { code: 'own_gateway.request_gone' },
    });
  });

  it.each([
    ['a person let it in meanwhile', [], 'own_gateway.request_gone'],
    ['it is not to be decided by this app', [pending], 'own_gateway.failed'],
  ])('tells apart why OpenClaw denies it: %s', async (_, later, code) => {
    let decided = false;
    const admin = {
      request: async (method: string) => {
        if (method === 'device.pair.list')
          return { pending: decided ? later : [pending], paired: [] };
        decided = true;
        throw codedError('own_gateway.failed', 'device pairing approval denied');
      },
    } as unknown as AdminConnection;
    await expect(
      letOwnDeviceIn({ within: async (_scopes, work) => work(admin) }, own),
    ).rejects.toMatchObject({ error: { code } });
  });
});
