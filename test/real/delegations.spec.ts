import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_POLICY, type PeerPolicy } from '../../electron/contract/index.ts';
import type { AppStart } from '../journeys/app-handle.ts';
import type { AppProcess } from '../journeys/app-process.ts';
import { shut, word } from '../journeys/gateway.ts';
import { travel } from '../journeys/index.ts';
import type { Person } from '../journeys/person.ts';
import { asked, listen, type Met, meet } from '../journeys/two-people.ts';
import type { World } from '../journeys/world.ts';
import { type RealPeer, startRealPeer } from './parts/real-peer.ts';
import { describeWith } from './parts/require.ts';

interface Two extends Met {
  readonly world: World;
  readonly ada: Person;
  readonly bea: Person<AppProcess>;
  /** Bea’s home, to start her app again. */
  readonly home: AppStart;
}

const AUTO: PeerPolicy = { ...DEFAULT_POLICY, mode: 'auto', agents: ['main'] };

/** Ada asks; Bea’s app, which is killed, brings it to her real OpenClaw. */
await describeWith(['openclaw'], 'two whole apps, before a real OpenClaw', () => {
  let gateway: RealPeer;
  beforeAll(async () => {
    gateway = await startRealPeer('bea');
  });
  afterAll(async () => {
    await gateway?.stop();
  });

  const met = async (world: World): Promise<Two> => {
    const ada = await world.visit(world.home());
    const home: AppStart = {
      ...world.home(),
      env: { OPENCLAW_CONFIG_PATH: gateway.configFile },
    };
    const bea = await world.visitInProcess(home);
    await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
    await listen(ada, 'loopback');
    await listen(bea, 'loopback');
    return { world, ada, bea, home, ...(await meet(ada, bea)) };
  };
  const together = (run: (two: Two) => Promise<void>): Promise<void> =>
    travel(
      { name: '', run: async (world) => run(await met(world)) },
      { a: gateway, b: gateway, keychain: null },
    );
  /** Ada asks, and Bea’s card is there. */
  const ask = async ({ ada, bea, peer }: Two, mark: string) => {
    const threadId = await ada.thread(peer);
    const message = await ada.write(threadId, `Please ${mark}`);
    const card = await asked(bea, mark, 'proposed');
    return { threadId, message, card };
  };

  it('lose nothing where Bea’s app is killed while the card waits', () =>
    together(async (two) => {
      const mark = word();
      const prompts = gateway.script(mark, { text: 'After all.' });
      const { message, card } = await ask(two, mark);
      await two.ada.sent(message, 'delivered');
      await two.bea.app.kill();
      const again = await two.world.visitInProcess(two.home);
      await asked(again, mark, 'proposed');
      await again.do('delegation.accept', { delegationId: card.id });
      await two.ada.do('link.reconnect', { linkId: two.peer.linkId });
      expect((await two.ada.answer(message, 'complete')).body).toBe('After all.');
      expect(prompts.calls).toBe(1);
    }));

  it('bring the one answer where it is killed while the agent works', () =>
    together(async (two) => {
      const mark = word();
      const gate = shut();
      const prompts = gateway.script(mark, { text: 'Worked through it.', hold: gate });
      const { threadId, message, card } = await ask(two, mark);
      await two.bea.do('delegation.accept', { delegationId: card.id });
      await prompts.asked;
      await asked(two.bea, mark, 'in_progress');
      await two.bea.app.kill();
      const again = await two.world.visitInProcess(two.home);
      gate.release();
      await asked(again, mark, 'completed');
      await two.ada.do('link.reconnect', { linkId: two.peer.linkId });
      expect((await two.ada.answer(message, 'complete')).body).toBe('Worked through it.');
      expect(await two.ada.told(threadId)).toHaveLength(2);
      expect(prompts.calls).toBe(1);
    }));

  it('bring it where it is killed before the answer left: the agent finished while nobody was there', () =>
    together(async (two) => {
      const mark = word();
      const gate = shut();
      const prompts = gateway.script(mark, { text: 'Finished alone.', hold: gate });
      const { threadId, message, card } = await ask(two, mark);
      await two.bea.do('delegation.accept', { delegationId: card.id });
      await prompts.asked;
      const { sessionKey } = await asked(two.bea, mark, 'in_progress');
      await two.bea.app.kill();
      gate.release();
      await gateway.answered(sessionKey ?? '');
      const again = await two.world.visitInProcess(two.home);
      await asked(again, mark, 'completed');
      await two.ada.do('link.reconnect', { linkId: two.peer.linkId });
      expect((await two.ada.answer(message, 'complete')).body).toBe('Finished alone.');
      expect(await two.ada.told(threadId)).toHaveLength(2);
      expect(prompts.calls).toBe(1);
    }));

  it('let nothing through by themselves while OpenClaw’s agent may run any command, at any time', () =>
    together(async (two) => {
      const { ada, bea, peer, back } = two;
      const policy = { peerId: back.peerId, policy: AUTO };
      const refused = await bea.refused('policy.set', policy);
      expect(refused.code).toBe('policy.unasked');
      const { agents } = await bea.do('policy.targets', {});
      expect(agents.map((one) => one.problem?.code)).toEqual(['policy.unasked', 'policy.unasked']);
      const { admin } = gateway.gateway;
      await admin.patchConfig({ tools: { exec: { mode: 'ask' } } });
      await bea.do('policy.set', policy);
      const mark = word();
      gateway.script(mark, { text: 'By itself.' });
      const message = await ada.write(await ada.thread(peer), mark);
      expect((await ada.answer(message, 'complete')).body).toBe('By itself.');
      await admin.patchConfig({ tools: { exec: { mode: 'full' } } });
      const later = word();
      const prompts = gateway.script(later, { text: 'never' });
      await ada.write(await ada.thread(peer), later);
      const waiting = await asked(bea, later, 'proposed');
      expect(waiting.held?.code).toBe('policy.unasked');
      expect(prompts.calls).toBe(0);
    }));
});
