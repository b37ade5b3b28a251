import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock/clock.ts';
import type { LinkId } from '../../electron/contract/index.ts';
import { createHandOver, type HandOver } from '../../electron/links/gateway/index.ts';
import { createAudit } from '../../electron/reception/audit.ts';
import { createReception } from '../../electron/reception/index.ts';
import { createTokens } from '../../electron/reception/tokens.ts';
import {
  newDeviceIdentity,
  publicKeyRawBase64Url,
  signPayload,
} from '../../electron/secrets/index.ts';
import { openStore } from '../../electron/store/store.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import {
  FakePartners,
  foreignClient,
  NO_PLACES,
  rpc,
  until,
  userMessage,
} from '../unit/reception/parts/rig.ts';
import {
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
} from './parts/openclaw.ts';
import { describeWith } from './parts/require.ts';

const nothing = (): void => undefined;
/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** More than sessions give of a file. */
const LARGE_PICTURE = Buffer.concat([PICTURE, Buffer.alloc(300_000, 7)]);

await describeWith(['openclaw'], 'the reception, before a real OpenClaw', () => {
  let model: StubModel;
  let gateway: RealGateway;
  let handOver: HandOver;
  const clock = systemClock();
  const home = mkdtempSync(join(tmpdir(), 'peerage-reception-real-'));
  const store = openStore(home, clock.now());
  const partners = new FakePartners(store);
  const own = newDeviceIdentity();
  const device = newDeviceIdentity();
  let config = { listen: 'loopback' as 'off' | 'loopback' | 'tailnet', port: 0 };
  const reception = createReception({
    store,
    clock,
    changed: nothing,
    config: {
      read: () => config,
      write: async (next) => {
        config = next;
      },
    },
    settings: () => ({ incomingPaused: false, retentionDays: 0, capabilities: [] }),
    tailnet: { addresses: () => [], names: () => [], whois: async () => null },
    identity: async () => ({
      deviceId: own.deviceId,
      publicKey: publicKeyRawBase64Url(own.publicKeyPem),
      sign: (text) => signPayload(own.privateKeyPem, text),
    }),
    partners,
    places: NO_PLACES,
    agents: {
      trouble: () => null,
      // Connected before anything is asked for, and never gone.
      onReady: () => nothing,
      unasked: async () => null,
      sessions: (signal) => handOver.sessions(signal),
      agents: (signal) => handOver.agents(signal),
      begin: (run, signal) => handOver.begin(run, signal),
      follow: (key, session, signal) => handOver.follow(key, session, signal),
      settle: (key, session, signal) => handOver.settle(key, session, signal),
      file: (session, path, signal) => handOver.file(session, path, signal),
      abort: (key, session, signal) => handOver.abort(key, session, signal),
    },
    attention: {
      delegation: nothing,
      chainEnded: nothing,
      ended: nothing,
      invite: nothing,
      settle: nothing,
    },
    ownGateway: async () => null,
    gatewayCode: async () => '',
    displayName: 'Peerage on test',
    appVersion: '0.1.0',
    log: nothing,
  });
  let token = '';
  const context = {
    door: 'window' as const,
    connectionId: 'test',
    signal: new AbortController().signal,
  };

  beforeAll(async () => {
    model = await startStubModel();
    gateway = await startGateway({
      name: 'reception',
      model,
      agents: ['main', 'helper'],
    });
    handOver = createHandOver({
      id: randomUUID() as LinkId,
      url: gateway.url,
      credential: async () => ({ kind: 'token', value: gateway.token ?? '' }),
      device: {
        deviceId: device.deviceId,
        publicKey: publicKeyRawBase64Url(device.publicKeyPem),
        sign: (payload) => signPayload(device.privateKeyPem, payload),
      },
      deviceToken: {
        load: async () => null,
        store: async () => nothing(),
        clear: async () => nothing(),
      },
      pins: { identity: null, tls: null },
      onPin: nothing,
      clock,
      ownGateway: false,
      displayName: 'Peerage on test (reception)',
      appVersion: '0.1.0',
    });
    const ready = new Promise<void>((resolve) => handOver.onReady(resolve));
    handOver.start();
    await ready;
    await reception.start();
    const tokens = createTokens(store, clock, createAudit(store, clock, nothing));
    const peerId = await partners.add('Bea', null);
    token = await store.write(() => tokens.issue(peerId, null));
  });
  afterAll(async () => {
    await reception.stop();
    await handOver?.stop();
    await store.close();
    clock.stop();
    rmSync(home, { recursive: true, force: true });
    await gateway?.stop();
    await model?.close();
  });

  const origin = (): string => reception.view().addresses[0] ?? '';
  const propose = async (text: string): Promise<string> => {
    await rpc(origin(), token, 'SendMessage', {
      message: userMessage(text),
      configuration: { returnImmediately: true },
    });
    return until(() => reception.delegations().find((d) => d.text === text)?.id);
  };

  it('has the rights to write and to ask about commands, and no others', () => {
    expect(handOver.state()).toMatchObject({ scopes: ['operator.write', 'operator.approvals'] });
  });

  it('brings what was accepted to the agent, as an outsider’s words, and its answer back', async () => {
    model.script('two and three', { text: 'It is five.' });
    const id = await propose('What is two and three?');
    await reception.handlers['delegation.accept'](
      { delegationId: id as never, agentId: 'helper' },
      context,
    );
    const client = await foreignClient(origin(), token);
    const end = Date.now() + LINK_PATIENCE_MS;
    let task = await client.getTask({ tenant: '', id });
    while (task.artifacts.length === 0 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      task = await client.getTask({ tenant: '', id });
    }
    expect(task.artifacts[0]?.parts[0]?.content).toEqual({ $case: 'text', value: 'It is five.' });
    const session = reception.delegation(id as never)?.sessionKey ?? '';
    const history = await gateway.admin.request('chat.history', { sessionKey: session });
    expect(JSON.stringify(history)).toContain('"kind":"external_user"');
    expect(model.callsFor('two and three')).toHaveLength(1);
  });

  it('brings back the files of the agent’s workspace that its answer names, and no others', async () => {
    const { agents } = (await gateway.admin.request('agents.list')) as {
      agents: { id: string; workspace: string }[];
    };
    const workspace = agents.find((agent) => agent.id === 'main')?.workspace ?? '';
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, 'large.txt'), 'x'.repeat(300_000));
    writeFileSync(join(workspace, 'plan.png'), PICTURE);
    mkdirSync(join(workspace, 'out'), { recursive: true });
    writeFileSync(join(workspace, 'out/large.png'), LARGE_PICTURE);
    writeFileSync(join(workspace, 'tool.bin'), Buffer.from([0, 255, 0, 254]));
    model.script('count the lamps', {
      tool: { name: 'write', args: { path: 'lamps.txt', content: 'Seven lamps.\n' } },
      text: [
        'Counted.',
        'MEDIA:lamps.txt',
        'MEDIA:./plan.png',
        'MEDIA:out/large.png',
        'MEDIA:/etc/hostname',
        'MEDIA:../../state/openclaw.json',
        'MEDIA:large.txt',
        'MEDIA:tool.bin',
      ].join('\n'),
    });
    const id = await propose('Please count the lamps.');
    await reception.handlers['delegation.accept']({ delegationId: id as never }, context);
    const end = Date.now() + LINK_PATIENCE_MS;
    while (reception.delegation(id as never)?.state !== 'completed' && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const client = await foreignClient(origin(), token);
    const { artifacts } = await client.getTask({ tenant: '', id });
    const parts = artifacts.flatMap((artifact) => artifact.parts);
    expect(parts[0]?.content).toEqual({
      $case: 'text',
      value: [
        'Counted.',
        '(hostname was not sent: it is not in the agent’s workspace.)',
        '(openclaw.json was not sent: it is not in the agent’s workspace.)',
        '(large.txt was not sent: it is too large for the gateway to hand out, with 300000 bytes. It lies at “large.txt” in the agent’s workspace.)',
        '(tool.bin was not sent: the gateway hands out text and images only. It lies at “tool.bin” in the agent’s workspace.)',
      ].join('\n'),
    });
    const files = parts.flatMap(({ content, filename, mediaType }) =>
      content?.$case === 'raw' ? [[filename, mediaType, Buffer.from(content.value)]] : [],
    );
    expect(files).toEqual([
      ['lamps.txt', 'text/plain', Buffer.from('Seven lamps.\n')],
      ['plan.png', 'image/png', PICTURE],
      ['large.png', 'image/png', LARGE_PICTURE],
    ]);
  });

  it('tells of a command that OpenClaw refused to the agent without asking', async () => {
    await gateway.admin.patchConfig({ tools: { exec: { mode: 'ask', host: 'gateway' } } });
    const command = 'touch a && printf x > b';
    model.script('write a file', {
      tool: { name: 'exec', args: { command } },
      text: 'I could not.',
    });
    const id = await propose('Please write a file.');
    await reception.handlers['delegation.accept']({ delegationId: id as never }, context);
    const end = Date.now() + LINK_PATIENCE_MS;
    while (reception.delegation(id as never)?.state !== 'completed' && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const done = reception.delegation(id as never);
    expect(done?.error?.code).toBe('reception.command_refused');
    expect(done?.error?.detail).toContain(command);
    expect(done?.answer?.text).toBe(
      'I could not.\n\n(The agent was refused a command over here, so some of it may not be done.)',
    );
    const session = done?.sessionKey ?? '';
    const told = await handOver.settle(
      `peerage:${id}`,
      session,
      AbortSignal.timeout(LINK_PATIENCE_MS),
    );
    expect(told).toMatchObject({ kind: 'answered', refused: [done?.error?.detail] });
  });

  it('finds in the history what it handed over, and does not do it twice', async () => {
    model.script('count once', { text: 'Counted.' });
    const id = await propose('Please count once');
    await reception.handlers['delegation.accept']({ delegationId: id as never }, context);
    const end = Date.now() + LINK_PATIENCE_MS;
    while (reception.delegation(id as never)?.state !== 'completed' && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const session = reception.delegation(id as never)?.sessionKey ?? '';
    const signal = AbortSignal.timeout(LINK_PATIENCE_MS);
    expect(await handOver.settle(`peerage:${id}`, session, signal)).toEqual({
      kind: 'answered',
      text: 'Counted.',
      refused: [],
    });
    expect(await handOver.settle(`peerage:${randomUUID()}`, session, signal)).toEqual({
      kind: 'absent',
    });
    expect(model.callsFor('count once')).toHaveLength(1);
  });
});
