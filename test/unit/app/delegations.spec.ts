import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppStart } from '../../journeys/app-handle.ts';
import type { AppProcess } from '../../journeys/app-process.ts';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';
import type { Person } from '../../journeys/person.ts';
import { asked, given, listen, type Met, meet } from '../../journeys/two-people.ts';
import type { World } from '../../journeys/world.ts';

interface Two extends Met {
  readonly ada: Person;
  readonly bea: Person<AppProcess>;
  /** Bea’s home, to start her app again. */
  readonly home: AppStart;
}

/** Bea’s machine has an OpenClaw of its own, Ada’s has none. */
async function met(world: World, { configFile }: FakePeer): Promise<Two> {
  const ada = await world.visit(world.home());
  const home: AppStart = { ...world.home(), env: { OPENCLAW_CONFIG_PATH: configFile } };
  const bea = await world.visitInProcess(home);
  await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
  await listen(ada, 'loopback');
  await listen(bea, 'loopback');
  return { ada, bea, home, ...(await meet(ada, bea)) };
}

describe('two people’s apps, each with a reception', () => {
  let gateway: FakePeer;
  let other: FakePeer;
  beforeAll(async () => {
    gateway = await startFakePeer('bea');
    other = await startFakePeer('other');
  });
  afterAll(async () => {
    await gateway.stop();
    await other.stop();
  });

  const together = (run: (world: World, two: Two) => Promise<void>): Promise<void> =>
    travel(
      { name: '', run: async (world) => run(world, await met(world, gateway)) },
      { a: gateway, b: other, keychain: null },
    );

  it('become peers by an invite and the same six words, and work that was accepted is answered', () =>
    together(async (_, { ada, bea, peer }) => {
      const mark = word();
      const prompts = gateway.script(mark, { text: 'It is done.' });
      const threadId = await ada.thread(peer);
      const message = await ada.write(threadId, `Please do ${mark}`);
      const waiting = await asked(bea, mark, 'proposed');
      expect(waiting).toMatchObject({ caller: 'Ada', text: `Please do ${mark}` });
      await ada.sent(message, 'delivered');
      // Nothing reaches an agent before somebody said yes.
      expect(prompts.calls).toBe(0);

      await bea.do('delegation.accept', { delegationId: waiting.id });
      await asked(bea, mark, 'completed');
      const answer = await ada.answer(message, 'complete');
      expect(answer.body).toBe('It is done.');
      await ada.sent(message, 'answered');
      expect(await ada.told(threadId)).toEqual([
        ['out', `Please do ${mark}`, 'answered'],
        ['in', 'It is done.', 'complete'],
      ]);
      expect(prompts.calls).toBe(1);
      expect((await asked(bea, mark, 'completed')).answer?.text).toBe('It is done.');
      ada.check();
      bea.check();
    }));

  it('follow a delegation from both sides: its fields, what is asked back, its answer, and its end', () =>
    together(async (_, { ada, bea, peer }) => {
      const mark = word();
      gateway.script(mark, { text: 'Here are the notes.' });
      const deadlineAt = Date.UTC(2100, 0, 1);
      const order = { topic: 'Release notes', priority: 'urgent', deadlineAt } as const;
      const { delegationId, threadId } = await ada.do('outgoing.send', {
        peerId: peer.peerId,
        ...order,
        task: `Write the notes of ${mark}.`,
        expected: 'Markdown',
      });
      const card = await asked(bea, mark, 'proposed');
      expect(card).toMatchObject({ ...order, expected: 'Markdown' });
      await given(ada, delegationId, 'proposed');
      await bea.do('delegation.askBack', { delegationId: card.id, text: 'Which version?' });
      const asks = await given(ada, delegationId, 'asked_back');
      expect(asks).toMatchObject({ question: 'Which version?', stateFrom: 'wire' });
      await ada.do('message.send', {
        threadId,
        text: 'The next one.',
        kind: 'message',
        attachmentIds: [],
      });
      // The person decides about all of it: the answer stands beside the question.
      expect(await asked(bea, mark, 'proposed')).toMatchObject({
        question: 'Which version?',
        reply: 'The next one.',
      });
      await bea.do('delegation.accept', { delegationId: card.id });
      const done = await given(ada, delegationId, 'completed');
      expect(done).toMatchObject({
        question: null,
        answer: { text: 'Here are the notes.' },
        stateFrom: 'wire',
      });
      const board = await ada.do('board.list', { direction: 'out', which: 'over', limit: 9 });
      expect(board.items.map((one) => one.delegation.id)).toEqual([delegationId]);
    }));

  it('tell the one who gave it that work was declined, and take back what is no longer wanted', () =>
    together(async (_, { ada, bea, peer }) => {
      const send = async (mark: string) =>
        (
          await ada.do('outgoing.send', {
            peerId: peer.peerId,
            topic: mark,
            task: 'Whatever.',
            priority: 'normal',
          })
        ).delegationId;
      const [first, second] = [word(), word()];
      const declined = await send(first);
      const { id } = await asked(bea, first, 'proposed');
      await bea.do('delegation.decline', { delegationId: id, reason: 'Not on a Sunday' });
      const told = await given(ada, declined, 'declined');
      expect(told.error?.detail).toBe('Not on a Sunday');

      const unwanted = await send(second);
      await asked(bea, second, 'proposed');
      await given(ada, unwanted, 'proposed');
      await ada.do('outgoing.cancel', { delegationId: unwanted });
      await given(ada, unwanted, 'cancelled');
      await asked(bea, second, 'cancelled');
    }));

  it('tell the asking side that it was declined, and why', () =>
    together(async (_, { ada, bea, peer }) => {
      const mark = word();
      const prompts = gateway.script(mark, { text: 'never' });
      const message = await ada.write(await ada.thread(peer), mark);
      const { id } = await asked(bea, mark, 'proposed');
      await bea.do('delegation.decline', { delegationId: id, reason: 'Not on a Sunday' });
      const answer = await ada.answer(message);
      expect(JSON.stringify([answer, ada.mirror.outgoing(message)])).toContain('Not on a Sunday');
      expect(prompts.calls).toBe(0);
    }));

  it('lose nothing where the one that was asked is killed while the card waits', () =>
    together(async (world, { ada, bea, home, peer }) => {
      const mark = word();
      const prompts = gateway.script(mark, { text: 'After all.' });
      const threadId = await ada.thread(peer);
      const message = await ada.write(threadId, mark);
      const { id } = await asked(bea, mark, 'proposed');
      await ada.sent(message, 'delivered');
      await bea.app.kill();

      const again = await world.visitInProcess(home);
      const waiting = await asked(again, mark, 'proposed');
      expect(waiting.id).toBe(id);
      await again.do('delegation.accept', { delegationId: id });
      await asked(again, mark, 'completed');
      await ada.do('link.reconnect', { linkId: peer.linkId });
      expect((await ada.answer(message, 'complete')).body).toBe('After all.');
      expect(await ada.told(threadId)).toEqual([
        ['out', mark, 'answered'],
        ['in', 'After all.', 'complete'],
      ]);
      expect(prompts.calls).toBe(1);
    }));

  it('can be asked back by the one who redeemed', () =>
    together(async (_, { ada, bea, back }) => {
      const mark = word();
      const message = await bea.write(await bea.thread(back), mark);
      const { id, caller } = await asked(ada, mark, 'proposed');
      expect(caller).toBe('Bea');
      // Ada’s machine has no gateway: she is told so, and the work waits on.
      expect((await ada.refused('delegation.accept', { delegationId: id })).code).toBe(
        'reception.no_own_gateway',
      );
      await ada.do('delegation.decline', { delegationId: id, reason: 'No agent here' });
      await bea.answer(message);
    }));
});
