import type { ChildProcess } from 'node:child_process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LINK_PATIENCE_MS } from '../patience.ts';
import {
  appApart,
  appHere,
  COMMAND,
  commandFolder,
  type DoorHome,
  doorHome,
  killApp,
  type PersonAtTheWindow,
  peerage,
} from './parts/door-app.ts';
import {
  createGate,
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
} from './parts/openclaw.ts';
import { until } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

const AGENT = 'OpenClaw A';
/** The first turn of a gateway, with a tool in it, on a machine that does much else. */

await describeWith(['openclaw'], 'agents at the door of the running app', () => {
  let modelA: StubModel;
  let modelB: StubModel;
  let a: RealGateway;
  let b: RealGateway;
  let of: DoorHome;
  let person: PersonAtTheWindow | null = null;
  let apart: ChildProcess | null = null;

  beforeAll(async () => {
    [modelA, modelB] = await Promise.all([startStubModel(), startStubModel()]);
    b = await startGateway({ name: 'b', model: modelB });
    of = doorHome([{ name: 'Bea', url: b.url, token: b.token ?? '' }]);
    a = await startGateway({
      name: 'a',
      model: modelA,
      env: { PATH: `${commandFolder(of)}:${process.env.PATH}`, PEERAGE_HOME: of.home },
    });
    person = await appHere(of);
    const here = person;
    await until('Bea to be up', async () => {
      const { peers } = await here.call('peer.list', {});
      return peers[0]?.status === 'up';
    });
  });
  afterAll(async () => {
    await person?.stop();
    if (apart) await killApp(apart);
    await Promise.all([a?.stop(), b?.stop()]);
    await Promise.all([modelA?.close(), modelB?.close()]);
    of?.remove();
  });

  const here = (): PersonAtTheWindow => {
    if (!person) throw new Error('the app is apart');
    return person;
  };
  const rule = async (policy: 'ask' | 'allow' | null): Promise<void> => {
    const [peer] = (await here().call('peer.list', {})).peers;
    if (!peer) throw new Error('no peer');
    const subject = { kind: 'peer', peerId: peer.id } as const;
    await here().call('agents.setRule', { subject, policy });
  };

  it('the skill is installed, and OpenClaw takes it with its binary', async () => {
    const ran = await peerage(of, ['skill', 'install', '--openclaw', a.stateDir, '--json']);
    expect(ran.json()).toMatchObject({ ok: true, state: { skill: 'current', openclaw: true } });
    await until('the skill to be listed', async () => {
      const { skills } = await a.admin.request('skills.status');
      const ours = (skills as { name: string; eligible: boolean }[]).find(
        (skill) => skill.name === 'peerage',
      );
      return ours?.eligible === true;
    });
  });

  it('an agent of OpenClaw A asks Bea’s agent, the person approves, and it gets the answer', async () => {
    modelB.script('PING-7', { text: 'PONG from the agent of Bea' });
    const command = `printf 'Say PONG to PING-7' | peerage send Bea --kind question --wait --timeout 120 --as '${AGENT}'`;
    modelA.script('ask my other agent', (call) => ({
      tool: { name: 'exec', args: { command, timeoutSeconds: 150, yieldMs: 140_000 } },
      text: `It said: ${call.messages.findLast((one) => one.role === 'tool')?.text ?? 'nothing'}`,
    }));
    const sessionKey = 'agent:main:door';
    const run = await a.admin.request('chat.send', {
      ...{ sessionKey, message: 'Please ask my other agent for a PONG', idempotencyKey: 'door-1' },
    });
    expect(run.status).toBe('started');
    // The agent knows the skill from its prompt.
    await until(
      'the question to wait for the person',
      async () => {
        const { requests } = await here().call('agents.requests', { limit: 5 });
        return requests[0]?.state === 'waiting';
      },
      LINK_PATIENCE_MS,
    );
    expect(modelA.calls[0]?.messages.map((one) => one.text).join('\n')).toContain('peerage');
    const { requests } = await here().call('agents.requests', { limit: 5 });
    const [asked] = requests;
    if (!asked) throw new Error('nothing was asked');
    expect(asked).toMatchObject({ agent: AGENT, text: 'Say PONG to PING-7', kind: 'question' });
    expect(modelB.callsFor('PING-7')).toEqual([]);
    await here().call('agents.decide', { requestId: asked.id, decision: 'approve' });
    await until(
      'the answer to reach the agent that asked',
      async () => {
        const { messages } = await a.admin.request('chat.history', { sessionKey });
        return JSON.stringify(messages).includes('It said: Bea: complete');
      },
      LINK_PATIENCE_MS,
    );
    const { messages } = await a.admin.request('chat.history', { sessionKey });
    expect(JSON.stringify(messages)).toContain('PONG from the agent of Bea');
    expect(modelB.callsFor('PING-7')).toHaveLength(1);
  });

  it('MCP, driven by the SDK’s own client, sends and gets the answer', async () => {
    await rule('allow');
    modelB.script('PING-8', { text: 'PONG over MCP' });
    const client = new Client({ name: 'sdk-client', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [COMMAND, 'mcp', '--home', of.home],
        env: { PATH: process.env.PATH ?? '' },
      }),
    );
    const input = { peer: 'Bea', text: 'Say PONG to PING-8', timeout: 140 };
    const result = await client.callTool({ name: 'send', arguments: input }, undefined, {
      timeout: LINK_PATIENCE_MS,
    });
    expect(JSON.stringify(result.content)).toContain('PONG over MCP');
    await client.close();
    const { requests } = await here().call('agents.requests', { limit: 1 });
    expect(requests[0]).toMatchObject({ agent: 'sdk-client', decision: { by: 'rule' } });
  });

  it('stands in the configuration of a real OpenClaw as an MCP server', async () => {
    await a.admin.patchConfig({
      mcp: {
        servers: {
          peerage: { command: process.execPath, args: [COMMAND, 'mcp', '--home', of.home] },
        },
      },
    });
    const { config } = await a.admin.request('config.get');
    expect(JSON.stringify(config)).toContain('"peerage":{"command"');
  });

  it('two shells that send at once both get their own answer', async () => {
    for (const name of ['PING-A', 'PING-B']) modelB.script(name, { text: `for ${name} alone` });
    const both = await Promise.all(
      ['PING-A', 'PING-B'].map((name) =>
        peerage(of, ['send', 'Bea', '--wait', '--timeout', '120', '--json'], name),
      ),
    );
    expect(both.map((one) => one.code)).toEqual([0, 0]);
    const answers = both.map((one) => JSON.stringify(one.json()));
    expect(answers[0]).toContain('for PING-A alone');
    expect(answers[1]).toContain('for PING-B alone');
  });

  it('the app is killed while --wait waits: what is known is said, and the message is not lost', async () => {
    await person?.stop();
    person = null;
    apart = await appApart(of);
    const gate = createGate();
    modelB.script('PING-9', { text: 'late but here', gate, gateAfter: 0 });
    const waiting = peerage(of, ['send', 'Bea', '--wait', '--timeout', '150', '--json'], 'PING-9');
    await until('the question to be with Bea’s agent', async () => {
      return modelB.callsFor('PING-9').length > 0;
    });
    await killApp(apart);
    const ran = await waiting;
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ ok: false, error: { code: 'app.connection_lost' } });
    expect(JSON.stringify(ran.json())).toContain('Nothing is lost');
    apart = await appApart(of);
    gate.release();
    await until('the answer to be in the inbox', async () => {
      const { out } = await peerage(of, ['inbox', '--json']);
      return out.includes('late but here');
    });
    const said = (await peerage(of, ['log', 'Bea', '--json'])).json() as {
      entries: { text: string }[];
    };
    expect(said.entries.filter((one) => one.text === 'PING-9')).toHaveLength(1);
    expect(modelB.callsFor('PING-9')).toHaveLength(1);
  });
});
