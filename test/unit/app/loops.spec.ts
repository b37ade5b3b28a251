import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  type DelegationView,
  type PeerPolicy,
} from '../../../electron/contract/index.ts';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { shut, word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';
import type { Contact, Person } from '../../journeys/person.ts';
import { asked, listen, meet } from '../../journeys/two-people.ts';
import type { World } from '../../journeys/world.ts';

interface Side {
  readonly person: Person;
  /** The other one. */
  readonly to: Contact;
  readonly gateway: FakePeer;
}

const auto = (changes: Partial<PeerPolicy>): PeerPolicy => ({
  ...DEFAULT_POLICY,
  mode: 'auto',
  agents: ['main'],
  ...changes,
});

/** Both let each other’s work through, and both agents answer it by asking the other one. */
describe('two agents that ask each other for ever', () => {
  let a: FakePeer;
  let b: FakePeer;
  beforeAll(async () => {
    [a, b] = await Promise.all([startFakePeer('a'), startFakePeer('b')]);
    a.fake.execMode = 'ask';
    b.fake.execMode = 'ask';
  });
  afterAll(async () => {
    await Promise.all([a.stop(), b.stop()]);
  });

  /** An app at a gateway; one after the other, since each is found by the environment. */
  const at = async (world: World, gateway: FakePeer): Promise<Person> => {
    const home = { ...world.home(), env: { OPENCLAW_CONFIG_PATH: gateway.configFile } };
    const person = await world.visitInProcess(home);
    await person.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
    await listen(person, 'loopback');
    return person as unknown as Person;
  };

  const together = (
    limits: readonly [Partial<PeerPolicy>, Partial<PeerPolicy>],
    run: (sides: readonly [Side, Side]) => Promise<void>,
  ): Promise<void> =>
    travel(
      {
        name: '',
        run: async (world) => {
          const [ada, bea] = [await at(world, a), await at(world, b)];
          const { peer, back } = await meet(ada, bea);
          const sides = [
            { person: ada, to: peer, gateway: a },
            { person: bea, to: back, gateway: b },
          ] as const;
          for (const [index, { person, to }] of sides.entries()) {
            const policy = auto(limits[index] ?? {});
            await person.do('policy.set', { peerId: to.peerId, policy });
            const subject = { kind: 'peer', peerId: to.peerId } as const;
            await person.do('agents.setRule', { subject, policy: 'allow' });
          }
          await run(sides);
        },
      },
      { a, b, keychain: null },
    );

  /** While an agent works on `text`, it asks the other side for `next`. @returns what became of that */
  const passOn = async ({ person, to, gateway }: Side, text: string, next: string) => {
    const gate = shut();
    const prompts = gateway.script(text, { text: 'Asked on.', hold: gate });
    return {
      gate,
      asked: async () => {
        await prompts.asked;
        await asked(person, text, 'in_progress');
        const { request } = await person.do('door.ask', {
          agent: 'Claude',
          ask: {
            verb: 'send',
            ...{ peerId: to.peerId, text: next, kind: 'question' },
            // A thread of its own: in one, the next message waits until the run before is over.
            ...{ topic: next, thread: next, agentId: null },
          },
        });
        return request;
      },
    };
  };

  const cardOf = (side: Side, text: string): Promise<DelegationView> =>
    asked(side.person, text, 'proposed');

  it('stop where the work came through too many gateways, and both sides say so', () =>
    together([{ hopLimit: 2 }, { hopLimit: 16 }], async ([ada, bea]) => {
      const texts = [word(), word(), word(), word()] as const;
      // Bea works on the first, Ada on the second, Bea on the third; the fourth is Ada's to decide.
      const first = await passOn(bea, texts[0], texts[1]);
      const second = await passOn(ada, texts[1], texts[2]);
      const third = await passOn(bea, texts[2], texts[3]);
      const never = a.script(texts[3], { text: 'never' });
      await ada.person.write(await ada.person.thread(ada.to), texts[0]);
      for (const step of [first, second, third]) await step.asked();
      const card = await cardOf(ada, texts[3]);
      expect(card).toMatchObject({ hops: 3, held: { code: 'policy.hops' } });
      expect(never.calls).toBe(0);
      // At Bea's, below the message that her agent sent.
      const told = await bea.person.until('why it waits', () =>
        [...bea.person.mirror.messages.values()].find(
          (message) =>
            message.direction === 'out' &&
            message.body === texts[3] &&
            message.error?.code === 'a2a.held',
        ),
      );
      expect(told.error?.detail).toContain('It came through 3 gateways');
      for (const { gate } of [first, second, third]) gate.release();
    }));

  it('are kept from going on by the side that would send, which tells its person and the agent', () =>
    together([{}, { hopLimit: 0 }], async ([ada, bea]) => {
      const texts = [word(), word()] as const;
      const step = await passOn(bea, texts[0], texts[1]);
      await ada.person.write(await ada.person.thread(ada.to), texts[0]);
      const request = await step.asked();
      expect(request.error?.code).toBe('policy.chain_ended');
      const { notices } = await bea.person.do('notice.list', {});
      expect(notices.map(({ title }) => title)).toContain('Ada: a chain of agents was ended');
      const { delegations } = await ada.person.do('delegation.list', { which: 'all', limit: 50 });
      expect(delegations).toEqual([]);
      step.gate.release();
    }));

  it('stop where no person wrote for long, also within one conversation', () =>
    together([{ replyBudget: 2 }, {}], async ([ada, bea]) => {
      const ask = async (text: string, thread: string | null) =>
        bea.person.do('door.ask', {
          agent: 'Claude',
          ask: {
            verb: 'send',
            ...{ peerId: bea.to.peerId, text, kind: 'question' },
            ...{ topic: 'Talk', thread, agentId: null },
          },
        });
      const texts = [word(), word(), word()] as const;
      for (const text of texts.slice(0, 2)) {
        a.script(text, { text: 'Yes.' });
        await ask(text, 'Talk');
        await asked(ada.person, text, 'completed');
      }
      await ask(texts[2], 'Talk');
      const card = await cardOf(ada, texts[2]);
      expect(card.held?.code).toBe('policy.replies');
    }));
});
