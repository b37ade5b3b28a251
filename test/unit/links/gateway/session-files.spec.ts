import { describe, expect, it } from 'vitest';
import { readSessionFile } from '../../../../electron/links/gateway/session-files.ts';

const never = new AbortController().signal;
/** A gateway that reads one file, whatever it is asked for. */
const reading = (file: object, asked: unknown[] = []) => ({
  request: async <T>(_method: string, params: unknown): Promise<T> => {
    asked.push(params);
    return { file } as T;
  },
});
const read = (path: string, file: object) => readSessionFile(reading(file), 's', path, never);
const TEXT = { missing: false, mimeType: 'text/plain', contentEncoding: 'utf8', content: 'seven' };

describe('a file of a session’s workspace', () => {
  it('comes as the gateway read it', async () => {
    expect(await read('a.txt', { ...TEXT, workspacePath: 'notes/a.txt' })).toEqual({
      kind: 'found',
      mediaType: 'text/plain',
      data: new Uint8Array(Buffer.from('seven')),
    });
  });

  // Spellings that OpenClaw takes for another path than they look like.
  it.each([
    ['@.env', '.env'],
    ['@notes/x', 'notes/.keys/x'],
    ['file:///w/%2eenv', '.env'],
  ])('is judged by where it lies, not by how it is asked for: %s', async (path, workspacePath) => {
    expect(await read(path, { ...TEXT, workspacePath })).toEqual({ kind: 'hidden' });
  });

  it('is not taken where the gateway does not say which one it read', async () => {
    expect(await read('a.txt', TEXT)).toEqual({ kind: 'not_readable' });
  });
});
