import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { LinkState } from '../../../electron/contract/index.ts';
import { readEvent, readHello } from '../../../electron/links/gateway/events.ts';
import { fetchHistory } from '../../../electron/links/gateway/history.ts';
import { listAgents, listSessions } from '../../../electron/links/gateway/queries.ts';
import { MAX_TEXT } from '../../../electron/links/gateway/rows.ts';
import { RunTracker } from '../../../electron/links/gateway/runs.ts';
import { settleByHistory } from '../../../electron/links/gateway/settle.ts';
import { readIdentity } from '../../../electron/links/gateway/trust.ts';
import type { Wire } from '../../../electron/links/gateway/wire.ts';
import type { LinkEvent, OutgoingEnvelope } from '../../../electron/links/link.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';
import { rubbish } from '../../fakes/gateway/frame-faults.ts';
import { type Rig, startRig } from '../../fakes/gateway/link-rig.ts';
import { type Random, seeded } from '../../fakes/gateway/random.ts';

const SEED = Number(process.env.PEERAGE_FUZZ_SEED ?? 20260923);
const FRAMES = 100_000;
const OBSERVED = join(import.meta.dirname, '../../real/matrix/observed');

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object that a real gateway was seen to send, at any depth: what mutants are made of. */
function corpus(): { events: Json[]; answers: Json[] } {
  const events: Json[] = [];
  const answers: Json[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isJson(value)) return;
    if (value.type === 'event' && isJson(value.payload)) events.push(value);
    else if ('messages' in value || 'agents' in value || 'sessions' in value) answers.push(value);
    Object.values(value).forEach(walk);
  };
  for (const name of readdirSync(OBSERVED)) {
    if (name.endsWith('.json')) walk(JSON.parse(readFileSync(join(OBSERVED, name), 'utf8')));
  }
  return { events, answers };
}

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  'x',
  '\u0000',
  '\ud800',
  'peerage:1',
  'peerage:1:user',
  'a'.repeat(2000),
  [],
  {},
  [[]],
  { text: 7 },
  [{ type: 'text', text: null }],
  '__proto__',
  'constructor',
];

/** A copy of which a part is replaced, removed, doubled or moved. */
function mutate(value: unknown, random: Random, depth = 0): unknown {
  if (random.chance(depth === 0 ? 0.01 : 0.06)) return random.pick(ODD);
  if (Array.isArray(value)) {
    const copy = value.map((entry) => mutate(entry, random, depth + 1));
    if (copy.length > 0 && random.chance(0.1)) copy.push(random.pick(copy));
    return copy;
  }
  if (!isJson(value)) return value;
  const copy: Json = {};
  for (const [name, entry] of Object.entries(value)) {
    if (random.chance(0.04)) continue;
    copy[name] = mutate(entry, random, depth + 1);
  }
  if (random.chance(0.03)) copy[String(random.pick(ODD))] = random.pick(ODD);
  return copy;
}

/** Only the parts that we read: the rest of a real frame is long and of no interest here. */
function slim(frame: Json): Json {
  const payload = frame.payload as Json;
  const { session: _session, ...rest } = payload;
  const kept = frame.event === 'session.message' ? pick(rest) : rest;
  return { ...frame, payload: kept };
}
const pick = ({ sessionKey, message, messageId }: Json): Json => ({
  sessionKey,
  message,
  messageId,
});

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

