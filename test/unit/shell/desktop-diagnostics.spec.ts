/** The diagnostics bundle as a person meets it: seen whole before it is saved, and a failure is told. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AppPort, RelayView } from '../../../electron/contract/index.ts';
import { offerDiagnostics } from '../../../electron/shell/desktop/diagnostics.ts';
import { fakeApp } from './fake-app.ts';

const SAVE = 0;
const COPY = 1;
const MORE = 2;
const CANCEL = 3;

const person = vi.hoisted(() => ({
  answers: [] as number[],
  savesTo: '',
  boxes: [] as { type?: string; message: string; detail?: string; buttons?: string[] }[],
  clipboard: '',
}));
vi.mock('electron', () => ({
  dialog: {
    showMessageBox: async (box: (typeof person.boxes)[number]) => {
      person.boxes.push(box);
      return { response: person.answers.shift() ?? 0, checkboxChecked: false };
    },
    showSaveDialog: async () => ({ canceled: false, filePath: person.savesTo }),
  },
  clipboard: {
    writeText: async (text: string) => {
      person.clipboard = text;
    },
  },
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-diagnostics-'));
  Object.assign(person, { answers: [], boxes: [], clipboard: '' });
  person.savesTo = join(folder, 'bundle.txt');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const offer = (answers: number[]): Promise<void> => {
  person.answers = answers;
  const port: AppPort = fakeApp();
  return offerDiagnostics({ port, home: folder, redact: (text) => text, log: () => {} });
};

test('every line of what is saved can be seen before', async () => {
  await offer([MORE, MORE, MORE, MORE, MORE, MORE, SAVE]);
  const shown = person.boxes.map(({ detail = '' }) => detail).join('\n');
  for (const line of readFileSync(person.savesTo, 'utf8').split('\n'))
    expect(shown).toContain(line);
  expect(person.boxes[0]?.buttons?.[MORE]).toBe('Show more');
});

test('nothing is written where it is only copied, or not wanted', async () => {
  await offer([COPY]);
  expect(person.clipboard).toContain('sends it nowhere');
  await offer([CANCEL]);
  expect(() => readFileSync(person.savesTo)).toThrow();
});

test('a place that cannot be written is told', async () => {
  person.savesTo = join(folder, 'not', 'there.txt');
  await offer([SAVE]);
  expect(person.boxes.at(-1)).toMatchObject({
    type: 'error',
    message: 'The diagnostics could not be saved',
    detail: expect.stringContaining('Try another folder.'),
  });
});

test('says what the start was given, and neither who the person is nor on which machine', async () => {
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['peerage', '--no-sandbox', '--home=/h', '/x']);
  await offer([COPY]);
  vi.restoreAllMocks();
  expect(person.clipboard).toContain('switches: --no-sandbox --home\n');
  mkdirSync(join(folder, 'logs'));
  const who = `user ${basename(homedir())} on ${hostname()}, relay at den:18790`;
  writeFileSync(join(folder, 'logs', 'peerage.log'), who);
  const port: AppPort = fakeApp();
  const snapshot = port.snapshot();
  const relay = { name: 'Our den', agentName: 'Ada', url: 'http://den:18790' } as RelayView;
  person.answers = [COPY];
  await offerDiagnostics({
    port: {
      ...port,
      snapshot: () => ({ ...snapshot, relays: { fingerprint: null, relays: [relay] } }),
    },
    home: folder,
    redact: (text) => text,
    log: () => {},
  });
  expect(person.clipboard).toMatch(/user <name \d+> on <host \d+>, relay at <host \d+>:18790/);
});
