/** Two people whose apps meet by an invite, and ask each other for work. */
import assert from 'node:assert/strict';
import type {
  DelegationView,
  InviteView,
  OutgoingDelegationView,
} from '../../electron/contract/index.ts';
import type { AppHandle } from './app-handle.ts';
import type { Contact, Person } from './person.ts';

/** Waits for what a call tells; it is asked anew after each change that the person's window hears of. */
function told<T>(person: Person, what: string, read: () => Promise<T | undefined>): Promise<T> {
  const limitMs = person.patienceMs;
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

/** The invite of this person that came to a state. */
export const invite = (person: Person, state: InviteView['state']): Promise<InviteView> =>
  told(person, `an invite that is ${state}`, async () =>
    (await person.do('invite.list', {})).invites.find((one) => one.state === state),
  );

/** The work that this person was asked for, once it is in one of these states. */
export const asked = (
  person: Person,
  text: string,
  ...states: DelegationView['state'][]
): Promise<DelegationView> =>
  told(person, `“${text}” that is ${states.join(' or ')}`, async () =>
    (await person.do('delegation.list', { which: 'all', limit: 50 })).delegations.find(
      (one) => one.text.includes(text) && states.includes(one.state),
    ),
  );

/** The work that this person gave to others, once it is in one of these states. */
export const given = (
  person: Person,
  delegationId: OutgoingDelegationView['id'],
  ...states: OutgoingDelegationView['state'][]
): Promise<OutgoingDelegationView> =>
  told(person, `work that is ${states.join(' or ')}`, async () =>
    (await person.do('outgoing.list', { which: 'all', limit: 50 })).delegations.find(
      (one) => one.id === delegationId && states.includes(one.state),
    ),
  );

/** Opens the reception; on the tailnet once this machine has an address there. @returns where it listens */
export async function listen(
  person: Person,
  where: 'loopback' | 'tailnet',
): Promise<readonly string[]> {
  if (where === 'tailnet')
    await told(person, 'a machine in the tailnet', async () => {
      const { state } = await person.do('tailnet.check', {});
      return state.kind === 'running' ? state : undefined;
    });
  const { addresses, error } = await person.do('reception.configure', { listen: where, port: 0 });
  assert.equal(error, null);
  return addresses;
}

/** What two people know of each other once they have met. */
export interface Met {
  /** The second one, as the first one has them. */
  readonly peer: Contact;
  /** The first one, as the second one has them. */
  readonly back: Contact;
  readonly invites: readonly [InviteView, InviteView];
}

/** Ada invites, Bea redeems, both see the same six words and say so: each has the other as a peer. */
export async function meet(ada: Person, bea: Person<AppHandle>): Promise<Met> {
  const { text } = await ada.do('invite.create', { for: 'theirs', peerName: 'Bea' });
  const preview = await bea.do('invite.preview', { text });
  assert.equal(preview.for, 'theirs');
  await bea.do('invite.redeem', { text, peerName: 'Ada' });
  const [here, there] = [await invite(ada, 'comparing'), await invite(bea, 'comparing')];
  assert.equal(here.words?.length, 6);
  assert.deepEqual(there.words, here.words);
  assert.equal(there.other?.fingerprint, preview.fingerprint);
  await ada.do('invite.confirm', { inviteId: here.id });
  await bea.do('invite.confirm', { inviteId: there.id });
  const [done, doneThere] = [await invite(ada, 'done'), await invite(bea, 'done')];
  assert.deepEqual([done.directions, doneThere.directions], ['both', 'both']);
  assert.ok(done.peerId && doneThere.peerId, 'a peer came of it on both sides');
  const peer = await ada.see(done.peerId);
  const back = await bea.see(doneThere.peerId);
  assert.equal(ada.mirror.details.get(peer.peerId)?.name, 'Bea');
  for (const [person, { peerId }] of [
    [ada, peer],
    [bea, back],
  ] as const)
    assert.deepEqual(
      person.mirror.details.get(peerId)?.links.map((link) => link.kind),
      ['a2a'],
    );
  await ada.link(peer, 'online');
  await bea.link(back, 'online');
  return { peer, back, invites: [done, doneThere] };
}
