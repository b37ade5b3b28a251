/**
 * What a gateway link must do, told once and run twice: against the fake in `npm test`, and against
 * a real OpenClaw in `npm run test:real`. This is what keeps the fake honest.
 */
import assert from 'node:assert/strict';
import type { Credential } from '../../../electron/links/gateway/index.ts';
import { startCutProxy } from './cut-proxy.ts';
import { type Rig, startRig } from './link-rig.ts';

/** Holds a streamed answer in the middle until it is let go. */
export interface Hold {
  readonly until: Promise<void>;
  release(): void;
}

export interface ModelReply {
  readonly text?: string;
  readonly chunkMs?: number;
  readonly hold?: Hold;
  readonly fails?: true;
}

/** A gateway, fake or real, as the scenarios see it. */
export interface GatewayUnderTest {
  readonly url: string;
  readonly credential: Credential;
  /** Times are multiplied by this: a real one needs seconds where the fake needs none. */
  readonly patienceMs: number;
  /** What the model says to prompts that contain `match`. */
  answer(match: string, reply: ModelReply): void;
  /** How often the model was asked something that contains `match`. */
  modelCalls(match: string): number;
  /** Announced restart of the process, on the same state. */
  restart(): Promise<void>;
  /** Ends the process without a word. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}. */
  revive(): Promise<void>;
  revoke(deviceId: string): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  run(gateway: GatewayUnderTest): Promise<void>;
}

/** A promise and its release. */
export function hold(): Hold {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { until: promise, release: resolve };
}

async function withLink(
  gateway: GatewayUnderTest,
  body: (rig: Rig, sessionKey: string) => Promise<void>,
  overrides: Parameters<typeof startRig>[1] = {},
  url = gateway.url,
): Promise<void> {
  const rig = startRig({ url, credential: gateway.credential }, overrides);
  try {
    await rig.up(gateway.patienceMs);
    const sessionKey = rig.link.sessionKeyFor(`t${Date.now().toString(36)}`, 'main');
    rig.link.watch(sessionKey);
    await body(rig, sessionKey);
  } finally {
    await rig.stop();
  }
}

const envelope = (key: string, sessionKey: string, text: string) => ({
  key,
  sessionKey,
  text,
  attachments: [],
});

const finalOf = (rig: Rig, gateway: GatewayUnderTest, key: string) =>
  rig.event('run_final', (event) => event.key === key, gateway.patienceMs);

/** A word that no other scenario uses, so that model calls can be told apart. */
let words = 0;
const word = (): string => `word${++words}x${Date.now().toString(36)}`;

