import { describe, expect, it } from 'vitest';
import { ThreadId } from '../../../electron/contract/index.ts';
import { safeFileName, Uploads } from '../../../renderer/store/uploads.ts';

const threadId = ThreadId.parse('01934003-0000-7000-8000-000000000001');

describe('an upload', () => {
  it('has a name that hides nothing', () => {
    expect(safeFileName('invoice\u202Egpj.exe')).toBe('invoicegpj.exe');
    expect(safeFileName('a\nb\u0000c.txt')).toBe('abc.txt');
    expect(safeFileName('\u2066\u2069')).toBe('file');
    const long = safeFileName(`${'x'.repeat(400)}.tar`);
    expect(long).toHaveLength(255);
    expect(long.endsWith('.tar')).toBe(true);
  });

  it('asks for that name, so that the file is not refused', async () => {
    const names: unknown[] = [];
    const uploads = new Uploads(((name: string, input: { name: string }) => {
      names.push([name, input.name]);
      return Promise.resolve({ ok: true, value: { attachmentId: 'one' } });
    }) as never);
    await uploads.add(threadId, new File([], 'a\u202Eb.txt'));
    expect(names).toEqual([['attachment.begin', 'ab.txt']]);
    expect(uploads.store.getState().uploads[0]?.name).toBe('ab.txt');
  });
});
