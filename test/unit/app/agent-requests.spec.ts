import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallInput, RequestId, SendAsk } from '../../../electron/contract/index.ts';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';
import type { Contact, Person } from '../../journeys/person.ts';
import type { World } from '../../journeys/world.ts';

describe('what a local agent asks the app for', () => {
  let a: FakePeer;
  let b: FakePeer;
  beforeAll(async () => {
    a = await startFakePeer('a');
    b = await startFakePeer('b');
  });
  afterAll(async () => {
    await a.stop();
    await b.stop();
  });

  const agent = 'Claude';
  const send = (to: Contact, text: string, more: Partial<SendAsk> = {}): CallInput<'door.ask'> => ({
    agent,
    ask: {
      verb: 'send',
      ...{ peerId: to.peerId, text, kind: 'question', topic: null, thread: null, agentId: null },
      ...more,
    },
  });
  const alone =
    (run: (person: Person, ada: Contact, again: () => Promise<Person>) => Promise<void>) => () =>
      travel(
        {
          name: '',
          run: async (world: World) => {
            const start = world.home();
            const person = await world.visit(start);
            await run(person, await person.meet('Ada', a), () => world.visit(start));
          },
        },
        { a, b, keychain: null },
      );

  it(
    'goes out after the person approved, is shown as asked, and its answer can be followed',
    alone(async (person, ada) => {
      const mark = word();
      const prompts = a.script(mark, { text: 'It is green.' });
      const { request } = await person.do('door.ask', send(ada, `Is ${mark} green?`));
      expect(request.state).toBe('waiting');
      expect(prompts.calls).toBe(0);
      const requestId = request.id;
      const waiting = person.do('door.follow', { requestId, seen: 'waiting:0', waitMs: 20_000 });
      await person.do('agents.decide', { requestId, decision: 'approve' });
      let now = await waiting;
      while (!now.final) {
        now = await person.do('door.follow', { requestId, seen: now.seen, waitMs: 20_000 });
      }
      expect(now.deliveries).toMatchObject([
        { peer: 'Ada', state: 'answered', answer: { text: 'It is green.', state: 'complete' } },
      ]);
      const message = now.deliveries[0]?.messageId;
      if (!message) expect.unreachable();
      expect(person.mirror.outgoing(message)?.askedBy).toBe(agent);
      const { entries } = await person.do('door.log', {
        ...{ peerId: ada.peerId, before: null, limit: 10 },
      });
      expect(entries).toMatchObject([
        { direction: 'in', text: 'It is green.' },
        { direction: 'out', askedBy: agent, kind: 'question' },
      ]);
      await person.leave();
    }),
  );

  it(
    'is told by a notice that leads to the request, for one recipient and for several',
    alone(async (person, ada) => {
      await person.meet('Ben', b);
      const one = await person.do('door.ask', send(ada, word()));
      const all = await person.do('door.ask', {
        agent,
        ask: {
          ...{ verb: 'broadcast', audience: { kind: 'all' }, topic: null, tags: [] },
          text: word(),
        },
      });
      const { notices } = await person.do('notice.list', {});
      const asking = notices.filter((notice) => notice.actions.some(({ id }) => id === 'deny'));
      expect(asking.map((notice) => notice.to).sort()).toEqual(
        [one, all].map(({ request }) => `agents/${request.id}`).sort(),
      );
      // Decided in the window: the notices that ask for it ask no longer.
      for (const { request } of [one, all]) {
        await person.do('agents.decide', { requestId: request.id, decision: 'deny' });
      }
      await expect
        .poll(async () =>
          (await person.do('notice.list', {})).notices.flatMap((notice) =>
            notice.to?.startsWith('agents/') ? [notice.read, ...notice.actions] : [],
          ),
        )
        .toEqual([true, true]);
      await person.leave();
    }),
  );

  it(
    'plans without a trace, refuses what the window would refuse, and keeps to its own thread',
    alone(async (person, ada) => {
      await person.do('agents.setRule', {
        ...{ subject: { kind: 'peer', peerId: ada.peerId }, policy: 'allow' },
      });
      const mark = word();
      a.script(mark, { text: 'Yes.' });
      const plan = await person.do('door.plan', send(ada, mark));
      expect(plan).toMatchObject({
        bytes: mark.length,
        recipients: [{ name: 'Ada', policy: 'allow', thread: null, address: a.url }],
        budgetLeft: 200,
      });
      expect((await person.do('agents.requests', { limit: 5 })).requests).toEqual([]);
      expect((await person.refused('door.ask', send(ada, ' \n'))).code).toBe('message.empty');
      const long = 'ü'.repeat(5_000);
      expect((await person.refused('door.ask', send(ada, long))).code).toBe('message.too_large');

      const ids: unknown[] = [];
      const asks = [{}, {}, { topic: 'Release' }, { thread: 'release' }, {}];
      for (const more of asks) {
        const { request } = await person.do('door.ask', send(ada, mark, more));
        expect(request).toMatchObject({ state: 'done', decision: { by: 'rule' } });
        ids.push(request.recipients[0]?.threadId);
      }
      expect(ids[1]).toBe(ids[0]);
      expect(ids[2]).not.toBe(ids[0]);
      expect(ids[3]).toBe(ids[2]);
      expect(ids[4]).toBe(ids[2]);
      await person.leave();
    }),
  );

  it(
    'that named an agent over there goes to the peer’s own choice again, once none is named',
    alone(async (person, ada) => {
      await person.do('agents.setRule', {
        ...{ subject: { kind: 'peer', peerId: ada.peerId }, policy: 'allow' },
      });
      const ids: unknown[] = [];
      for (const agentId of [null, 'reviewer', null, 'reviewer']) {
        const { request } = await person.do('door.ask', send(ada, word(), { agentId }));
        ids.push(request.recipients[0]?.threadId);
      }
      expect(ids[1]).not.toBe(ids[0]);
      expect(ids[2]).toBe(ids[0]);
      expect(ids[3]).toBe(ids[1]);
      await person.leave();
    }),
  );

  it(
    'still waits after a restart, and what came in is told to each agent once',
    alone(async (person, ada, again) => {
      const mark = word();
      a.script(mark, { text: 'Later.' });
      const { request } = await person.do('door.ask', send(ada, mark));
      const first = { agent, after: 'last', waitMs: 0, limit: 20 } as const;
      const nothing = await person.do('door.arrivals', first);
      expect(nothing.arrivals).toEqual([]);
      await person.do('door.seen', { agent, mark: nothing.mark });
      await person.leave();

      const later = await again();
      const { requests } = await later.do('agents.requests', { limit: 5 });
      expect(requests).toMatchObject([{ id: request.id, state: 'waiting' }]);
      await later.do('agents.decide', { requestId: request.id, decision: 'approve' });
      const come = await later.do('door.arrivals', { ...first, waitMs: 30_000 });
      expect(come.arrivals).toMatchObject([
        { type: 'answer', peer: 'Ada', text: 'Later.', askedBy: agent, state: 'complete' },
      ]);
      // Until the agent says that it told them, they come again: nothing is lost with a lost answer.
      expect((await later.do('door.arrivals', first)).arrivals).toHaveLength(1);
      await later.do('door.seen', { agent, mark: come.mark });
      expect((await later.do('door.arrivals', first)).arrivals).toEqual([]);
      expect(
        (await later.do('door.arrivals', { ...first, agent: 'Another' })).arrivals,
      ).toHaveLength(1);
      expect((await later.refused('door.arrivals', { ...first, after: 'x' })).code).toBe(
        'agent.mark_unknown',
      );
      await later.leave();
    }),
  );

  it(
    'broadcasts and delegates in the name of the agent, and answers what came in',
    alone(async (person, ada) => {
      const bea = await person.meet('Bea', b);
      const mark = word();
      a.script(mark, { text: 'Ada heard.' });
      b.script(mark, { text: 'Bea heard.' });
      const audience = { kind: 'chosen', peerIds: [ada.peerId, bea.peerId], groups: [] } as const;
      const news = { verb: 'broadcast', topic: 'CI', tags: ['build'], text: mark } as const;
      const ask = {
        ...news,
        audience: { ...audience, peerIds: [...audience.peerIds], groups: [] },
      };
      const broadcast = { agent, ask: { ...ask, tags: ['build'] } };
      const plan = await person.do('door.plan', broadcast);
      expect(plan.recipients.map((one) => one.name)).toEqual(['Ada', 'Bea']);
      const { request } = await person.do('door.ask', broadcast);
      expect(request).toMatchObject({ state: 'waiting', recipientCount: 2, kind: 'broadcast' });
      const requestId = request.id;
      await person.do('agents.decide', { requestId, decision: 'approve' });
      const heard = await end(person, requestId);
      expect(heard.map((one) => one.answer?.text)).toEqual(['Ada heard.', 'Bea heard.']);
      for (const { messageId } of heard) {
        if (!messageId) expect.unreachable();
        expect(person.mirror.outgoing(messageId)?.askedBy).toBe(agent);
      }

      const work = { verb: 'delegate', peerId: ada.peerId, text: `Review ${mark}` } as const;
      const order = {
        ...work,
        topic: null,
        agentId: null,
        priority: 'high',
        context: '{}',
      } as const;
      const given = await person.do('door.ask', { agent, ask: order });
      expect(given.request).toMatchObject({ kind: 'delegation', verb: 'delegate' });
      expect(given.request.facts).toContainEqual({ label: 'Priority', value: 'high' });
      await person.do('agents.decide', { requestId: given.request.id, decision: 'approve' });
      const done = await end(person, given.request.id);
      expect(done).toMatchObject([{ answer: { state: 'complete' } }]);

      const target = heard[0]?.answer?.messageId ?? '';
      const reply = {
        verb: 'respond',
        target,
        status: 'completed',
        text: `Thanks ${mark}`,
      } as const;
      const back = await person.do('door.ask', { agent, ask: reply });
      expect(back.request).toMatchObject({ recipients: [{ name: 'Ada' }], kind: 'feedback' });
      const stranger = { ...reply, target: '01900000-0000-7000-8000-000000000001' };
      expect((await person.refused('door.ask', { agent, ask: stranger })).code).toBe(
        'message.not_found',
      );
      await person.leave();
    }),
  );
});

/** Follows a request until nothing more comes of it. */
async function end(person: Person, requestId: RequestId) {
  let now = await person.do('door.follow', { requestId, seen: '', waitMs: 0 });
  while (!now.final) {
    now = await person.do('door.follow', { requestId, seen: now.seen, waitMs: 20_000 });
  }
  return now.deliveries;
}
