/** What is said to somebody who typed nearly the right thing, or what another skill calls it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXIT } from '../../../bin/exits.ts';
import { usageOf } from '../../../bin/help.ts';
import { nearest } from '../../../bin/suggest.ts';
import { columns } from '../../../bin/terminal.ts';
import { GLOBAL, VERBS } from '../../../bin/verbs.ts';
import { type CommandWorld, commandWorld } from './world.ts';

let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
});
afterEach(() => world.end());

describe('a word that is nearly there', () => {
  test.each<[string[], string]>([
    [['statsu'], 'There is no command statsu. Did you mean status? See peerage --help.'],
    [['sned', 'Ada'], 'There is no command sned. Did you mean send? See peerage --help.'],
    [['kno'], 'There is no command kno. Did you mean knowledge? See peerage --help.'],
    [['dance'], 'There is no command dance. See peerage --help.'],
    [
      ['send', 'Ada', '--kidn', 'question', 'x'],
      'There is no option --kidn of send. Did you mean --kind? See peerage send --help.',
    ],
    [['--jsno', 'status'], 'There is no option --jsno of status. Did you mean --json? See'],
    [['send', 'Ada', '--session'], '--session needs THREAD; one that begins with a dash is'],
    [['status', '--json=yes'], '--json takes no value. See peerage status --help.'],
    [['send', 'Ada', 'two', 'words'], 'send takes PEER [TEXT]: a text of several words stands in'],
  ])('%j', async (args, words) => {
    expect(await world.run(...args)).toBe(EXIT.usage);
    expect(world.err).toHaveLength(1);
    expect(world.err[0]).toContain(words);
  });

  test('is the nearest alone, and none where it could be two or is far', () => {
    expect(nearest('lgo', ['log', 'lag'])).toBe('log');
    expect(nearest('lig', ['log', 'lag'])).toBe(null);
    expect(nearest('x', ['y', 'z'])).toBe(null);
    expect(nearest('s', ['send'])).toBe(null);
    expect(nearest('constructor', ['send'])).toBe(null);
    for (const { name } of VERBS)
      expect(
        nearest(
          name,
          VERBS.map((verb) => verb.name),
        ),
      ).toBe(name);
  });
});

describe('what another skill calls it', () => {
  test.each<[string[], string]>([
    [['list'], 'There is no command list. Here it is peerage peers.'],
    [['ping', '--to', 'Ada'], 'Here it is peerage check PEER.'],
    [['discover'], 'Here it is peerage peers --online.'],
    [['poll'], 'Here it is peerage inbox --since-last.'],
    [['info'], 'Here it is peerage status.'],
    [['file-put', '--key', 'a', '--file', 'b'], 'Here it is peerage files put KEY.'],
    [['register', '--name', 'Us', '--caps', 'code'], 'Here the app does it when the person adds'],
    [['heartbeat'], 'Here the app does it.'],
    [['sync'], 'Here peers are in the app'],
    [['scan'], 'Here the person looks for relays in the window.'],
    [['send', '--to', 'Ada', '--message', 'hi'], 'Here the peer stands right after the command.'],
    [['send', 'Ada', '--message', 'hi'], 'Here the text comes on stdin, or as the last argument.'],
    [['broadcast', '--content', 'hi'], 'Here the text comes on stdin'],
    [['respond', '--to', 'x', '--msg-id', 'y'], 'Here an answer goes to whoever asked.'],
    [['respond', '--msg-id', 'y'], 'Here the id stands right after the command.'],
    [['files', 'put', '--key', 'a'], 'Here the key stands right after list, get or put.'],
    [['--token', 'abc', 'status'], 'never an argument'],
    [['--relay', 'http://x', 'poll'], 'Here it is peerage inbox --since-last.'],
  ])('%j', async (args, words) => {
    expect(await world.run(...args)).toBe(EXIT.usage);
    expect(world.err.join()).toContain(words);
  });
});

describe('help', () => {
  test.each([['help'], ['--help'], ['-h']])('%s is the help of all', async (word) => {
    expect(await world.run(word)).toBe(EXIT.done);
    expect(world.out[0]).toContain('Usage: peerage COMMAND [options]');
  });

  test.each([[['help', 'send']], [['send', '--help']], [['send', '-h']]])('%j', async (args) => {
    expect(await world.run(...args)).toBe(EXIT.done);
    expect(world.out[0]).toContain('Usage: peerage send PEER [TEXT] [options]');
  });

  test.each([40, 80, 200])('fits a terminal of %i columns, but for its examples', (width) => {
    for (const verb of [null, ...VERBS]) {
      const examples = new Set(verb?.examples.map((one) => `  ${one}`));
      const lines = usageOf(verb, width).split('\n');
      const wide = lines.filter((line) => columns(line) > width && !examples.has(line));
      // What cannot be broken: the usage, and the examples of the whole.
      expect(wide.filter((line) => !/^Usage: |\| peerage /.test(line))).toEqual([]);
    }
  });
});

test('an option has a value in all commands, or in none: what follows it is no command', async () => {
  const valued = new Map<string, boolean>();
  for (const { name, value } of [...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)]) {
    expect(valued.get(name) ?? value !== undefined).toBe(value !== undefined);
    valued.set(name, value !== undefined);
  }
  expect(await world.run('--kind', 'question', 'send')).toBe(EXIT.usage);
  expect(world.err.join()).toContain('send needs PEER');
});
