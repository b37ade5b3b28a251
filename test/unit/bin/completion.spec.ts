/** The completion scripts, run by the real shells. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GLOBAL, KINDS, VERBS } from '../../../bin/verbs.ts';
import { ok } from '../../../electron/contract/index.ts';
import { peerRow } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

const entry = join(import.meta.dirname, '../../../bin/peerage.ts');
let world: CommandWorld;
let trap: string;

beforeEach(async () => {
  world = commandWorld();
  trap = join(world.folder, 'trapped');
  const bin = join(world.folder, 'bin');
  mkdirSync(bin);
  const run = `exec '${process.execPath}' '${entry}' "$@"`;
  writeFileSync(join(bin, 'peerage'), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
  await world.serve({
    'peer.list': () =>
      ok({
        peers: [
          peerRow(1, { name: 'Ada' }),
          peerRow(2, { name: 'Maya’s desktop, upstairs' }),
          peerRow(3, { name: 'Somebody', nickname: 'Build pod' }),
          peerRow(4, { name: `$(touch ${trap}) \`touch ${trap}\`` }),
        ],
      }),
  });
});
afterEach(() => world.end());

const env = (): NodeJS.ProcessEnv => ({
  PATH: `${join(world.folder, 'bin')}:/usr/bin:/bin`,
  HOME: world.folder,
  PEERAGE_HOME: world.home,
  LC_ALL: 'C.UTF-8',
});

const run = (file: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(file, [...args], { env: env(), cwd: world.folder }, (error, out, said) =>
      error ? reject(new Error(`${error.message}\n${said}`)) : resolve(out),
    );
  });

/** What the command line `words` offers where the cursor stands at the end of the last of them. */
async function bash(...words: string[]): Promise<string[]> {
  const script = `source <(peerage completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _peerage; printf "%s\\n" "\${COMPREPLY[@]}"`;
  const out = await run('bash', ['-c', script, 'bash', 'peerage', ...words]);
  return out.split('\n').filter((line) => line !== '');
}

const flags = (of: readonly { readonly name: string }[]): string[] =>
  of.map(({ name }) => `--${name}`);

describe.skipIf(!existsSync('/bin/bash'))('in bash', () => {
  test('the command is completed with every verb', async () => {
    expect(await bash('')).toEqual(VERBS.map((verb) => verb.name));
    expect(await bash('st')).toEqual(['status']);
    expect(await bash('--home', world.home, 'bro')).toEqual(['broadcast']);
    expect(await bash('--h')).toEqual(['--home', '--help']);
  });

  test('each verb is completed with all of its flags, and those of all', async () => {
    for (const verb of VERBS) {
      expect(await bash(verb.name, '--')).toEqual(flags([...verb.flags, ...GLOBAL]));
    }
  });

  test('a flag is completed with the words that it takes', async () => {
    expect(await bash('send', 'Ada', '--kind', '')).toEqual([...KINDS]);
    expect(await bash('send', 'Ada', '--kind', '=', 'bl')).toEqual(['blocker']);
    expect(await bash('delegate', 'Ada', '--json', '--priority', 'u')).toEqual(['urgent']);
    expect(await bash('send', 'Ada', '--topic', '')).toEqual([]);
    expect(await bash('skill', '')).toEqual(['install', 'remove', 'show']);
  });

  test('a peer is completed with the names of the running app, quoted', async () => {
    expect(await bash('send', 'A')).toEqual(['Ada']);
    expect(await bash('send', 'Bu')).toEqual(['Build\\ pod']);
    expect(await bash('send', 'Build\\ p')).toEqual(['Build\\ pod']);
    expect(await bash('check', '"Build p')).toEqual(['Build pod']);
    expect(await bash('log', "'Maya")).toEqual(['Maya’s desktop, upstairs']);
    expect(await bash('--home', world.home, 'send', 'A')).toEqual(['Ada']);
    expect(await bash('send', 'Ada', '')).toEqual([]);
  });

  test('recipients of a broadcast are completed one after the other', async () => {
    expect(await bash('broadcast', '--to', 'a')).toEqual(['all']);
    expect(await bash('broadcast', '--to', 'Ada,Bu')).toEqual(['Ada,Build\\ pod']);
  });

  test('the name of a peer is never run as a command', async () => {
    const offered = await bash('send', '');
    expect(offered).toHaveLength(4);
    expect(offered[3]).toContain('\\$\\(touch');
    expect(await bash('send', '"$')).toEqual([]);
    await bash('broadcast', '--to', '');
    expect(existsSync(trap)).toBe(false);
  });

  test('without an app there are no names, and nothing is said', async () => {
    await world.stopApp();
    expect(await bash('send', '')).toEqual([]);
  });
});

const shellFor = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

describe.skipIf(!shellFor('zsh'))('in zsh', () => {
  test('the script is understood', async () => {
    await run('zsh', [
      '-fc',
      'autoload -U compinit; compinit -D; source <(peerage completion zsh)',
    ]);
  });
});

describe.skipIf(!shellFor('fish'))('in fish', () => {
  const fish = async (line: string): Promise<string[]> => {
    const script = `peerage completion fish | source; complete -C '${line}'`;
    const out = await run('fish', ['--no-config', '-c', script]);
    return out
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => one.split('\t')[0] ?? '');
  };
  test('verbs, flags and peers are offered, and no name is run', async () => {
    expect((await fish('peerage ')).sort()).toEqual(VERBS.map((verb) => verb.name).sort());
    expect(await fish('peerage send --ki')).toEqual(['--kind']);
    expect(await fish('peerage send A')).toEqual(['Ada']);
    expect(existsSync(trap)).toBe(false);
  });
});
