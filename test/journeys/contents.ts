/** Journeys of what a message holds: files, too many bytes, words to be found. */
import assert from 'node:assert/strict';
import type { AttachmentId, ThreadId } from '../../electron/contract/index.ts';
import { word } from './gateway.ts';
import type { Person } from './person.ts';
import type { Journey } from './world.ts';

async function attach(
  person: Person,
  threadId: ThreadId,
  name: string,
  data: Buffer,
): Promise<AttachmentId> {
  const file = { threadId, name, mimeType: 'text/plain', bytes: data.length };
  const { attachmentId } = await person.do('attachment.begin', file);
  const half = Math.ceil(data.length / 2);
  for (const [offset, end] of [
    [0, half],
    [half, data.length],
  ] as const) {
    const piece = data.subarray(offset, end).toString('base64');
    const { received } = await person.do('attachment.append', {
      attachmentId,
      offset,
      data: piece,
    });
    assert.equal(received, end);
  }
  return attachmentId;
}

const attachments: Journey = {
  name: 'carries an attachment in pieces, refuses half of one, and still has it afterwards',
  run: async ({ a, home, visit }) => {
    const start = home();
    const person = await visit(start);
    const contact = await person.meet('Ada', a);
    const mark = word();
    const prompts = a.script(mark, { text: 'I read it' });
    const threadId = await person.thread(contact);
    const half = await person.do('attachment.begin', {
      threadId,
      name: 'half.txt',
      mimeType: 'text/plain',
      bytes: 10,
    });
    const incomplete = await person.refused('message.send', {
      threadId,
      text: mark,
      kind: 'message',
      attachmentIds: [half.attachmentId],
    });
    assert.equal(incomplete.code, 'attachment.incomplete');

    const data = Buffer.from(`What stands in the file, ${mark}.\n`.repeat(200));
    const file = await attach(person, threadId, 'notes.txt', data);
    const message = await person.write(threadId, `read this ${mark}`, [file]);
    assert.equal((await person.answer(message)).body, 'I read it');
    assert.deepEqual(person.mirror.outgoing(message)?.attachments, [
      { id: file, name: 'notes.txt', mimeType: 'text/plain', bytes: data.length },
    ]);
    assert.equal(prompts.calls, 1);
    await person.leave();

    const later = await visit(start);
    const read = await later.do('attachment.read', { attachmentId: file, offset: 0 });
    assert.equal(read.nextOffset, null);
    assert.deepEqual(Buffer.from(read.data, 'base64'), data);
    await later.leave();
  },
};

const sizes: Journey = {
  name: 'refuses a message over 8,192 bytes before anything is stored, and warns over 4,096',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const mark = word();
    const prompts = a.script(mark, { text: 'that was long' });
    const threadId = await person.thread(contact);
    const fill = (bytes: number): string => {
      const head = `${mark} `;
      // Two bytes for each sign: bytes count, not signs.
      return head + 'ä'.repeat((bytes - head.length) / 2) + 'a'.repeat((bytes - head.length) % 2);
    };
    const send = { threadId, kind: 'message', attachmentIds: [] } as const;
    const refused = await person.refused('message.send', {
      ...send,
      attachmentIds: [],
      text: fill(8193),
    });
    assert.equal(refused.code, 'message.too_large');
    assert.deepEqual((await person.open(threadId)).page.messages, []);
    const { hits } = await person.do('search.messages', { text: mark, cursor: null });
    assert.deepEqual(hits, []);
    assert.equal(prompts.calls, 0);

    for (const [bytes, warning] of [
      [8192, 'over_soft_limit'],
      [4097, 'over_soft_limit'],
      [4096, 'none'],
    ] as const) {
      const text = fill(bytes);
      assert.equal(Buffer.byteLength(text), bytes);
      const sent = await person.do('message.send', { ...send, attachmentIds: [], text });
      assert.equal(sent.warning, warning);
      await person.answer(sent.messageId, 'complete');
    }
    assert.equal(prompts.calls, 3);
    await person.leave();
  },
};

const search: Journey = {
  name: 'finds a word in questions and answers of all threads, and opens at the hit',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Ada', a);
    const needle = word();
    const [first, second] = [word(), word()];
    a.script(first, { text: `the answer holds ${needle} in its middle` });
    a.script(second, { text: 'nothing of that kind' });
    const one = await person.thread(contact);
    const two = await person.thread(contact);
    const asked = await person.write(one, first);
    const answer = await person.answer(asked, 'complete');
    const question = await person.write(two, `${second} do you know ${needle}`);
    await person.answer(question, 'complete');
    const { hits } = await person.do('search.messages', { text: needle, cursor: null });
    assert.deepEqual(
      hits.map(({ messageId, threadId, direction, peerName }) => ({
        messageId,
        threadId,
        direction,
        peerName,
      })),
      [
        { messageId: question, threadId: two, direction: 'out', peerName: 'Ada' },
        { messageId: answer.id, threadId: one, direction: 'in', peerName: 'Ada' },
      ],
    );
    assert.ok(hits.every((hit) => hit.snippet.some((piece) => piece.hit && piece.text === needle)));
    const opened = await person.do('thread.open', { threadId: one, around: answer.id });
    assert.ok(opened.page.messages.some((message) => message.id === answer.id));
    await person.leave();
  },
};

/** What a message holds. */
export const contentJourneys: readonly Journey[] = [attachments, sizes, search];
