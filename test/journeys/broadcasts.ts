/** Journeys of one text to many. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { word } from './gateway.ts';
import type { Journey } from './world.ts';

const LIMIT_MS = 60_000;

/** Asks again until it is so: a broadcast is read by calls here, as the command line does. */
async function eventually(what: string, test: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!(await test())) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
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
    const rows = async () =>
      (await person.do('broadcast.open', { broadcastId: broadcast.id })).rows;
    await eventually('both answered', async () =>
      (await rows()).every((row) => row.state === 'answered'),
    );
    assert.deepEqual(
      (await rows()).map((row) => row.answer),
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
    const states = async () =>
      (await person.do('broadcast.open', { broadcastId: next.broadcast.id })).rows.map(
        (row) => row.state,
      );
    await eventually('the one that is there', async () => (await states())[0] === 'answered');
    assert.notEqual((await states())[1], 'answered');
    await b.revive();
    await eventually('the other one too', async () => (await states())[1] === 'answered');
    assert.deepEqual(
      later.map((one) => one.calls),
      [1, 1],
    );
    await person.leave();
  },
};

export const broadcastJourneys: readonly Journey[] = [toTwo];
