import { describe, expect, it } from 'vitest';
import { readSessionFile } from '../../../../electron/links/gateway/session-files.ts';
import { WireError } from '../../../../electron/links/gateway/wire.ts';

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

/** A gateway whose sessions give small files only. */
function keeping(picture: object | WireError, asked: string[] = []) {
  return {
    request: async <T>(method: string, params: unknown): Promise<T> => {
      asked.push(`${method} ${JSON.stringify(params)}`);
      if (method === 'sessions.files.get') throw refusal('session_file_too_large', 300_000);
      if (picture instanceof WireError) throw picture;
      return { file: picture } as T;
    },
  };
}
const refusal = (type: string, size?: number): WireError => {
  const details = { type, size };
  const told = { code: 'INVALID_REQUEST', message: 'No.', details, retryable: false };
  return new WireError(
    { kind: 'refused', refusal: { ...told, retryAfterMs: undefined, payload: undefined } },
    'No.',
  );
};
const SESSION = 'agent:main:peerage-in-1';
const PICTURE = {
  path: 'out/plan.png',
  mimeType: 'image/png',
  encoding: 'base64',
  content: 'AQI=',
};

describe('a file that is too large for what sessions give', () => {
  it('is read from the agent’s workspace where it is a picture', async () => {
    const asked: string[] = [];
    const found = await readSessionFile(keeping(PICTURE, asked), SESSION, 'out/plan.png', never);
    expect(found).toEqual({
      kind: 'found',
      mediaType: 'image/png',
      data: new Uint8Array([1, 2]),
    });
    expect(asked[1]).toBe('agents.workspace.get {"agentId":"main","path":"out/plan.png"}');
  });

  it('is read from there too where sessions only say that they cannot show it', async () => {
    const shown = { missing: false, workspacePath: 'out/plan.png', previewKind: 'unsupported' };
    const wire = {
      request: async <T>(method: string): Promise<T> =>
        ({ file: method === 'sessions.files.get' ? shown : PICTURE }) as T,
    };
    expect((await readSessionFile(wire, SESSION, './out/plan.png', never)).kind).toBe('found');
  });

  it.each([
    ['is no picture', 'out/log.txt', PICTURE],
    ['is no picture after all', 'out/plan.png', { ...PICTURE, mimeType: 'text/html' }],
  ])('stays there, and its size is told, where it %s', async (_, path, picture) => {
    const found = await readSessionFile(keeping(picture), SESSION, path, never);
    expect(found.kind).not.toBe('found');
    if (path === 'out/log.txt') expect(found).toEqual({ kind: 'too_large', bytes: 300_000 });
  });

  it.each([
    ['too large for that too', 'workspace_file_too_large', 9_000_000, 9_000_000],
    ['the gateway does not know the call', 'unknown', undefined, 300_000],
  ])('stays there where it is %s', async (_, type, size, told) => {
    const found = await readSessionFile(keeping(refusal(type, size)), SESSION, 'a.png', never);
    expect(found).toEqual({ kind: 'too_large', bytes: told });
  });

  it('is not handed out where it lies hidden', async () => {
    const hidden = keeping({ ...PICTURE, path: '.keys/plan.png' });
    expect(await readSessionFile(hidden, SESSION, 'x.png', never)).toEqual({ kind: 'hidden' });
  });
});

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
