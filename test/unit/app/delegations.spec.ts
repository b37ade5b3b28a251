import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DelegationView, InviteView } from '../../../electron/contract/index.ts';
import type { AppHandle, AppStart } from '../../journeys/app-handle.ts';
import type { AppProcess } from '../../journeys/app-process.ts';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';
import type { Contact, Person } from '../../journeys/person.ts';
import type { World } from '../../journeys/world.ts';

/** Waits for a value of a change that a person's window is told of. */
function told<T>(
  person: Person,
  what: string,
  read: () => Promise<T | undefined>,
  limitMs = 15_000,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      forget();
    };
    const look = (): void => {
      read().then((found) => {
        if (found === undefined) return;
        end();
        resolve(found);
      }, reject);
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`${what}: not within ${limitMs} ms\n${person.describe()}`));
    }, limitMs);
    const forget = person.app.onChange(look);
    look();
  });
}

const invite = (person: Person, state: InviteView['state']): Promise<InviteView> =>
  told(person, `an invite that is ${state}`, async () =>
    (await person.do('invite.list', {})).invites.find((one) => one.state === state),
  );

const asked = (
  person: Person,
  text: string,
  ...states: DelegationView['state'][]
): Promise<DelegationView> =>
  told(person, `“${text}” that is ${states.join(' or ')}`, async () =>
    (await person.do('delegation.list', { which: 'all', limit: 50 })).delegations.find(
      (one) => one.text.includes(text) && states.includes(one.state),
    ),
  );

/** A machine with an OpenClaw of its own. */
const withOwnGateway = (start: AppStart, gateway: FakePeer): AppStart => ({
  ...start,
  env: { OPENCLAW_CONFIG_PATH: gateway.configFile },
});

interface Two {
  readonly ada: Person;
  readonly bea: Person<AppProcess>;
  /** Bea’s home, to start her app again. */
  readonly home: AppStart;
  /** Bea, as Ada has her. */
  readonly peer: Contact;
  /** Ada, as Bea has her. */
  readonly back: Contact;
}

const listen = (person: Person<AppHandle>) =>
  person.do('reception.configure', { listen: 'loopback', port: 0 });

/** Ada invites, Bea redeems, and both say that the words are the same. */
async function met({ home, visit, visitInProcess }: World, gateway: FakePeer): Promise<Two> {
  const ada = await visit(home());
  const beasHome = withOwnGateway(home(), gateway);
  const bea = await visitInProcess(beasHome);
  await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
  await listen(ada);
  await listen(bea);
  const { text } = await ada.do('invite.create', { for: 'theirs', peerName: 'Bea' });
  const preview = await bea.do('invite.preview', { text });
  expect(preview.for).toBe('theirs');
  await bea.do('invite.redeem', { text, peerName: 'Ada' });
  const [here, there] = [await invite(ada, 'comparing'), await invite(bea, 'comparing')];
  expect(here.words).toHaveLength(6);
  expect(there.words).toEqual(here.words);
  expect(there.other?.fingerprint).toBe(preview.fingerprint);
  await ada.do('invite.confirm', { inviteId: here.id });
  await bea.do('invite.confirm', { inviteId: there.id });
  const [done, doneThere] = [await invite(ada, 'done'), await invite(bea, 'done')];
  expect([done.directions, doneThere.directions]).toEqual(['both', 'both']);
  if (done.peerId === null || doneThere.peerId === null) throw new Error('no peer came of it');
  const peer = await ada.see(done.peerId);
  const back = await bea.see(doneThere.peerId);
  expect(ada.mirror.details.get(peer.peerId)).toMatchObject({ name: 'Bea' });
  expect(ada.mirror.details.get(peer.peerId)?.links.map((link) => link.kind)).toEqual(['a2a']);
  expect(bea.mirror.details.get(back.peerId)?.links.map((link) => link.kind)).toEqual(['a2a']);
  await ada.link(peer, 'online');
  await bea.link(back, 'online');
  return { ada, bea, home: beasHome, peer, back };
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

  it(
    'become peers by an invite and the same six words, and work that was accepted is answered',
    () =>
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
      }),
    30_000,
  );

  it(
    'tell the asking side that it was declined, and why',
    () =>
      together(async (_, { ada, bea, peer }) => {
        const mark = word();
        const prompts = gateway.script(mark, { text: 'never' });
        const message = await ada.write(await ada.thread(peer), mark);
        const { id } = await asked(bea, mark, 'proposed');
        await bea.do('delegation.decline', { delegationId: id, reason: 'Not on a Sunday' });
        const answer = await ada.answer(message);
        expect(JSON.stringify([answer, ada.mirror.outgoing(message)])).toContain('Not on a Sunday');
        expect(prompts.calls).toBe(0);
      }),
    30_000,
  );

  it(
    'lose nothing where the one that was asked is killed while the card waits',
    () =>
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
      }),
    30_000,
  );

  it(
    'can be asked back by the one who redeemed',
    () =>
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
      }),
    30_000,
  );
});