export const scenarios: readonly Scenario[] = [
  {
    name: 'connects, remembers who it is, and holds what it asked for',
    run: (gateway) =>
      withLink(gateway, async (rig) => {
        const state = await rig.state('online');
        assert.deepEqual([...state.scopes].sort(), ['operator.read', 'operator.write']);
        assert.match(rig.pins.identity ?? '', /^[0-9a-f]{64}$/);
        assert.ok(rig.deviceToken, 'it was given a device token');
        assert.equal(rig.states[0]?.kind, 'connecting');
      }),
  },
  {
    name: 'needs no shared secret once the device has its own token',
    run: (gateway) =>
      withLink(gateway, async (rig) => {
        rig.credential = { kind: 'unavailable', reason: 'locked' };
        rig.link.reconnect();
        await rig.up(gateway.patienceMs);
        await rig.state('online');
      }),
  },
  {
    name: 'sends, streams, and ends with the whole answer under our key',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const mark = word();
        const answer = 'one two three four five six seven eight nine ten';
        gateway.answer(mark, { text: answer, chunkMs: 40 });
        const key = rig.key();
        const outcome = await rig.link.send(envelope(key, sessionKey, mark), rig.signal);
        assert.deepEqual(outcome, { kind: 'acknowledged', runId: key });
        const final = await finalOf(rig, gateway, key);
        assert.equal(final.text, answer);
        const deltas = rig.events.filter((event) => event.kind === 'run_delta');
        assert.ok(deltas.length > 1, 'it streamed');
        assert.ok(deltas.every((event) => event.key === key && answer.startsWith(event.text)));
        const row = await rig.event(
          'session_message',
          (event) => event.message.key === key,
          gateway.patienceMs,
        );
        assert.equal(row.message.role, 'user');
        const history = await rig.link.history(sessionKey, 50, rig.signal);
        assert.deepEqual(
          history.map((message) => [message.role, message.text, message.key, message.runId]),
          [
            ['user', mark, key, null],
            ['assistant', answer, null, key],
          ],
        );
        assert.equal(gateway.modelCalls(mark), 1);
      }),
  },
  {
    name: 'does the work of one key once, and gives the old answer again',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const mark = word();
        const key = rig.key();
        const message = envelope(key, sessionKey, mark);
        await rig.link.send(message, rig.signal);
        const first = await finalOf(rig, gateway, key);
        const again = await rig.link.send(message, rig.signal);
        assert.deepEqual(again, { kind: 'acknowledged', runId: key });
        const finals = () =>
          rig.events.filter((event) => event.kind === 'run_final' && event.key === key);
        const both = await rig.until('the answer again', () => finals().length > 1 && finals());
        assert.deepEqual(
          both.map((event) => (event.kind === 'run_final' ? event.text : '')),
          [first.text, first.text],
        );
        assert.equal(gateway.modelCalls(mark), 1);
      }),
  },
  {
    name: 'gives each of two messages its own answer, though the second came during the first',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const [one, two] = [word(), word()];
        const gate = hold();
        gateway.answer(one, { text: 'first answer here', hold: gate });
        gateway.answer(two, { text: 'second answer here' });
        const [keyOne, keyTwo] = [rig.key(), rig.key()];
        await rig.link.send(envelope(keyOne, sessionKey, one), rig.signal);
        await rig.event('run_delta', (event) => event.key === keyOne, gateway.patienceMs);
        const outcome = await rig.link.send(envelope(keyTwo, sessionKey, two), rig.signal);
        assert.equal(outcome.kind, 'acknowledged');
        const settled = await rig.link.settle(keyTwo, sessionKey, rig.signal);
        assert.deepEqual(settled, { kind: 'present', running: true, answer: null });
        gate.release();
        assert.equal((await finalOf(rig, gateway, keyOne)).text, 'first answer here');
        assert.equal((await finalOf(rig, gateway, keyTwo)).text, 'second answer here');
        const history = await rig.link.history(sessionKey, 50, rig.signal);
        const answers = history.filter((message) => message.role === 'assistant');
        assert.deepEqual(
          answers.map((message) => message.runId),
          [keyOne, keyTwo],
        );
      }),
  },
  {
    name: 'stops a run, and keeps what it had said',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const mark = word();
        const gate = hold();
        gateway.answer(mark, { text: 'said before the stop and never after', hold: gate });
        const key = rig.key();
        await rig.link.send(envelope(key, sessionKey, mark), rig.signal);
        await rig.event('run_delta', (event) => event.key === key, gateway.patienceMs);
        const running = await rig.link.settle(key, sessionKey, rig.signal);
        assert.deepEqual(running, { kind: 'present', running: true, answer: null });
        assert.equal(await rig.link.abort(key, sessionKey, rig.signal), true);
        const ended = await rig.event(
          'run_ended',
          (event) => event.key === key,
          gateway.patienceMs,
        );
        assert.equal(ended.reason, 'aborted');
        assert.match(ended.text, /^said/);
        gate.release();
        const row = await rig.event(
          'session_message',
          (event) => event.message.ended === 'aborted',
          gateway.patienceMs,
        );
        assert.match(row.message.text, /^said/);
        assert.equal(rig.count('run_final'), 0);
      }),
  },
  {
    name: 'tells a failed run once, with its reason',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const mark = word();
        gateway.answer(mark, { fails: true });
        const key = rig.key();
        await rig.link.send(envelope(key, sessionKey, mark), rig.signal);
        const ended = await rig.event(
          'run_ended',
          (event) => event.key === key,
          gateway.patienceMs,
        );
        assert.equal(ended.reason, 'error');
        assert.equal(ended.error?.code, 'message.run_failed');
        assert.notEqual(ended.error?.detail, '');
        await rig.event(
          'session_message',
          (event) => event.message.ended === 'error',
          gateway.patienceMs,
        );
        assert.equal(rig.count('run_ended'), 1);
        const settled = await rig.link.settle(key, sessionKey, rig.signal);
        assert.deepEqual(settled, { kind: 'present', running: false, answer: null });
      }),
  },
  {
    name: 'refuses an unknown agent for good, and a file that is too large before it leaves',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const nowhere = await rig.link.send(envelope(rig.key(), 'agent:nobody:x', 'x'), rig.signal);
        assert.equal(nowhere.kind === 'rejected' && nowhere.error.code, 'link.agent_missing');
        assert.equal((await rig.state('degraded')).reason, 'agent_missing');
        const data = new Uint8Array(rig.link.limits().attachmentBytes + 1);
        const file = { name: 'big.bin', mimeType: 'application/octet-stream', data };
        const message = { ...envelope(rig.key(), sessionKey, 'x'), attachments: [file] };
        const big = await rig.link.send(message, rig.signal);
        assert.equal(big.kind === 'rejected' && big.error.code, 'attachment.too_large');
      }),
  },
  {
    name: 'carries a file',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const mark = word();
        const data = new TextEncoder().encode('what stands in the file');
        const file = { name: 'note.txt', mimeType: 'text/plain', data };
        const key = rig.key();
        const message = { ...envelope(key, sessionKey, mark), attachments: [file] };
        assert.equal((await rig.link.send(message, rig.signal)).kind, 'acknowledged');
        await finalOf(rig, gateway, key);
        assert.equal(gateway.modelCalls(mark), 1);
      }),
  },
  {
    name: 'settles from the history: never sent, taken, answered',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const never = await rig.link.settle(rig.key(), sessionKey, rig.signal);
        assert.deepEqual(never, { kind: 'absent' });
        const mark = word();
        gateway.answer(mark, { text: 'settled answer' });
        const key = rig.key();
        await rig.link.send(envelope(key, sessionKey, mark), rig.signal);
        await finalOf(rig, gateway, key);
        const settled = await rig.link.settle(key, sessionKey, rig.signal);
        assert.equal(settled.kind, 'present');
        if (settled.kind !== 'present') return;
        assert.equal(settled.running, false);
        assert.equal(settled.answer?.text, 'settled answer');
        assert.equal(settled.answer?.runId, key);
      }),
  },
  {
    name: 'loses an acknowledgement, calls it unknown, and finds the message in the history',
    run: async (gateway) => {
      const proxy = await startCutProxy(gateway.url);
      try {
        await withLink(
          gateway,
          async (rig, sessionKey) => {
            const mark = word();
            const key = rig.key();
            proxy.loseAnswers();
            const sending = rig.link.send(envelope(key, sessionKey, mark), rig.signal);
            await rig.until('the model', () => gateway.modelCalls(mark) > 0, gateway.patienceMs);
            const before = rig.count('ready');
            proxy.cut();
            proxy.mend();
            assert.equal((await sending).kind, 'unknown');
            await rig.until('ready', () => rig.count('ready') > before, gateway.patienceMs);
            const settled = await rig.link.settle(key, sessionKey, rig.signal);
            assert.equal(settled.kind, 'present');
            assert.equal(gateway.modelCalls(mark), 1);
          },
          {},
          proxy.url,
        );
      } finally {
        await proxy.stop();
      }
    },
  },
  {
    name: 'sees a gateway killed in the middle of a run, returns, and follows what it repeats',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const mark = word();
        const gate = hold();
        gateway.answer(mark, { text: 'this answer will never be whole', hold: gate });
        const key = rig.key();
        await rig.link.send(envelope(key, sessionKey, mark), rig.signal);
        await rig.event('run_delta', (event) => event.key === key, gateway.patienceMs);
        await gateway.kill();
        const offline = await rig.state('offline', gateway.patienceMs);
        assert.ok(['closed', 'refused'].includes(offline.cause), offline.cause);
        const lost = await rig.link.send(envelope(rig.key(), sessionKey, 'x'), rig.signal);
        assert.equal(lost.kind, 'not_sent');
        const before = rig.count('ready');
        gate.release();
        await gateway.revive();
        await rig.until('ready', () => rig.count('ready') > before, gateway.patienceMs * 2);
        const settled = await rig.link.settle(key, sessionKey, rig.signal);
        assert.equal(settled.kind, 'present');
        // The gateway repeats the run by itself; its answer must come under the key of our question.
        if (settled.kind === 'present' && settled.running) {
          const repeated = await finalOf(rig, gateway, key);
          assert.equal(repeated.text, 'this answer will never be whole');
        }
        const over = await rig.link.settle(key, sessionKey, rig.signal);
        assert.equal(over.kind === 'present' && over.running, false);
        assert.equal(
          over.kind === 'present' && over.answer?.text,
          'this answer will never be whole',
        );
        const fresh = word();
        const next = rig.key();
        const outcome = await rig.link.send(envelope(next, sessionKey, fresh), rig.signal);
        assert.equal(outcome.kind, 'acknowledged');
        await finalOf(rig, gateway, next);
        assert.equal(gateway.modelCalls(fresh), 1);
      }),
  },
  {
    name: 'calls an announced restart a restart, and comes back subscribed',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const before = rig.count('ready');
        const restarting = gateway.restart();
        await rig.until(
          'restarting',
          () => rig.states.some((state) => state.kind === 'restarting'),
          gateway.patienceMs,
        );
        await restarting;
        await rig.until('ready', () => rig.count('ready') > before, gateway.patienceMs * 2);
        const after = rig.states.slice(
          rig.states.findIndex((state) => state.kind === 'restarting'),
        );
        assert.ok(!after.some((state) => state.kind === 'offline'), 'it never looked offline');
        const mark = word();
        const key = rig.key();
        await rig.link.send(envelope(key, sessionKey, mark), rig.signal);
        await finalOf(rig, gateway, key);
        await rig.event('session_message', (event) => event.message.key === key);
      }),
  },
  {
    name: 'stops at a wrong token after one attempt, and goes on when a person gives the right one',
    run: async (gateway) => {
      const target = { url: gateway.url, credential: { kind: 'token', value: 'wrong' } as const };
      const rig = startRig(target);
      try {
        const state = await rig.state('bad_credential', gateway.patienceMs);
        assert.equal(state.what, 'secret');
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.equal(rig.link.state().kind, 'bad_credential');
        assert.equal(rig.states.filter((entry) => entry.kind === 'connecting').length, 1);
        rig.credential = gateway.credential;
        rig.link.reconnect();
        await rig.up(gateway.patienceMs);
      } finally {
        await rig.stop();
      }
    },
  },
  {
    name: 'is told when its device is revoked, stays away, and returns only when asked',
    run: (gateway) =>
      withLink(gateway, async (rig) => {
        await gateway.revoke(rig.device.deviceId);
        await rig.state('revoked', gateway.patienceMs);
        assert.equal(rig.deviceToken, null);
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.equal(rig.link.state().kind, 'revoked');
        rig.link.reconnect();
        await rig.up(gateway.patienceMs);
      }),
  },
  {
    name: 'sees only its own session on a peer’s gateway, and every session on the own one',
    run: (gateway) =>
      withLink(gateway, async (peer, sessionKey) => {
        await withLink(
          gateway,
          async (own) => {
            const mark = word();
            const other = peer.link.sessionKeyFor(`other-${mark}`, 'main');
            const key = peer.key();
            await peer.link.send(envelope(key, other, mark), peer.signal);
            await own.event(
              'session_message',
              (event) => event.sessionKey === other && event.message.role === 'assistant',
              gateway.patienceMs,
            );
            const seen = peer.events.filter(
              (event) => 'sessionKey' in event && event.sessionKey !== sessionKey,
            );
            assert.deepEqual(seen, []);
          },
          { ownGateway: true },
        );
      }),
  },
  {
    name: 'lists agents and sessions, and answers a ping',
    run: (gateway) =>
      withLink(gateway, async (rig, sessionKey) => {
        const agents = await rig.link.agents(rig.signal);
        assert.deepEqual(agents[0], { id: 'main', name: agents[0]?.name, isDefault: true });
        const key = rig.key();
        await rig.link.send(envelope(key, sessionKey, word()), rig.signal);
        await finalOf(rig, gateway, key);
        const sessions = await rig.link.sessions('main', rig.signal);
        assert.ok(sessions.some((session) => session.key === sessionKey));
        assert.ok((await rig.link.ping(rig.signal)) < gateway.patienceMs);
      }),
  },
];
