import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ATTACHMENT_CHUNK_BYTES,
  type AttachmentId,
  type ThreadId,
} from '../../../electron/contract/index.ts';
import { safeName } from '../../../electron/conversations/file-names.ts';
import { Home } from './home.ts';

let home: Home;
let thread: ThreadId;

beforeEach(async () => {
  home = new Home();
  await home.start();
  thread = await home.thread();
});

afterEach(() => home.remove());

const begin = async (bytes: number, name = 'notes.txt', mimeType = 'text/plain') =>
  (await home.must('attachment.begin', { threadId: thread, name, mimeType, bytes })).attachmentId;
const append = (attachmentId: AttachmentId, offset: number, data: Uint8Array) =>
  home.must('attachment.append', {
    attachmentId,
    offset,
    data: Buffer.from(data).toString('base64'),
  });
const upload = async (data: Uint8Array): Promise<AttachmentId> => {
  const id = await begin(data.byteLength);
  for (let offset = 0; offset < data.byteLength; offset += ATTACHMENT_CHUNK_BYTES) {
    await append(id, offset, data.subarray(offset, offset + ATTACHMENT_CHUNK_BYTES));
  }
  return id;
};
const send = (attachmentIds: AttachmentId[], text = 'see this') =>
  home.must('message.send', { threadId: thread, text, kind: 'message', attachmentIds });
const files = (): string[] => {
  const folder = path.join(home.folder, 'attachments');
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
};
const data = new Uint8Array(ATTACHMENT_CHUNK_BYTES * 2 + 77).map((_, n) => n % 251);

describe('an attachment', () => {
  it('comes in pieces, goes with its message, and can be read back', async () => {
    const id = await upload(data);
    const { messageId } = await send([id], '');
    await expect
      .poll(async () => {
        await home.clock.advance(100);
        return home.state(messageId);
      })
      .toBe('answered');
    const sent = home.link.sends[0]?.attachments[0];
    expect(sent).toMatchObject({ name: 'notes.txt', mimeType: 'text/plain' });
    expect(Buffer.from(sent?.data ?? []).equals(Buffer.from(data))).toBe(true);
    const [shown] = await home.shown(thread);
    expect(shown?.attachments).toEqual([
      { id, name: 'notes.txt', mimeType: 'text/plain', bytes: data.byteLength },
    ]);
    const pieces: Buffer[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const piece: { data: string; nextOffset: number | null } = await home.must(
        'attachment.read',
        { attachmentId: id, offset },
      );
      pieces.push(Buffer.from(piece.data, 'base64'));
      offset = piece.nextOffset;
    }
    expect(Buffer.concat(pieces).equals(Buffer.from(data))).toBe(true);
  });

  it('is kept for its owner alone', async () => {
    const id = await upload(new Uint8Array(10));
    const folder = path.join(home.folder, 'attachments');
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(fs.statSync(path.join(folder, id)).mode & 0o777).toBe(0o600);
  });

  it('takes a piece twice where the answer was lost, and refuses a gap', async () => {
    const id = await begin(20);
    await append(id, 0, new Uint8Array(10));
    expect(await append(id, 0, new Uint8Array(10))).toEqual({ received: 10 });
    const gap = { attachmentId: id, offset: 15, data: Buffer.alloc(5).toString('base64') };
    expect(await home.refused('attachment.append', gap)).toBe('attachment.incomplete');
    const over = { attachmentId: id, offset: 10, data: Buffer.alloc(11).toString('base64') };
    expect(await home.refused('attachment.append', over)).toBe('attachment.incomplete');
  });

  it('that is not whole cannot be sent', async () => {
    const id = await begin(20);
    const input = {
      threadId: thread,
      text: 'x',
      kind: 'message' as const,
      attachmentIds: [id],
    };
    expect(await home.refused('message.send', input)).toBe('attachment.incomplete');
  });

  it('is not sent twice, nor in another thread', async () => {
    const id = await upload(new Uint8Array(3));
    const input = { text: 'x', kind: 'message' as const, attachmentIds: [id] };
    const other = await home.thread();
    expect(await home.refused('message.send', { threadId: other, ...input })).toBe(
      'attachment.not_found',
    );
    await send([id]);
    expect(await home.refused('message.send', { threadId: thread, ...input })).toBe(
      'attachment.not_found',
    );
  });

  it('above what the gateway takes is refused before it is uploaded', async () => {
    home.link.limitsNow = { payloadBytes: 1_000, attachmentBytes: 100, imageBytes: 50 };
    const input = { threadId: thread, name: 'a', bytes: 80 };
    expect(await home.refused('attachment.begin', { ...input, mimeType: 'image/png' })).toBe(
      'attachment.too_large',
    );
    expect(await home.refused('attachment.begin', { ...input, mimeType: 'text/plain' })).toBe(
      'not refused',
    );
  });

  it('is refused in words where the other side takes none at all', async () => {
    home.link.limitsNow = { payloadBytes: 1_000, attachmentBytes: 0, imageBytes: 0 };
    const input = { threadId: thread, name: 'a', bytes: 1, mimeType: 'text/plain' };
    expect(await home.refused('attachment.begin', input)).toBe('a2a.no_files');
  });

  it('is gone when it is discarded, when it was never sent, and with its thread', async () => {
    const discarded = await upload(new Uint8Array(3));
    await home.must('attachment.discard', { attachmentId: discarded });
    expect(files()).toEqual([]);
    await upload(new Uint8Array(3));
    const sent = await upload(new Uint8Array(3));
    await send([sent]);
    await home.clock.advance(500);
    fs.writeFileSync(path.join(home.folder, 'attachments', 'stray'), '');
    await home.crash();
    await home.start();
    await expect.poll(files).toEqual([sent]);
    await home.must('thread.delete', { threadId: thread });
    await home.clock.advance(11_000);
    await expect.poll(files).toEqual([]);
  });

  it('whose file is damaged fails its message, and does not block the lane', async () => {
    home.link.cut();
    const id = await upload(new Uint8Array(10));
    const { messageId } = await send([id]);
    const next = await home.send(thread, 'next');
    fs.truncateSync(path.join(home.folder, 'attachments', id), 3);
    home.link.connect();
    await expect
      .poll(async () => {
        await home.clock.advance(100);
        return [home.state(messageId), home.state(next)];
      })
      .toEqual(['failed', 'answered']);
  });
});

describe('a file name', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['evil\u202efdp.exe', 'evil_fdp.exe'],
    ['..', 'file'],
    ['a:b?.txt', 'a_b_.txt'],
    [' . hidden. ', 'hidden'],
    ['naïve ✓.md', 'naïve ✓.md'],
  ])('%j becomes %j', (name, safe) => expect(safeName(name)).toBe(safe));
});
