import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type PeerPolicy } from '../../../electron/contract/index.ts';
import type { AppStart } from '../../journeys/app-handle.ts';
import type { AppProcess } from '../../journeys/app-process.ts';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';
import type { Person } from '../../journeys/person.ts';
import { asked, listen, type Met, meet } from '../../journeys/two-people.ts';
import type { World } from '../../journeys/world.ts';

interface Two extends Met {
  readonly ada: Person;
  readonly bea: Person<AppProcess>;
}

const AUTO: PeerPolicy = { ...DEFAULT_POLICY, mode: 'auto', agents: ['main'] };

async function met(world: World, { configFile }: FakePeer): Promise<Two> {
  const ada = await world.visit(world.home());
  const home: AppStart = { ...world.home(), env: { OPENCLAW_CONFIG_PATH: configFile } };
  const bea = await world.visitInProcess(home);
  await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
  await listen(ada, 'loopback');
  await listen(bea, 'loopback');
  return { ada, bea, ...(await meet(ada, bea)) };
}

/** Bea’s machine has an OpenClaw; Ada asks. Two whole apps. */
describe('what Bea lets Ada do without asking', () => {
  let gateway: FakePeer;
  let other: FakePeer;
  beforeAll(async () => {
    gateway = await startFakePeer('bea');
    other = await startFakePeer('other');
  });
  beforeEach(() => {
    gateway.fake.execMode = 'ask';
  });
  afterAll(async () => {
    await gateway.stop();
    await other.stop();
  });

  const together = (run: (two: Two) => Promise<void>): Promise<void> =>
    travel(
      { name: '', run: async (world) => run(await met(world, gateway)) },
      { a: gateway, b: other, keychain: null },
    );

  it('is answered without anybody, while the agent asks before it runs commands', () =>
    together(async ({ ada, bea, peer, back: asker }) => {
      await bea.do('policy.set', { peerId: asker.peerId, policy: AUTO });
      const mark = word();
      gateway.script(mark, { text: 'By itself.' });
      const message = await ada.write(await ada.thread(peer), `Please ${mark}`);
      expect((await ada.answer(message, 'complete')).body).toBe('By itself.');
      const done = await asked(bea, mark, 'completed');
      expect(done.decision).toMatchObject({ by: 'policy' });
      // For callers that never come for an answer it can go back as a message of Bea's.
      await bea.do('delegation.sendBack', { delegationId: done.id });
      const back = await asked(ada, '[Answer]', 'proposed');
      expect(back.text).toBe(`[Answer] → Please ${mark}\n\nBy itself.`);
      ada.check();
      bea.check();
    }));

  it('waits for her where the agent may run any command, at once and when that comes to be later', () =>
    together(async ({ ada, bea, peer, back }) => {
      gateway.fake.execMode = 'full';
      const policy = { peerId: back.peerId, policy: AUTO };
      const refused = await bea.refused('policy.set', policy);
      expect(refused.code).toBe('policy.unasked');
      expect(refused.detail).toContain('main');
      gateway.fake.execMode = 'ask';
      await bea.do('policy.set', policy);
      gateway.fake.execMode = 'full';
      const mark = word();
      const prompts = gateway.script(mark, { text: 'never' });
      const message = await ada.write(await ada.thread(peer), mark);
      await ada.until(
        'that nobody has begun',
        () => ada.mirror.outgoing(message)?.state === 'delivered',
      );
      const waiting = await asked(bea, mark, 'proposed');
      expect(waiting.held?.code).toBe('policy.unasked');
      expect(prompts.calls).toBe(0);
    }));

  it('is nothing while she has paused incoming work: Ada is told so, and it goes on after the pause', () =>
    together(async ({ ada, bea, peer }) => {
      await bea.do('settings.update', { changes: { incomingPaused: true } });
      const mark = word();
      const message = await ada.write(await ada.thread(peer), mark);
      await ada.until('why it waits', () =>
        ada.mirror.outgoing(message)?.error?.detail.includes('paused incoming work'),
      );
      expect(ada.mirror.outgoing(message)?.state).toBe('queued');
      expect(ada.linkState(peer)?.kind).toBe('online');
      await bea.do('settings.update', { changes: { incomingPaused: false } });
      await ada.clock.leap(61_000);
      await asked(bea, mark, 'proposed');
    }));

  it('is nothing where she blocks her: Ada reads it at her message', () =>
    together(async ({ ada, bea, peer, back }) => {
      await bea.do('policy.set', {
        peerId: back.peerId,
        policy: { ...DEFAULT_POLICY, mode: 'block' },
      });
      const message = await ada.write(await ada.thread(peer), word());
      const failed = await ada.sent(message, 'failed');
      expect(failed.error?.detail).toContain('takes no work from you');
    }));
});
