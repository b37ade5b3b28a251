/** Journeys in which a cable or a gateway dies in the worst moment, or nobody is there for a day. */
import assert from 'node:assert/strict';
import { shut, word } from './gateway.ts';
import type { Journey } from './world.ts';

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

const independence: Journey = {
  name: 'lets one peer that is away delay no other, and sends what waited in order when it is back',
  run: async ({ a, b, home, visit }) => {
    const person = await visit(home());
    const away = await person.meet('Away', a);
    const there = await person.meet('There', b);
    a.line.takeDown();
    await person.link(away, 'offline');
    const [one, two, other] = [word(), word(), word()];
    const prompts = [a.script(one, { text: 'first' }), a.script(two, { text: 'second' })];
    b.script(other, { text: 'at once' });
    const waiting = await person.thread(away);
    const first = await person.write(waiting, one);
    const second = await person.write(waiting, two);
    const answer = await person.answer(await person.write(await person.thread(there), other));
    assert.equal(answer.body, 'at once');
    assert.equal((await person.sent(first, 'queued')).attempts, 0);
    assert.equal(person.mirror.rows.get(away.peerId)?.waiting, 2);
    a.line.mend();
    await person.do('link.reconnect', { linkId: away.linkId });
    await person.sent(first, 'answered');
    await person.sent(second, 'answered');
    assert.deepEqual(await person.told(waiting), [
      ['out', one, 'answered'],
      ['out', two, 'answered'],
      ['in', 'first', 'complete'],
      ['in', 'second', 'complete'],
    ]);
    assert.deepEqual(
      prompts.map(({ calls }) => calls),
      [1, 1],
    );
    assert.equal(person.mirror.rows.get(away.peerId)?.waiting, 0);
    await person.leave();
  },
};

const lostAck: Journey = {
  name: 'loses the acknowledgement, asks the history instead of sending again, and has one answer',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const prompts = a.script(mark, { text: 'taken all the same' });
    const threadId = await person.thread(contact);
    a.line.keepAnswers();
    const message = await person.write(threadId, mark);
    await prompts.asked;
    assert.deepEqual(person.mirror.states.get(message)?.at(-1), 'sending');
    a.line.mend();
    await person.sent(message, 'unknown');
    await person.sent(message, 'answered');
    assert.deepEqual(await person.told(threadId), [
      ['out', mark, 'answered'],
      ['in', 'taken all the same', 'complete'],
    ]);
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

const lostAckAndProcess: Journey = {
  name: 'loses the acknowledgement and then the process that knew the key: the history still tells',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const prompts = a.script(mark, { text: 'done, and nobody heard' });
    const threadId = await person.thread(contact);
    a.line.keepAnswers();
    const message = await person.write(threadId, mark);
    await prompts.asked;
    await a.answered(prompts.sessions[0] ?? '');
    await a.kill();
    await person.sent(message, 'unknown');
    await a.revive();
    a.line.mend();
    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.sent(message, 'answered');
    assert.deepEqual(await person.told(threadId), [
      ['out', mark, 'answered'],
      ['in', 'done, and nobody heard', 'complete'],
    ]);
    assert.equal(person.mirror.outgoing(message)?.attempts, 1);
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

const cutCable: Journey = {
  name: 'loses the connection in the middle of an answer, and has it whole and once in the end',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const hold = shut();
    const text = 'this answer goes on while nobody listens';
    const prompts = a.script(mark, { text, hold });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, mark);
    await person.firstWord(message);
    a.line.takeDown();
    await person.link(contact, 'offline');
    hold.release();
    a.line.mend();
    await person.sent(message, 'answered');
    assert.deepEqual(await person.told(threadId), [
      ['out', mark, 'answered'],
      ['in', text, 'complete'],
    ]);
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

const killedGateway: Journey = {
  name: 'sees the gateway killed in the middle of an answer: nothing lost, and nothing sent twice',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const [mark, next] = [word(), word()];
    const hold = shut();
    const text = 'this answer is whole only the second time';
    const prompts = a.script(mark, { text, hold });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, mark);
    const begun = await person.firstWord(message);
    await a.kill();
    await person.link(contact, 'offline');
    const after = a.script(next, { text: 'and the next one' });
    const second = await person.write(threadId, next);
    await person.sent(second, 'queued');
    hold.release();
    await a.revive();
    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.link(contact, 'online');
    const answer = await person.answer(message);
    assert.deepEqual([answer.id, answer.state, answer.body], [begun.id, 'complete', text]);
    assert.equal((await person.answer(second)).body, 'and the next one');
    assert.equal(person.mirror.outgoing(message)?.attempts, 1);
    // OpenClaw itself repeats a run that was cut off (docs/delivery-matrix.md); we never do.
    assert.deepEqual([prompts.calls, after.calls], [2, 1]);
    assert.deepEqual(
      (await person.told(threadId)).map(([direction, , state]) => [direction, state]),
      [
        ['out', 'answered'],
        ['in', 'complete'],
        ['out', 'answered'],
        ['in', 'complete'],
      ],
    );
    await person.leave();
  },
};

const restartedGateway: Journey = {
  name: 'calls an announced restart a restart, and goes on after it by itself',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const [mark, next] = [word(), word()];
    a.script(mark, { text: 'said before the restart' });
    const threadId = await person.thread(contact);
    await person.answer(await person.write(threadId, mark), 'complete');
    const states = person.mirror.linkStates.get(contact.linkId)?.length ?? 0;
    const restarting = a.restart();
    await person.link(contact, 'restarting');
    const prompts = a.script(next, { text: 'said after it' });
    const message = await person.write(threadId, next);
    await restarting;
    await person.link(contact, 'online');
    assert.equal((await person.answer(message)).body, 'said after it');
    const seen = person.mirror.linkStates.get(contact.linkId)?.slice(states) ?? [];
    assert.ok(!seen.includes('offline'), `it went ${seen.join(', ')}`);
    assert.equal(prompts.calls, 1);
    assert.equal((await person.told(threadId)).length, 4);
    await person.leave();
  },
};

const givenUp: Journey = {
  name: 'gives a message up visibly after a day with the lid closed, and sends it when asked',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const prompts = a.script(mark, { text: 'better late' });
    const threadId = await person.thread(contact);
    a.line.takeDown();
    await person.link(contact, 'offline');
    const message = await person.write(threadId, mark);
    person.clock.sleep(11 * MINUTES);
    await person.until('the notice of the delay', () => person.mirror.outgoing(message)?.delayed);
    person.clock.sleep(23 * HOURS);
    await person.link(contact, 'offline');
    assert.equal((await person.sent(message, 'queued')).delayed, true);
    person.clock.sleep(1 * HOURS);
    const failed = await person.sent(message, 'failed');
    assert.equal(failed.error?.code, 'message.expired');
    assert.equal(prompts.calls, 0);
    a.line.mend();
    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.link(contact, 'online');
    assert.equal(person.mirror.outgoing(message)?.state, 'failed', 'nothing is sent unasked');
    await person.do('message.retry', { messageId: message });
    assert.equal((await person.answer(message)).body, 'better late');
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

/** What dies, and when. */
export const troubleJourneys: readonly Journey[] = [
  independence,
  lostAck,
  lostAckAndProcess,
  cutCable,
  killedGateway,
  restartedGateway,
  givenUp,
];
