/** An invite that came as a file: read to the letter, and never more than a link. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inviteAmong, readInviteFile } from '../../../electron/shell/desktop/invite-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'peerage-invite-'));
afterAll(() => rmSync(folder, { recursive: true }));
const LINK = `peerage://invite/${'Ab3_-'.repeat(40)}`;
const file = (text: string): string => {
  const path = join(folder, `${Math.random()}.peerage-invite`);
  writeFileSync(path, text);
  return path;
};

test('gives the one link in it, with or without an end of line', () => {
  expect(readInviteFile(file(LINK))).toBe(LINK);
  expect(readInviteFile(file(`${LINK}\r\n`))).toBe(LINK);
});

test.each([
  ['nothing', ''],
  ['two links', `${LINK}\n${LINK}`],
  ['a link to something else', 'peerage://thread/019f0000-0000-7000-8000-000000000000'],
  ['another scheme', 'https://a.example/'],
  ['far too much', `${LINK}${' '.repeat(5_000)}x`],
  ['bytes that are no text', '\u0000\u0001\ufffd'],
])('%s is no invite', (_, text) => {
  expect(readInviteFile(file(text))).toBe('');
});

test('a folder, a file that is gone and one that never ends are no invites', () => {
  expect(readInviteFile(folder)).toBe('');
  expect(readInviteFile(join(folder, 'gone.peerage-invite'))).toBe('');
  if (process.platform !== 'win32') expect(readInviteFile('/dev/zero')).toBe('');
});

test('is found among the arguments of a start, and only by its ending', () => {
  const path = file(LINK);
  expect(inviteAmong(['/opt/peerage', '--home', '/h', path])).toBe(LINK);
  expect(inviteAmong(['/opt/peerage', '--x.peerage-invite', '/h/notes.txt'])).toBeUndefined();
});
