/** The command line, as a person or a script meets it. */
import { describe, expect, test } from 'vitest';
import { type Caller, EXIT, runCommandLine, USAGE } from '../../../bin/command-line.ts';
import {
  appError,
  type CallName,
  fail,
  ok,
  type Result,
} from '../../../electron/contract/index.ts';

function terminal(answers: Partial<Record<CallName, Result<unknown>>> | null = {}) {
  const out: string[] = [];
  const errors: string[] = [];
  const called: string[] = [];
  const homes: (string | null)[] = [];
  const run = (...args: string[]): Promise<number> =>
    runCommandLine(args, {
      version: '9.8.7',
      print: (text) => out.push(text),
      printError: (text) => errors.push(text),
      connect: (home) => {
        homes.push(home);
        return (async (name: CallName) => {
          called.push(name);
          return answers === null ? null : answers[name];
        }) as unknown as Caller;
      },
    });
  return { run, out, errors, called, homes };
}
const row = (name: string, more: object = {}) => ({
  ...{ id: name, name, nickname: null, status: 'up', statusText: 'Up', unread: 0, waiting: 0 },
  running: false,
  ...more,
});

test('--help and --version ask nobody', async () => {
  const { run, out, called } = terminal(null);
  expect(await run('--help')).toBe(EXIT.done);
  expect(await run('--version')).toBe(EXIT.done);
  expect(out).toEqual([USAGE, 'peerage 9.8.7']);
  expect(called).toEqual([]);
});

test.each([
  [[], 'Say what to do.'],
  [['dance'], 'There is no command dance.'],
  [['status', 'now'], 'status takes nothing more.'],
  [['status', '--loud'], '--loud'],
  [['\u001b]0;x\u0007'], 'There is no command  ]0;x .'],
])('%j is not understood, and says so with the usage', async (args, words) => {
  const { run, errors, called } = terminal();
  expect(await run(...args)).toBe(EXIT.usage);
  expect(errors.join()).toContain(words);
  expect(errors.join()).toContain('Usage: peerage');
  expect(called).toEqual([]);
});

describe('status', () => {
  test('tells how each peer is, in one line, with nothing in a name that steers a terminal', async () => {
    const peers = [
      row('Ada', { unread: 2 }),
      row('Bo\u001b[31m\nb\u202e', {
        status: 'down',
        statusText: 'Down',
        waiting: 1,
        running: true,
      }),
    ];
    const { run, out } = terminal({ 'peer.list': ok({ peers }) });
    expect(await run('status')).toBe(EXIT.done);
    expect(out).toEqual([
      'Peerage runs, with 2 peers, 1 of them up.',
      '  Ada: Up, 2 unread',
      '  Bo [31m b : Down, 1 waiting to be sent, working',
    ]);
  });

  test('as JSON for scripts', async () => {
    const { run, out } = terminal({ 'peer.list': ok({ peers: [row('Ada')] }) });
    expect(await run('status', '--json', '--home', '/h')).toBe(EXIT.done);
    expect(JSON.parse(out.join())).toMatchObject({ running: true, peers: [{ name: 'Ada' }] });
  });

  test('says with its exit code that nothing runs, in JSON too', async () => {
    const { run, out, errors, homes } = terminal(null);
    expect(await run('status', '--home', '/h')).toBe(EXIT.notRunning);
    expect(await run('status', '--json')).toBe(EXIT.notRunning);
    expect(errors[0]).toBe('Peerage does not run on this home.');
    expect(JSON.parse(out.join())).toEqual({ running: false, peers: [] });
    expect(homes).toEqual(['/h', null]);
  });
});

test('show brings the window forward, and a refusal is told with its code', async () => {
  const well = terminal({ 'app.show': ok({ url: null }) });
  expect(await well.run('show')).toBe(EXIT.done);
  const refused = terminal({ 'app.show': fail(appError('app.internal', 'No window.')) });
  expect(await refused.run('show')).toBe(EXIT.failed);
  expect(refused.errors.join()).toContain('(app.internal). No window.');
});
