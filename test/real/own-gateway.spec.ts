import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  CallInput,
  CallName,
  CallOutput,
  GatewayLive,
} from '../../electron/contract/index.ts';
import { type AppHandle, startInProcess, workFolder } from '../journeys/app-handle.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { createNamespace, type NetworkNamespace } from './parts/namespace.ts';
import {
  createDevice,
  ensureOpenClaw,
  RawClient,
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
  WireError,
} from './parts/openclaw.ts';
import { until } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

/** The app beside a real OpenClaw, whose machine has an address in a network that the test made. */
await describeWith(['openclaw', 'netns'], 'the own gateway, with a real OpenClaw', () => {
  let model: StubModel;
  let gateway: RealGateway;
  let namespace: NetworkNamespace;
  let app: AppHandle;
  let live: GatewayLive | null = null;
  let token = '';
  const { home } = workFolder();
  const before = { ...process.env };

  const ask = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
    const result = await app.call(name, input);
    if (!result.ok) throw new Error(`${name}: ${result.error.code}: ${result.error.detail}`);
    return result.value;
  };
  const refused = async <N extends CallName>(name: N, input: CallInput<N>): Promise<string> => {
    const result = await app.call(name, input);
    return result.ok ? 'done' : result.error.code;
  };
  const step = (kind: string, limitMs = LINK_PATIENCE_MS): Promise<true> =>
    until(
      `the step ${kind}; it is ${JSON.stringify(live?.task?.step)}`,
      () => {
        const at = live?.task?.step;
        if (at?.kind === 'failed' && kind !== 'failed') throw new Error(JSON.stringify(at));
        return at?.kind === kind;
      },
      limitMs,
    );
  const openAddresses = async (): Promise<string[]> =>
    (await ask('ownGateway.exposure', {})).addresses
      .filter((one) => one.state === 'open')
      .map((one) => one.address);
  const fromOutside = (
    device: ReturnType<typeof createDevice>,
    scopes = ['operator.read', 'operator.write'],
  ) =>
    RawClient.connect({
      url: `ws://${namespace.hostAddress}:${gateway.port}`,
      token,
      device,
      scopes,
      displayName: 'Ada’s laptop',
    });
  const config = (): Record<string, Record<string, unknown>> =>
    JSON.parse(readFileSync(gateway.configPath, 'utf8'));

  beforeAll(async () => {
    namespace = await createNamespace();
    model = await startStubModel();
    gateway = await startGateway({ name: 'own', model });
    token = gateway.token ?? '';
    const { folder } = await ensureOpenClaw();
    process.env.OPENCLAW_CONFIG_PATH = gateway.configPath;
    process.env.OPENCLAW_STATE_DIR = gateway.stateDir;
    // Its command line prints nothing where it finds itself inside a test run.
    delete process.env.VITEST;
    process.env.PATH = `${join(folder, 'node_modules', '.bin')}:${process.env.PATH}`;
    app = await startInProcess({ home, keychain: { kind: 'none' } });
    app.onChange((change) => {
      if (change.type === 'gateway') live = change.value;
    });
    await ask('secrets.useSession', {});
  });
  afterAll(async () => {
    await app?.stop();
    await gateway?.stop();
    await model?.close();
    await namespace?.remove();
    process.env = before;
  });

  it('is found, running and ready, with the process that listens', async () => {
    const status = await ask('ownGateway.status', {});
    expect(status).toMatchObject({
      place: 'here',
      running: true,
      ready: true,
      credential: 'token',
    });
    expect(status.installed?.version).toBe('2026.9.6');
    expect(status.listeners.map((one) => one.pid)).toContain(gateway.pid);
    expect(status.settings?.bind).toBe('loopback');
    await ask('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
    await until('our link is up', async () => {
      const { peers } = await ask('peer.list', {});
      return peers[0]?.status === 'up';
    });
  });

  it('can be reached by this machine only, as connecting shows', async () => {
    const exposure = await ask('ownGateway.exposure', {});
    expect(exposure.reach).toBe('loopback');
    expect(exposure.addresses.find((one) => one.address === namespace.hostAddress)?.state).toBe(
      'closed',
    );
  });

  it('refuses a wildcard, a public address and one of another machine', async () => {
    const wish = { choice: 'custom', autoApproveLocal: false, tunnel: false } as const;
    for (const address of ['0.0.0.0', '192.0.2.77', namespace.address])
      expect(await refused('ownGateway.planBind', { ...wish, address })).toBe(
        'own_gateway.address_refused',
      );
    const tailnet = { ...wish, choice: 'tailnet', address: null } as const;
    expect(await refused('ownGateway.planBind', tailnet)).toBe('own_gateway.no_tailnet_address');
  });

  it('listens on a chosen address only once a new process runs, and goes on by itself then', async () => {
    const bytes = await readFile(gateway.configPath);
    const former = config();
    const plan = await ask('ownGateway.planBind', {
      choice: 'custom',
      address: namespace.hostAddress,
      autoApproveLocal: false,
      tunnel: false,
    });
    expect(plan.diff.map((line) => [line.path, line.after])).toEqual([
      ['gateway.bind', '"custom"'],
      ['gateway.customBindHost', JSON.stringify(namespace.hostAddress)],
      ['gateway.nodes.pairing.autoApproveLocal', 'false'],
    ]);
    expect(plan.restartBy).toBe('person');
    await ask('ownGateway.applyBind', { planId: plan.planId });
    await step('waiting_for_person');
    // It restarted by itself meanwhile, and kept the sockets that it had.
    expect(await openAddresses()).toEqual(['127.0.0.1', '::1']);
    await gateway.restart();
    await step('done');
    expect(await openAddresses()).toEqual(['127.0.0.1', namespace.hostAddress]);

    const folder = join(home, 'openclaw-backups');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    expect(names).toHaveLength(1);
    expect(await readFile(join(folder, names[0] ?? ''))).toEqual(bytes);
    expect((await stat(join(folder, names[0] ?? ''))).mode & 0o777).toBe(0o600);
    const now = config();
    expect({ ...now, gateway: null, meta: null }).toMatchObject({
      ...former,
      gateway: null,
      meta: null,
    });
    expect(now.gateway).toMatchObject({ port: gateway.port, auth: { mode: 'token', token } });
  });

  it('tells of a device that asks from another address, and lets it in with what it asked for', async () => {
    await ask('ownGateway.watchRequests', { watch: true });
    await until('the watch', () => live?.watch.kind === 'on');
    const device = createDevice();
    await expect(fromOutside(device)).rejects.toBeInstanceOf(WireError);
    await until('the request', () => live?.pendingCount === 1);
    const [request] = live?.pending ?? [];
    expect(request).toMatchObject({
      name: 'Ada’s laptop',
      fingerprint: device.id,
      address: namespace.hostAddress,
    });
    expect(request?.scopes.map((one) => one.scope)).toEqual(['operator.read', 'operator.write']);
    const { notices } = await ask('notice.list', {});
    expect(notices[0]?.title).toBe('Ada’s laptop asks to be let in');

    const requestId = request?.requestId ?? '';
    expect(await refused('ownGateway.approve', { requestId, scopes: ['operator.read'] })).toBe(
      'own_gateway.cannot_approve_less',
    );
    await ask('ownGateway.approve', { requestId, scopes: ['operator.read', 'operator.write'] });
    const client = await fromOutside(device);
    await until('nobody asks any more', () => live?.pendingCount === 0);
    await ask('ownGateway.rename', { deviceId: device.id, name: 'Ada' });
    const { paired } = await ask('ownGateway.devices', {});
    expect(paired.find((one) => one.deviceId === device.id)).toMatchObject({
      name: 'Ada',
      renamed: true,
      connected: true,
      approvedBy: 'person',
      ours: null,
    });

    await ask('ownGateway.revoke', { deviceId: device.id });
    const revokedAt = Date.now();
    // The code says that it was shut out; without it the socket would stand on.
    expect(await client.closed).toMatchObject({ code: 4001 });
    console.info(`a device was shut out after ${Date.now() - revokedAt} ms`);
    const after = await ask('ownGateway.devices', {});
    expect(after.paired.find((one) => one.deviceId === device.id)?.revoked).toBe(true);
    await ask('ownGateway.remove', { deviceId: device.id });
    expect((await ask('ownGateway.devices', {})).paired.map((one) => one.deviceId)).not.toContain(
      device.id,
    );
  });

  it('turns a device away, and makes one notice of many that ask', async () => {
    const devices = [createDevice(), createDevice(), createDevice()];
    for (const device of devices) await fromOutside(device).catch(() => {});
    await until('three ask', () => live?.pendingCount === 3);
    const { notices } = await ask('notice.list', {});
    expect(notices.filter((one) => !one.read && /ask/.test(one.title))).toHaveLength(1);
    for (const { requestId } of live?.pending ?? []) await ask('ownGateway.reject', { requestId });
    await until('none asks', () => live?.pendingCount === 0);
  });

  it('does not overwrite what another hand changed after the plan', async () => {
    const plan = await ask('ownGateway.planBind', {
      choice: 'loopback',
      address: null,
      autoApproveLocal: false,
      tunnel: false,
    });
    await gateway.admin.patchConfig({ logging: { level: 'info' } });
    await ask('ownGateway.applyBind', { planId: plan.planId });
    await step('failed');
    expect(live?.task?.step).toMatchObject({
      kind: 'failed',
      error: { code: 'own_gateway.config_changed' },
      restored: null,
    });
    expect(config().logging).toMatchObject({ level: 'info' });
    expect(config().gateway).toMatchObject({ bind: 'custom' });
  });

  it('has a new token, with which everything of ours connects and the old one does not', async () => {
    await ask('ownGateway.rotateToken', {});
    await step('done');
    expect(live?.task?.links).toMatchObject([{ name: 'Mine', connected: true }]);
    const auth = config().gateway?.auth as { token: string };
    expect(auth.token).not.toBe(token);
    await gateway.admin.drop();
    await expect(fromOutside(createDevice())).rejects.toThrow(/mismatch/i);
    token = auth.token;
    expect(app.logged.join('\n')).not.toContain(token);
  });

  it('goes back to this machine only, and is closed to the network then', async () => {
    const plan = await ask('ownGateway.planBind', {
      choice: 'loopback',
      address: null,
      autoApproveLocal: false,
      tunnel: false,
    });
    await ask('ownGateway.applyBind', { planId: plan.planId });
    await step('waiting_for_person');
    expect(await openAddresses()).toContain(namespace.hostAddress);
    await gateway.restart();
    await step('done');
    expect(await openAddresses()).toEqual(['127.0.0.1', '::1']);
  });

  it('is audited in plain words', async () => {
    const { findings } = await ask('ownGateway.audit', {});
    expect(findings.map((one) => one.checkId)).toContain('gateway.trusted_proxies_missing');
  });
});
