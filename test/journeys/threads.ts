/** Journeys of messages and answers, while nothing dies. */
import assert from 'node:assert/strict';
import { shut, word } from './gateway.ts';
import type { Journey } from './world.ts';

const streams: Journey = {
  name: 'shows an answer as it comes, and puts its final text in the place of the stream',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const text = 'one two three four five six seven eight';
    const hold = shut();
    const prompts = a.script(mark, { text, chunkMs: 60, hold });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, `please count ${mark}`);
    const streaming = await person.answer(message, 'streaming');
    const shown = (): string => person.mirror.messages.get(streaming.id)?.body ?? '';
    await person.until('the first word', () => shown().trim() === 'one');
    assert.equal(person.mirror.rows.get(contact.peerId)?.running, true);
    hold.release();
    const answer = await person.answer(message, 'complete');
    assert.equal(answer.id, streaming.id);
    assert.equal(answer.body, text);
    assert.ok(answer.author.length > 0);
    const stages = new Set(person.mirror.streamed.get(answer.id));
    assert.ok(stages.size > 2, `it came in ${stages.size} pieces`);
    assert.ok([...stages].every((stage) => text.startsWith(stage)));
    assert.equal(person.mirror.threads.get(threadId)?.unread, 1);
    await person.until('the run over', () => !person.mirror.rows.get(contact.peerId)?.running);
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

const ladder: Journey = {
  name: 'takes a message up its ladder, rung by rung: queued, sending, sent, delivered, answered',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const hold = shut();
    const prompts = a.script(mark, { text: 'up on the top', hold });
    const threadId = await person.thread(contact);
    a.line.waitAfterAck();
    const message = await person.write(threadId, mark);
    assert.equal((await person.sent(message, 'sent')).running, true);
    a.line.goOn();
    assert.equal((await person.sent(message, 'delivered')).running, true);
    hold.release();
    assert.equal((await person.sent(message, 'answered')).running, false);
    assert.deepEqual(person.mirror.states.get(message), [
      'queued',
      'sending',
      'sent',
      'delivered',
      'answered',
    ]);
    assert.equal((await person.answer(message)).body, 'up on the top');
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

const oneByOne: Journey = {
  name: 'sends the second message of a thread when the first is answered, and other threads at once',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const [one, two, three] = [word(), word(), word()];
    const hold = shut();
    const first = a.script(one, { text: 'the first', hold });
    const second = a.script(two, { text: 'the second' });
    a.script(three, { text: 'elsewhere' });
    const threadId = await person.thread(contact);
    const asked = await person.write(threadId, one);
    await person.firstWord(asked);
    const next = await person.write(threadId, two);
    const other = await person.write(await person.thread(contact), three);
    assert.equal((await person.answer(other)).body, 'elsewhere');
    assert.equal((await person.sent(next, 'queued')).attempts, 0);
    assert.equal(second.calls, 0);
    hold.release();
    assert.equal((await person.answer(asked)).body, 'the first');
    assert.equal((await person.answer(next)).body, 'the second');
    assert.deepEqual([first.calls, second.calls], [1, 1]);
    await person.leave();
  },
};

const stop: Journey = {
  name: 'stops an answer in the middle, keeps what was said, and goes on with the next message',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const hold = shut();
    const prompts = a.script(mark, { text: 'before the stop and after it', hold });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, mark);
    const running = await person.answer(message, 'streaming');
    await person.until('the first word', () => {
      return person.mirror.messages.get(running.id)?.body.startsWith('before');
    });
    await person.do('message.stop', { messageId: message });
    const answer = await person.answer(message);
    assert.equal(answer.state, 'stopped');
    assert.equal(answer.body.trim(), 'before');
    hold.release();
    const ended = await person.until('the run over', () => {
      const now = person.mirror.outgoing(message);
      return now && !now.running && now;
    });
    assert.equal(ended.state, 'delivered');
    const again = await person.refused('message.stop', { messageId: message });
    assert.equal(again.code, 'message.wrong_state');
    const next = word();
    a.script(next, { text: 'the next one is whole' });
    const second = await person.answer(await person.write(threadId, next));
    assert.equal(second.body, 'the next one is whole');
    assert.equal(prompts.calls, 1);
    const { page } = await person.open(threadId);
    assert.equal(page.messages.length, 4, 'nothing of it came twice');
    await person.leave();
  },
};

const failing: Journey = {
  name: 'says so when the agent over there fails, and keeps the question',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    a.script(mark, { fails: true });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, mark);
    const answer = await person.answer(message);
    assert.equal(answer.state, 'failed');
    assert.equal(answer.error?.code, 'message.run_failed');
    await person.until('the run over', () => person.mirror.outgoing(message)?.running === false);
    assert.equal(person.mirror.outgoing(message)?.state, 'delivered');
    await person.leave();
  },
};

const restart: Journey = {
  name: 'keeps threads, drafts, unread counts and secrets over a restart',
  run: async ({ a, home, visit }) => {
    const start = home();
    const before = await visit(start);
    const contact = await before.meet('Ada', a);
    const mark = word();
    a.script(mark, { text: 'read me later' });
    const threadId = await before.thread(contact);
    const message = await before.write(threadId, mark);
    await before.answer(message, 'complete');
    await before.do('thread.rename', { threadId, title: 'A name of its own' });
    const { draft } = await before.do('thread.saveDraft', {
      threadId,
      text: 'half a sent',
      revision: 0,
    });
    await before.leave();

    const after = await visit(start);
    const { peers } = await after.do('peer.list', {});
    assert.equal(peers[0]?.unread, 1);
    const again = await after.see(contact.peerId);
    const { thread, page } = await after.open(threadId);
    assert.equal(thread.title, 'A name of its own');
    assert.deepEqual(thread.draft, draft);
    assert.equal(thread.unread, 1);
    assert.deepEqual(
      page.messages.map(({ body, state }) => [body, state]),
      [
        [mark, 'answered'],
        ['read me later', 'complete'],
      ],
    );
    await after.link(again, 'online');
    await after.do('thread.markRead', { threadId });
    await after.until('read', () => after.mirror.threads.get(threadId)?.unread === 0);
    const next = word();
    a.script(next, { text: 'in the same session' });
    await after.answer(await after.write(threadId, next), 'complete');
    assert.equal((await after.open(threadId)).page.messages.length, 4);
    await after.leave();
  },
};

/** Messages and answers. */
export const threadJourneys: readonly Journey[] = [
  streams,
  ladder,
  oneByOne,
  stop,
  failing,
  restart,
];
