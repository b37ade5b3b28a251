/** Scenarios of what goes wrong: lost acknowledgements, killed and restarted gateways, refusals. */
import assert from 'node:assert/strict';
import { startCutProxy } from './cut-proxy.ts';
import { startRig } from './link-rig.ts';
import { envelope, finalOf, hold, type Scenario, withLink, word } from './scenario-kit.ts';

export const troubleScenarios: readonly Scenario[] = [
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
        const began = rig.states.find((state) => state.kind === 'restarting')?.since ?? 0;
        // A busy machine may take longer to come back than anyone would call a restart.
        const early = rig.states.filter(
          (state) => state.kind === 'offline' && state.since < began + 25_000,
        );
        assert.deepEqual(early, []);
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
        const theirs = `agent:main:team-${word()}`.toLowerCase();
        rig.link.watch(theirs);
        for (const session of [sessionKey, theirs]) {
          const key = rig.key();
          await rig.link.send(envelope(key, session, word()), rig.signal);
          await finalOf(rig, gateway, key);
        }
        const sessions = await rig.link.sessions('main', rig.signal);
        assert.ok(sessions.some((session) => session.key === theirs));
        assert.ok(!sessions.some((session) => session.key === sessionKey), 'our own are threads');
        assert.ok((await rig.link.ping(rig.signal)) < gateway.patienceMs);
        const skills = (await rig.link.capabilities?.(rig.signal)) ?? [];
        assert.ok(skills.length > 0 && skills.length <= 64);
        assert.ok(skills.every((tag) => tag !== '' && tag.length <= 40));
      }),
  },
];
