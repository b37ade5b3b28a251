/**
 * Writes down what a real gateway says on the wire, redacted, into `observed/*.json`.
 * Run by hand when the OpenClaw version changes: `node test/real/matrix/record.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ALL_SCOPES,
  createDevice,
  createGate,
  type Json,
  OPENCLAW_VERSION,
  RawClient,
  startGateway,
  startStubModel,
  WireError,
} from '../parts/openclaw.ts';
import { sleep, until } from '../parts/process.ts';
import { redactor } from './redact.ts';

const KEY = 'agent:main:peerage-0123456789ab-thread';
const model = await startStubModel();
const gateway = await startGateway({ name: 'observed', model, agents: ['main', 'helper'] });
const redact = redactor(gateway);
const token = gateway.token ?? '';
const device = createDevice();

async function save(name: string, about: string, body: Json): Promise<void> {
  const text = JSON.stringify({ openclaw: OPENCLAW_VERSION, about, ...body }, null, 2);
  const file = join(import.meta.dirname, 'observed', `${name}.json`);
  await writeFile(file, `${JSON.stringify(redact(JSON.parse(text)), null, 2)}\n`);
  console.log(name);
}

async function refused(promise: Promise<unknown>): Promise<Json> {
  try {
    return { unexpectedPayload: await promise };
  } catch (error) {
    if (error instanceof WireError) return error.error;
    throw error;
  }
}

const watch = ['session-scoped-events'];
const client = await RawClient.connect({ url: gateway.url, token, device, caps: watch });
const idle = client.trace.slice(0, 3).map((entry) => entry);
const hello = structuredClone(client.hello);
const features = hello.features as { methods: string[]; events: string[] };
const methodCount = features.methods.length;
features.methods = features.methods.filter((method) =>
  /^(agent|agents\.list|chat\.|sessions\.(list|subscribe|messages|create|describe|resolve|send|abort)|gateway\.identity|health|device\.|exec\.approval|approval\.|config\.(get|patch))/.test(
    method,
  ),
);
await save('handshake', `challenge, connect, hello-ok; ${methodCount} methods cut to ours`, {
  challenge: idle[0]?.frame,
  connect: idle[1]?.frame,
  helloOk: { ...(idle[2]?.frame as Json), payload: hello },
});

/** Events that every client gets and that say nothing about a run. */
const NOISE = ['tick', 'health', 'presence', 'cron', 'update.available', 'chat.metadata.changed'];

/** Everything that the socket said since `from`, without noise and, unless asked for, without `agent` events. */
function since(from: number, on: RawClient = client, withAgent = false): Json[] {
  const frames: Json[] = on.trace.slice(from).map(({ dir, frame }) => ({ dir, ...frame }));
  return frames.filter(
    ({ event }) => !NOISE.includes(String(event)) && (withAgent || event !== 'agent'),
  );
}

await save('reads', 'answers of the read methods', {
  'gateway.identity.get': await client.request('gateway.identity.get'),
  'agents.list': await client.request('agents.list'),
  'sessions.list (empty)': await client.request('sessions.list', { limit: 5 }),
  'sessions.subscribe': await client.request('sessions.messages.subscribe', { key: KEY }),
  'chat.history (unknown session)': await client.request('chat.history', { sessionKey: KEY }),
});

model.script('say hello', { text: 'Hello there, this is the answer.', chunkMs: 60 });
let mark = client.trace.length;
const send = (message: string, key: string, over: Json = {}): Promise<Json> =>
  client.request('chat.send', { sessionKey: KEY, message, idempotencyKey: key, ...over });
await send('say hello', 'peerage:run-1');
await client.runEnd('peerage:run-1');
await sleep(1_500);
await save('run', 'one whole run: chat.send, its events, until quiet; first run of a session', {
  frames: since(mark, client, true),
});
mark = client.trace.length;
await send('say hello', 'peerage:run-1');
await sleep(500);
await save('retry-same-process', 'the same key once more, at once', { frames: since(mark) });
await save('history', 'chat.history after one run', {
  'chat.history': await client.request('chat.history', { sessionKey: KEY }),
  'sessions.list': await client.request('sessions.list', { limit: 5 }),
  'sessions.describe': await client.request('sessions.describe', { key: KEY }),
  'agent.wait': await client.request('agent.wait', { runId: 'peerage:run-1', timeoutMs: 500 }),
  'agent.wait (unknown run)': await client.request('agent.wait', {
    runId: 'peerage:none',
    timeoutMs: 500,
  }),
});

const gate = createGate();
model.script('hold on', { text: 'one two three four', gate, gateAfter: 2 });
mark = client.trace.length;
await send('hold on', 'peerage:run-2');
await until('held', () => model.callsFor('hold on')[0]?.state === 'held');
await sleep(600);
const during = {
  'chat.history': await client.request('chat.history', { sessionKey: KEY, limit: 2 }),
  'chat.send (same key)': await send('hold on', 'peerage:run-2'),
  'agent.wait': await client.request('agent.wait', { runId: 'peerage:run-2', timeoutMs: 300 }),
  'chat.abort': await client.request('chat.abort', { sessionKey: KEY, runId: 'peerage:run-2' }),
};
await client.runEnd('peerage:run-2');
gate.release();
await sleep(1_000);
await save('abort', 'a run that is looked at, then stopped, in the middle of its answer', {
  during,
  frames: since(mark),
  'chat.history after': await client.request('chat.history', { sessionKey: KEY, limit: 3 }),
  'chat.send (same key) after': await send('hold on', 'peerage:run-2'),
});

