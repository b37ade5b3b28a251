/**
 * Writes down what a real gateway shows of messages that a crash or a busy session caught half-way.
 * Run by hand when the OpenClaw version changes: `node test/real/matrix/record-recovery.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Json, OPENCLAW_VERSION, type RawClient } from '../parts/openclaw.ts';
import { sleep } from '../parts/process.ts';
import { Lab, type Probe } from './lab.ts';
import { redactor } from './redact.ts';

const lab = await Lab.open('recovery');
const redact = redactor(lab.gateway);

async function save(name: string, about: string, body: Json): Promise<void> {
  const whole = redact({ openclaw: OPENCLAW_VERSION, about, ...body });
  const file = join(import.meta.dirname, 'observed', `${name}.json`);
  await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`);
  console.log(name);
}

/** The parts of `chat.history` that tell of a message's fate. */
async function history(client: RawClient, probe: Probe): Promise<Json> {
  const params = { sessionKey: probe.session, limit: 50, inputRunIds: [probe.key] };
  const all = await client.request('chat.history', params);
  const info = all.sessionInfo as Json;
  const { messages, pendingInputs, inputReceipts, inputConsumptions, inFlightRun } = all;
  const { status, abortedLastRun, hasActiveRun, lastRunId, effectiveQueueMode } = info;
  const sessionInfo = { status, abortedLastRun, hasActiveRun, lastRunId, effectiveQueueMode };
  return { messages, pendingInputs, inputReceipts, inputConsumptions, inFlightRun, sessionInfo };
}

const chats = (client: RawClient, probe: Probe): Json[] =>
  client.events
    .filter(({ event }) => event === 'chat' || event === 'session.message')
    .map(({ event, payload }) => ({ event, payload }))
    .filter(({ payload }) => payload.sessionKey === probe.session);

// A second message while the first one's answer is held.
let client = await lab.watcher();
const busy = await lab.probe('busy');
await lab.send(busy);
await lab.held(busy);
await sleep(300);
const second: Probe = { ...busy, key: `${busy.key}-second`, text: 'the second message' };
const ack = await lab.send(second);
await sleep(500);
const queued = await history(client, second);
const waiting = await client.request('agent.wait', { runId: second.key, timeoutMs: 200 });
const again = await lab.send(second);
busy.gate.release();
await sleep(3_000);
await save('second-message', 'chat.send into a session whose run is active (queue mode steer)', {
  'chat.send': ack,
  'chat.send (same key)': again,
  'agent.wait': waiting,
  'chat.history while waiting': queued,
  'chat events': chats(client, busy).filter(({ event }) => event === 'chat'),
  'chat.history after': await history(client, second),
});

// SIGKILL: one run in the middle, one message accepted and not yet in the history.
const middle = await lab.probe('middle');
const accepted = await lab.probe('accepted');
await lab.send(middle);
await lab.held(middle);
await sleep(500);
await lab.send(accepted);
const acceptedBefore = await history(client, accepted);
await lab.gateway.kill('SIGKILL');
middle.gate.release();
accepted.gate.release();
await lab.restart();
client = await lab.watcher();
await client.request('sessions.messages.subscribe', { key: middle.session });
const atOnce = await history(client, middle);
const acceptedAfter = await history(client, accepted);
await lab.settle(middle, 8_000);
await save('killed', 'SIGKILL in the middle of a run, and just after an acknowledgement', {
  'mid-run: chat.history at once after the start': atOnce,
  'mid-run: events of the recovery': chats(client, middle),
  'mid-run: chat.history after the recovery': await history(client, middle),
  'mid-run: agent.wait': await client.request('agent.wait', { runId: middle.key, timeoutMs: 200 }),
  'just accepted: chat.history before the kill': acceptedBefore,
  'just accepted: chat.history after the start': acceptedAfter,
});
await lab.close();
