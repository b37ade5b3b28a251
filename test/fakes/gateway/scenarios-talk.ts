/** Scenarios of a link that works: connect, send, stream, stop. */
import assert from 'node:assert/strict';
import { envelope, finalOf, hold, type Scenario, withLink, word } from './scenario-kit.ts';

export const talkScenarios: readonly Scenario[] = [
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
];