model.script('please fail', { failStatus: 400 });
mark = client.trace.length;
await send('please fail', 'peerage:run-3');
await client.runEnd('peerage:run-3', 60_000);
await sleep(1_000);
await save('error', 'a run whose model answers 400', {
  frames: since(mark),
  'chat.history after': await client.request('chat.history', { sessionKey: KEY, limit: 3 }),
});

const many = { key: 'agent:main:peerage-none', message: 'x', idempotencyKey: 'peerage:e' };
const reader = await RawClient.connect({
  url: gateway.url,
  token,
  device: createDevice(),
  scopes: ['operator.read'],
});
const refusals = {
  'chat.send to an unknown agent': await refused(send('x', 'e1', { sessionKey: 'agent:nope:x' })),
  'chat.send with an unknown property': await refused(send('x', 'e2', { nope: 1 })),
  'chat.send without a message': await refused(send('', 'e3')),
  'sessions.send to an unknown session': await refused(client.request('sessions.send', many)),
  'an unknown method': await refused(client.request('no.such.method')),
  'chat.send with read only': await refused(
    reader.request('chat.send', { sessionKey: KEY, message: 'x', idempotencyKey: 'e4' }),
  ),
  'connect, wrong token': await refused(
    RawClient.connect({ url: gateway.url, token: 'wrong', device: createDevice() }),
  ),
  'connect, no token': await refused(
    RawClient.connect({ url: gateway.url, device: createDevice() }),
  ),
};
await save('refusals', 'error objects of refused requests', refusals);
reader.cut();

// Exec approvals.
const config = { tools: { exec: { mode: 'ask', host: 'gateway' } } };
await gateway.admin.patchConfig(config);
await sleep(1_000);
const tool = { name: 'exec', args: { command: 'touch approved.txt' } };
const approver = await RawClient.connect({
  url: gateway.url,
  token,
  device: createDevice(),
  scopes: ALL_SCOPES,
  caps: ['approvals', 'exec-approvals'],
});
model.script('run a command', { tool, text: 'It is done.' });
await send('run a command without the scope', 'peerage:run-4');
await client.runEnd('peerage:run-4', 60_000);
const toolAnswer = (prompt: string): Json[] =>
  model.callsFor(prompt).flatMap((call) => call.messages.filter(({ role }) => role === 'tool'));
const asking = await RawClient.connect({
  url: gateway.url,
  token,
  device: createDevice(),
  scopes: ['operator.read', 'operator.write', 'operator.approvals'],
  caps: watch,
});
const subscribed = await asking.request('sessions.messages.subscribe', {
  key: KEY,
  includeApprovals: true,
});
mark = asking.trace.length;
const markAdmin = approver.trace.length;
const command = { sessionKey: KEY, message: 'run a command', idempotencyKey: 'peerage:run-5' };
await asking.request('chat.send', command);
const asked = await approver.event('exec.approval.requested', () => true, 60_000);
await sleep(1_000);
const list = await gateway.admin.request('exec.approval.list');
const whileWaiting = await client.request('chat.history', { sessionKey: KEY, limit: 2 });
const replay = await asking.request('sessions.messages.subscribe', {
  key: KEY,
  includeApprovals: true,
});
const decision = { id: asked.payload.id, decision: 'allow-once' };
const resolved = await approver.request('exec.approval.resolve', decision);
await asking.runEnd('peerage:run-5', 60_000);
await sleep(1_000);
await save('exec-approval', 'a run that waits for an exec approval; tools.exec.mode is ask', {
  'what the tool answers when the sender holds only read and write': toolAnswer('without the'),
  'frames of the sender (read, write, approvals; includeApprovals)': since(mark, asking, true),
  'frames of the approver (caps approvals, exec-approvals)': since(markAdmin, approver).filter(
    (frame) => /approval/.test(JSON.stringify(frame)),
  ),
  'sessions.messages.subscribe before': subscribed,
  'sessions.messages.subscribe while waiting': replay,
  'exec.approval.list': list,
  'chat.history while waiting': whileWaiting,
  'exec.approval.resolve': resolved,
});
asking.cut();
approver.cut();

// Restart by configuration, then by signal.
const markRestart = client.trace.length;
const before = performance.now();
await gateway.admin.patchConfig({ gateway: { tls: { enabled: false }, bind: 'lan' } });
const byConfig = await client.closed;
const closedAfterMs = Math.round(performance.now() - before);
const connectRefusals: { ms: number; error: Json | string }[] = [];
let back: RawClient | undefined;
while (back === undefined) {
  try {
    back = await RawClient.connect({ url: gateway.url, token, device, caps: watch });
  } catch (error) {
    const what = error instanceof WireError ? error.error : String((error as Error).message);
    const same = JSON.stringify(connectRefusals.at(-1)?.error) === JSON.stringify(what);
    if (!same) connectRefusals.push({ ms: Math.round(performance.now() - before), error: what });
    await sleep(100);
  }
}
const backAfterMs = Math.round(performance.now() - before);
const markStop = back.trace.length;
const onStop = back;
const closing = back.closed;
await gateway.kill('SIGTERM');
const bySignal = await closing;
await gateway.start();
const last = await RawClient.connect({ url: gateway.url, token, device, caps: watch });
const closingHard = last.closed;
await gateway.kill('SIGKILL');
await save('restart', 'config.patch of gateway.bind, then SIGTERM, then SIGKILL', {
  byConfig: {
    frames: since(markRestart),
    close: byConfig,
    closedAfterMs,
    connectRefusals,
    backAfterMs,
  },
  bySigterm: { frames: since(markStop, onStop), close: bySignal },
  bySigkill: { close: await closingHard },
});
await gateway.stop();
await model.close();
