import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentId, ThreadId } from '../../../electron/contract/index.ts';
import { Home } from './home.ts';

const SECRET = 'ghp_q7Tz0pLm4Xw9Rb2Ks6Vd1Yh8Nc3Jf5Ga0Ue7';

let home: Home;
let thread: ThreadId;

beforeEach(async () => {
  home = new Home();
  await home.start();
  thread = await home.thread();
});

afterEach(() => home.remove());

const send = (text: string, attachmentIds: AttachmentId[] = [], anyway?: boolean) =>
  home.call('message.send', {
    threadId: thread,
    text,
    kind: 'message',
    attachmentIds,
    ...(anyway === undefined ? {} : { anyway }),
  });
const attach = async (data: Buffer, name = 'notes.txt'): Promise<AttachmentId> => {
  const { attachmentId } = await home.must('attachment.begin', {
    threadId: thread,
    name,
    mimeType: 'text/plain',
    bytes: data.byteLength,
  });
  const step = 256 * 1024;
  for (let offset = 0; offset < data.byteLength; offset += step) {
    const piece = data.subarray(offset, offset + step).toString('base64');
    await home.must('attachment.append', { attachmentId, offset, data: piece });
  }
  return attachmentId;
};

describe('a message that looks like a secret', () => {
  it('is refused, with what and where, and nothing of it is kept anywhere', async () => {
    const result = await send(`use this:\n${SECRET}`);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'message.looks_secret', detail: 'GitHub token on line 2.' },
    });
    expect(await home.shown(thread)).toEqual([]);
    const kept = ['peerage.db', 'peerage.db-wal'].map((name) =>
      fs.readFileSync(path.join(home.folder, name)),
    );
    expect(Buffer.concat(kept).includes(SECRET)).toBe(false);
    expect(JSON.stringify([result, home.logged])).not.toContain(SECRET);
  });

  it('goes when a person says so', async () => {
    expect(await send(SECRET, [], true)).toMatchObject({ ok: true });
    expect(await home.shown(thread)).toMatchObject([{ body: SECRET }]);
  });

  it('may hide in a file that is text, also across the border of two pieces', async () => {
    const filling = Buffer.alloc(256 * 1024 - 20, 'line of text\n');
    const file = await attach(Buffer.concat([filling, Buffer.from(`\n${SECRET}\n`)]));
    const refused = await send('see this', [file]);
    expect(refused).toMatchObject({ ok: false, error: { code: 'message.looks_secret' } });
    expect(refused.ok ? '' : refused.error.detail).toMatch(/^GitHub token on line \d+ of “notes/);
    expect(await send('see this', [file], true)).toMatchObject({ ok: true });
  });

  it('is not looked for in a file that is no text', async () => {
    const file = await attach(
      Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(SECRET)]),
      'a.bin',
    );
    expect(await send('a picture', [file])).toMatchObject({ ok: true });
  });
});