it(`${FRAMES} mutated frames: no crash, no hang, no run that ends twice (seed ${SEED})`, async () => {
  const random = seeded(SEED);
  const { events, answers } = corpus();
  expect(events.length).toBeGreaterThan(50);
  const frames = events.map(slim);
  const clock = fakeClock();
  const said: LinkEvent[] = [];
  const tracker = new RunTracker(clock, (event) => said.push(event));
  const ended = new Set<string>();
  let broken = 0;
  let answered = 0;
  for (let count = 0; count < FRAMES; count++) {
    const frame = mutate(random.pick(frames), random) as Json | null;
    if (random.chance(0.02)) readHello(mutate(random.pick(answers), random), 0);
    if (random.chance(0.02)) readIdentity(mutate({ deviceId: 'a', publicKey: 'b' }, random));
    if (count % 500 === 0) {
      const wire = { request: async () => mutate(random.pick(answers), random) } as unknown as Wire;
      const { signal } = new AbortController();
      const context = { now: () => 0, processAge: () => 0, usedBefore: false };
      await fetchHistory(wire, 'agent:main:x', 50, signal);
      await listAgents(wire, signal);
      await listSessions(wire, null, 'peerage-x-', signal);
      const settled = await settleByHistory(wire, 'peerage:run-1', 'x', context, signal);
      expect(['absent', 'present', 'cannot_tell']).toContain(settled.kind);
      answered++;
      await clock.advance(33);
    }
    const event = readEvent(String(frame?.event), frame?.payload);
    if (event.kind === 'chat') tracker.chat(event.chat);
    else if (event.kind === 'row') broken += tracker.row(event.row) ? 0 : 1;
    else if (event.kind === 'waiting') {
      tracker.waiting(event.runId, event.sessionKey, event.waiting);
    } else if (event.kind === 'broken') broken++;
    if (count % 1000 === 0) {
      for (const entry of said.splice(0)) {
        if (entry.kind === 'run_final' || entry.kind === 'run_ended') {
          // Only the newest ends are remembered; mutants make more keys than that.
          expect(typeof entry.text).toBe('string');
          expect(entry.text.length).toBeLessThanOrEqual(MAX_TEXT + 100);
          ended.add(entry.key);
        }
        if (entry.kind === 'run_delta') expect(entry.text.isWellFormed()).toBe(true);
      }
    }
  }
  expect(broken).toBeGreaterThan(1000);
  expect(answered).toBe(FRAMES / 500);
  expect(tracker.size).toBeLessThan(5000);
});

it('rubbish on the socket, between real work: every state is valid, every answer arrives', async () => {
  const random = seeded(SEED);
  const fake = await FakeGateway.start();
  const rig = startRig({ url: fake.url, credential: { kind: 'token', value: fake.token } });
  open.push(fake, rig);
  await rig.up();
  const session = rig.link.sessionKeyFor('thread', null);
  rig.link.watch(session);
  const { events } = corpus();
  for (let turn = 0; turn < 30; turn++) {
    for (let count = 0; count < 100; count++) {
      if (random.chance(0.3)) fake.raw(rubbish(random));
      else fake.raw(JSON.stringify(mutate(random.pick(events), random)) ?? 'null');
    }
    const key = rig.key();
    const text = `turn ${turn}`;
    const message = { key, sessionKey: session, text, attachments: [] };
    // A spoilt challenge makes the client hang up: then the history is asked, as it always is.
    await deliver(rig, message);
    const said = () => rig.events.some((event) => event.kind === 'run_final' && event.key === key);
    const stands = async (): Promise<boolean> => {
      const settled = await rig.link.settle(key, session, rig.signal);
      return settled.kind === 'present' && settled.answer?.text === `echo: ${text}`;
    };
    await expect.poll(async () => said() || (await stands())).toBe(true);
    expect(fake.callsFor(key)).toBe(1);
  }
  for (const state of rig.states) expect(LinkState.safeParse(state).success).toBe(true);
  expect(rig.link.counters().broken).toBeGreaterThan(100);
});

/** What the conversations do: send, settle what is unknown, send again what is absent. */
async function deliver(rig: Rig, message: OutgoingEnvelope): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    await rig.up();
    const outcome = await rig.link.send(message, rig.signal);
    if (outcome.kind === 'acknowledged') return;
    if (outcome.kind === 'rejected') throw new Error(outcome.error.detail);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (outcome.kind === 'not_sent') continue;
    await rig.up();
    const settled = await rig.link.settle(message.key, message.sessionKey, rig.signal);
    if (settled.kind === 'present') return;
  }
  throw new Error('not delivered');
}
