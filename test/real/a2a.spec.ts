import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ExecVerdict, execVerdict } from '../../electron/setup/index.ts';
import { ForeignAgent, STATE } from '../fakes/a2a/foreign-agent.ts';
import { type A2aRig, envelope, startA2aRig } from '../fakes/a2a/link-rig.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { foreignClient, type Rig, startRig, until } from '../unit/reception/parts/rig.ts';
import {
  createGate,
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
} from './parts/openclaw.ts';
import { until as untilSo } from './parts/process.ts';
import type { Json } from './parts/raw-client.ts';
import { describeWith } from './parts/require.ts';

const TOKEN = randomBytes(24).toString('base64url');
const channel = (peer: Json): Json => ({
  channels: { a2a: { enabled: true, exposeAgents: ['main'], peers: { peerage: peer } } },
});

/** OpenClaw 2026.9.6 as it is: what Peerage can have of it, and what it can have of Peerage. */
await describeWith(['openclaw'], 'A2A with a real OpenClaw', () => {
  let model: StubModel;
  /** With channels.a2a, and one without. */
  let on: RealGateway;
  let off: RealGateway;
  let link: A2aRig;

  const send = async (text: string, sessionKey = link.session()) => {
    const key = link.key();
    const outcome = await link.link.send(envelope(key, sessionKey, text), link.signal);
    return { key, sessionKey, outcome };
  };

  beforeAll(async () => {
    model = await startStubModel();
    [on, off] = await Promise.all([
      startGateway({ name: 'a2a-on', model, config: channel({ token: TOKEN }) }),
      startGateway({
        name: 'a2a-off',
        model,
        agents: ['main', 'helper'],
        config: { agents: { entries: { helper: { tools: { exec: { mode: 'ask' } } } } } },
      }),
    ]);
    link = startA2aRig({ url: on.httpUrl, token: TOKEN });
    await link.state('online', LINK_PATIENCE_MS);
    // A run that begins while the gateway still sets its state in order may fail there.
    await untilSo(
      'a first answer',
      async () => {
        const { key } = await send('Are you there?');
        const end = await link.until(
          'an end',
          () =>
            link.events.find(
              (event) =>
                (event.kind === 'run_final' || event.kind === 'run_ended') && event.key === key,
            ),
          LINK_PATIENCE_MS,
        );
        return end.kind === 'run_final';
      },
      2 * LINK_PATIENCE_MS,
    );
  });
  afterAll(async () => {
    await link?.stop();
    await Promise.all([on?.stop(), off?.stop()]);
    await model?.close();
  });

  it('is told as it is: nothing answers there while channels.a2a is off', async () => {
    const rig = startA2aRig({ url: off.httpUrl, token: TOKEN });
    try {
      expect(await rig.state('offline', LINK_PATIENCE_MS)).toMatchObject({ cause: 'not_an_agent' });
    } finally {
      await rig.stop();
    }
  });

  it('is told as it is: whole answers, no stop, nothing kept over a restart, text only', () => {
    expect(link.card?.peerage).toBe(false);
    expect(link.card?.limits.toSorted()).toEqual(
      ['whole_answers', 'no_stop', 'forgets_on_restart', 'text_only', 'no_consent'].toSorted(),
    );
  });

  it('refuses another token, and the gateway’s own', async () => {
    for (const token of ['no-token-of-any-peer-0123456789', on.token ?? '']) {
      const rig = startA2aRig({ url: on.httpUrl, token });
      try {
        expect(await rig.state('bad_credential', LINK_PATIENCE_MS)).toMatchObject({
          what: 'secret',
        });
      } finally {
        await rig.stop();
      }
    }
  });

  it('answers over the link, each context by itself', async () => {
    model.script('seven and one', { text: 'It is eight.' });
    const { key, outcome } = await send('What is seven and one?');
    expect(outcome.kind).toBe('acknowledged');
    const final = await link.event('run_final', (event) => event.key === key, LINK_PATIENCE_MS);
    expect(final.text).toBe('It is eight.');
    const calls = model.callsFor('seven and one');
    expect(calls).toHaveLength(1);
  });

  it('does not let itself be stopped, and says so; its answer comes as usual', async () => {
    const gate = createGate();
    model.script('cannot be stopped', { text: 'one two three', gate });
    const { key, sessionKey } = await send('This cannot be stopped');
    await expect(link.link.abort(key, sessionKey, link.signal)).rejects.toMatchObject({
      error: { code: 'a2a.cannot_stop' },
    });
    gate.release();
    const final = await link.event('run_final', (event) => event.key === key, LINK_PATIENCE_MS);
    expect(final.text).toBe('one two three');
  });

  it('loses its tasks with a restart: the thread says so, and nothing is sent again', async () => {
    const gate = createGate();
    model.script('be lost', { text: 'never heard', gate });
    const { key, sessionKey, outcome } = await send('This will be lost');
    const runId = outcome.kind === 'acknowledged' ? outcome.runId : '';
    await on.kill('SIGKILL');
    await on.start();
    link.link.reconnect();
    await link.state('online', LINK_PATIENCE_MS);
    // What the app asks of each open message once the link is back.
    const found = await link.link.settle(key, sessionKey, link.signal, false, runId);
    expect(found).toMatchObject({ kind: 'cannot_tell', error: { code: 'a2a.task_lost' } });
    gate.release();
  });

  it('tells by its settings and approvals what an agent may run, to an administrator only', async () => {
    const ask = async (agentId: string, sessionKey: string | null): Promise<ExecVerdict> =>
      execVerdict(
        agentId,
        await off.admin.request('config.get'),
        await off.admin.request('exec.approvals.get'),
        sessionKey && (await off.admin.request('sessions.describe', { key: sessionKey })),
      );
    expect((await ask('main', null)).kind).toBe('unasked');
    expect((await ask('helper', null)).kind).toBe('asks');
    expect((await ask('helper', 'agent:helper:not-there')).kind).toBe('asks');
    const key = 'agent:helper:free';
    await off.admin.request('sessions.create', { agentId: 'helper', key });
    await off.admin.request('sessions.patch', { key, permissionMode: 'full' });
    expect((await ask('helper', key)).kind).toBe('unasked');
    const { hash } = await off.admin.request('exec.approvals.get');
    const file = { version: 1, defaults: { security: 'allowlist', ask: 'on-miss' }, agents: {} };
    await off.admin.request('exec.approvals.set', { file, baseHash: hash });
    expect((await ask('main', null)).kind).toBe('asks');
  });

  it('asks Peerage and never comes for the answer: the card says so', async () => {
    const rig: Rig = await startRig();
    try {
      const { token } = await rig.peer('Their OpenClaw');
      const peers = {
        peerage: { token: TOKEN, url: `${rig.origin()}/a2a/v1`, outboundToken: token },
      };
      await on.admin.patchConfig({ channels: { a2a: { peers } } });
      await untilSo(
        'the gateway sends',
        async () => {
          const sent = on.admin.request('send', {
            to: 'a2a:peerage',
            channel: 'a2a',
            message: 'Please look at the build',
            idempotencyKey: randomBytes(8).toString('hex'),
          });
          return sent.then(
            () => true,
            () => false,
          );
        },
        LINK_PATIENCE_MS,
      );
      const card = await until(() => rig.reception.delegations()[0]);
      expect(card).toMatchObject({
        caller: 'Their OpenClaw',
        text: 'Please look at the build',
        collects: false,
      });
      await rig.call('delegation.accept', { delegationId: card.id });
      await until(() => rig.reception.delegation(card.id)?.state === 'in_progress');
      rig.agents.end(`peerage:${card.id}`, { kind: 'answered', text: 'It is green.' });
      await until(() => rig.reception.delegation(card.id)?.state === 'completed');
    } finally {
      await rig.stop();
    }
  });

  it('is a wire that the SDK’s own client and server speak with Peerage as well', async () => {
    const rig = await startRig();
    const agent = await ForeignAgent.start({ streaming: true, legacy: false });
    const ours = startA2aRig({ url: agent.origin, token: agent.token });
    try {
      const { token } = await rig.peer('A foreign agent');
      const client = await foreignClient(rig.origin(), token);
      expect((await client.getAgentCard()).name).toBe(rig.name);
      await ours.state('online');
      const key = ours.key();
      await ours.link.send(envelope(key, ours.session(), 'good day'), ours.signal);
      const final = await ours.event('run_final', (event) => event.key === key);
      expect(final.text).toBe('echo: good day');
      expect(STATE.completed).toBe(3);
    } finally {
      await ours.stop();
      await agent.stop();
      await rig.stop();
    }
  });
});
