/** Journeys of one text to many. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { word } from './gateway.ts';
import type { Person } from './person.ts';
import type { Journey } from './world.ts';

/** Asks again until it is so: a broadcast is read by calls here, as the command line does. */
async function eventually<T>(
  person: Person,
  what: string,
  read: () => Promise<T>,
  isSo: (now: T) => boolean,
): Promise<void> {
  const end = Date.now() + person.patienceMs;
  for (;;) {
    const now = await read();
    if (isSo(now)) return;
    if (Date.now() > end)
      throw new Error(
        `${what}: not within ${person.patienceMs} ms; ${JSON.stringify(now)}\n${person.describe()}`,
      );
    await sleep(50);
  }
}

const toTwo: Journey = {
  name: 'broadcasts to two gateways as the dry run said, and waits for the one that is away',
  run: async ({ a, b, home, visit }) => {
    const person = await visit(home());
    const ada = await person.meet('Ada', a);
    const bob = await person.meet('Bob', b);
    const mark = word();
    const asked = [a.script(mark, { text: 'seen by a' }), b.script(mark, { text: 'seen by b' })];
    await person.do('group.create', { name: 'Both', peerIds: [ada.peerId, bob.peerId] });
    const said = {
      audience: { kind: 'chosen' as const, peerIds: [], groups: ['both'] },
      topic: 'builds',
      tags: ['ci'],
      text: `The build is green. ${mark}`,
    };
    const dry = await person.do('broadcast.preview', said);
    assert.deepEqual(
      dry.recipients.map((one) => [one.peerName, one.reason]),
      [
        ['Ada', 'ready'],
        ['Bob', 'ready'],
      ],
    );
    assert.equal(dry.message.text, `[Broadcast] → builds\nTags: ci\n\n${said.text}`);
    assert.equal(asked[0]?.calls, 0);

    const to = dry.recipients.map((one) => one.peerId);
    const { broadcast } = await person.do('broadcast.send', { ...said, to });
    const rows = async ({ id }: typeof broadcast) =>
      (await person.do('broadcast.open', { broadcastId: id })).rows;
    const states = async (of: typeof broadcast) => (await rows(of)).map((row) => row.state);
    const first = () => states(broadcast);
    await eventually(person, 'both answered', first, (now) =>
      now.every((state) => state === 'answered'),
    );
    assert.deepEqual(
      (await rows(broadcast)).map((row) => row.answer),
      ['seen by a', 'seen by b'],
    );
    assert.deepEqual(
      asked.map((one) => one.calls),
      [1, 1],
    );

    const second = word();
    const later = [a.script(second), b.script(second)];
    await b.kill();
    const next = await person.do('broadcast.send', { ...said, text: `Once more. ${second}` });
    const again = () => states(next.broadcast);
    await eventually(person, 'the one that is there', again, ([there]) => there === 'answered');
    assert.notEqual((await again())[1], 'answered');
    await b.revive();
    await eventually(person, 'the other one too', again, ([, away]) => away === 'answered');
    assert.deepEqual(
      later.map((one) => one.calls),
      [1, 1],
    );
    await person.leave();
  },
};

export const broadcastJourneys: readonly Journey[] = [toTwo];
