import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRig } from '../fakes/gateway/link-rig.ts';
import { type GatewayUnderTest, scenarios } from '../fakes/gateway/scenarios.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { createNamespace, type NetworkNamespace } from './parts/namespace.ts';
import {
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
} from './parts/openclaw.ts';
import { describeWith } from './parts/require.ts';

/** A real OpenClaw, as the shared scenarios see a gateway. */
function driver(gateway: RealGateway, model: StubModel): GatewayUnderTest {
  return {
    url: gateway.url,
    credential: { kind: 'token', value: gateway.token ?? '' },
    patienceMs: LINK_PATIENCE_MS,
    answer: (match, { text, chunkMs, hold, fails }) =>
      model.script(match, {
        ...(text === undefined ? {} : { text }),
        ...(chunkMs === undefined ? {} : { chunkMs }),
        ...(hold ? { gate: { open: hold.until, release: hold.release } } : {}),
        ...(fails ? { failStatus: 400 } : {}),
      }),
    modelCalls: (match) => model.callsFor(match).length,
    restart: () => gateway.restart(),
    kill: () => gateway.kill('SIGKILL'),
    revive: () => gateway.start(),
    revoke: async (deviceId) => {
      await gateway.admin.revokeDevice(deviceId);
    },
  };
}

await describeWith(['openclaw'], 'a gateway link, against a real OpenClaw', () => {
  let model: StubModel;
  let gateway: RealGateway;
  beforeAll(async () => {
    model = await startStubModel();
    gateway = await startGateway({ name: 'link', model, agents: ['main', 'helper'] });
  });
  afterAll(async () => {
    await gateway?.stop();
    await model?.close();
  });

  for (const scenario of scenarios) {
    it(scenario.name, () => scenario.run(driver(gateway, model)));
  }
});

await describeWith(
  ['openclaw', 'netns'],
  'a gateway link to a machine that is not this one',
  () => {
    let model: StubModel;
    let gateway: RealGateway;
    let namespace: NetworkNamespace;
    beforeAll(async () => {
      namespace = await createNamespace();
      model = await startStubModel({ host: namespace.hostAddress });
      gateway = await startGateway({ name: 'remote', model, namespace });
    });
    afterAll(async () => {
      await gateway?.stop();
      await model?.close();
      await namespace?.remove();
    });

    it('waits for approval with the exact command, and goes on by itself once approved', async () => {
      const credential = { kind: 'token', value: gateway.token ?? '' } as const;
      const rig = startRig({ url: gateway.url, credential });
      try {
        const state = await rig.state('needs_approval', LINK_PATIENCE_MS);
        expect(state.command).toBe(`openclaw devices approve ${state.requestId}`);
        expect(state.reason).toBe('not_paired');
        const pending = await gateway.admin.pendingDevices();
        expect(pending.map((entry) => entry.deviceId)).toContain(rig.device.deviceId);
        await gateway.admin.approve(state.requestId);
        // It asks again 15 s after the first time.
        await rig.up(LINK_PATIENCE_MS);
        expect(rig.deviceToken).not.toBeNull();
        rig.credential = { kind: 'unavailable', reason: 'absent' };
        rig.link.reconnect();
        await rig.up(LINK_PATIENCE_MS);
        await gateway.admin.revokeDevice(rig.device.deviceId);
        await rig.state('revoked', LINK_PATIENCE_MS);
      } finally {
        await rig.stop();
      }
    });
  },
);
