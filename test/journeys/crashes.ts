/** Journeys in which the app is killed in the worst moment, and started again on the same home. */
import assert from 'node:assert/strict';
import { shut, word } from './gateway.ts';
import type { Journey } from './world.ts';

const killedBeforeAck: Journey = {
  name: 'is killed between sending and the acknowledgement: the message was taken, and is not sent again',
  run: async ({ a, home, visit, visitInProcess }) => {
    const start = home();
    const before = await visitInProcess(start);
    const contact = await before.meet('Ada', a);
    const mark = word();
    const prompts = a.script(mark, { text: 'done once' });
    const threadId = await before.thread(contact);
    a.line.keepAnswers();
    const message = await before.write(threadId, mark);
    await prompts.asked;
    assert.equal((await before.sent(message, 'sending')).attempts, 1);
    before.check();
    await before.app.kill();
    a.line.mend();

    const after = await visit(start);
    await after.see(contact.peerId);
    await after.open(threadId);
    await after.sent(message, 'answered');
    assert.deepEqual(await after.told(threadId), [
      ['out', mark, 'answered'],
      ['in', 'done once', 'complete'],
    ]);
    assert.equal(prompts.calls, 1);
    assert.equal(after.mirror.outgoing(message)?.attempts, 1);
    await after.leave();
  },
};

const killedBeforeLeaving: Journey = {
  name: 'is killed with one message on its way and one behind it: neither arrived, each is sent once',
  run: async ({ a, home, visit, visitInProcess }) => {
    const start = home();
    const before = await visitInProcess(start);
    const contact = await before.meet('Ada', a);
    const [one, two] = [word(), word()];
    const prompts = [a.script(one, { text: 'first' }), a.script(two, { text: 'second' })];
    const threadId = await before.thread(contact);
    a.line.freeze();
    const first = await before.write(threadId, one);
    await before.sent(first, 'sending');
    const second = await before.write(threadId, two);
    await before.app.kill();
    a.line.mend();
    assert.deepEqual(
      prompts.map(({ calls }) => calls),
      [0, 0],
    );

    const after = await visit(start);
    await after.see(contact.peerId);
    await after.open(threadId);
    await after.sent(first, 'answered');
    await after.sent(second, 'answered');
    assert.deepEqual(
      (await after.told(threadId)).map(([, body]) => body),
      [one, two, 'first', 'second'],
    );
    assert.deepEqual(
      prompts.map(({ calls }) => calls),
      [1, 1],
    );
    await after.leave();
  },
};

const killedDuringAnswer: Journey = {
  name: 'is killed twice during an answer: follows it after the first start, finds it after the second',
  run: async ({ a, home, visit, visitInProcess }) => {
    const start = home();
    const first = await visitInProcess(start);
    const contact = await first.meet('Ada', a);
    const mark = word();
    const hold = shut();
    const text = 'it goes on whether or not we are there';
    const prompts = a.script(mark, { text, hold });
    const threadId = await first.thread(contact);
    const message = await first.write(threadId, mark);
    await first.firstWord(message);
    await first.sent(message, 'delivered');
    await first.app.kill();

    const second = await visitInProcess(start);
    await second.see(contact.peerId);
    await second.open(threadId);
    await second.link(contact, 'online');
    const going = await second.sent(message, 'delivered');
    assert.equal(going.running, true, 'the run goes on');
    await second.app.kill();
    hold.release();

    const third = await visit(start);
    await third.see(contact.peerId);
    await third.open(threadId);
    await third.sent(message, 'answered');
    assert.deepEqual(await third.told(threadId), [
      ['out', mark, 'answered'],
      ['in', text, 'complete'],
    ]);
    assert.equal(prompts.calls, 1);
    await third.leave();
  },
};

/** `kill -9`, and what comes after it. */
export const crashJourneys: readonly Journey[] = [
  killedBeforeAck,
  killedBeforeLeaving,
  killedDuringAnswer,
];
