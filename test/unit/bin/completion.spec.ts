/** The completion scripts, run by the real shells. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GLOBAL, KINDS, VERBS } from '../../../bin/verbs.ts';
import { ok } from '../../../electron/contract/index.ts';
import { describeWith } from '../../real/parts/require.ts';
import { peerRow } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

const entry = join(import.meta.dirname, '../../../bin/peerage.ts');
// Each line that is completed starts a shell, and the command.
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

const scripts = new Map<string, string>();
/** The script of a shell, as the command prints it, in a file: a person keeps it in one too. */
async function scriptOf(shell: 'bash' | 'zsh' | 'fish'): Promise<string> {
  const script = scripts.get(shell) ?? (await run('peerage', ['completion', shell]));
  scripts.set(shell, script);
  const path = join(world.folder, `completion.${shell}`);
  writeFileSync(path, script);
  return path;
}

/** What the command line `words` offers where the cursor stands at the end of the last of them. */
async function bash(...words: string[]): Promise<string[]> {
  const script = `source ${await scriptOf('bash')}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
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
    expect(await bash('broadcast', '--to', 'Ada,M')).toEqual([]);
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

/** A zsh at a terminal of its own, which is typed to; `install` is what a person put into their .zshrc. */
async function zsh(
  keys: string,
  install = 'autoload -U compinit; compinit -u; source ~/completion.zsh',
): Promise<{ offered: string[]; line: string }> {
  const at = (name: string): string => join(world.folder, name);
  await scriptOf('zsh');
  for (const name of ['offered', 'line']) rmSync(at(name), { force: true });
  // Notes what is offered as zsh takes it, and the line as it stands when Ctrl-] is typed.
  writeFileSync(
    at('.zshrc'),
    `${install}
    compadd() {
      local -a seen
      if [[ -z "\${(M)@:#-[AOD]}" ]]; then
        builtin compadd -O seen "$@"
        print -rl -- "\${seen[@]}" >> ~/offered
      fi
      builtin compadd "$@"
    }
    note() { print -r -- "$BUFFER" > ~/line; exit }
    zle -N note; bindkey '^]' note; bindkey '^I' complete-word
    PS1=READY`,
  );
  const drive = `zmodload zsh/zpty
    zpty shell zsh -d -i
    zpty -r shell said '*READY*'
    zpty -w -n shell "$1"
    while zpty -r shell said; do :; done`;
  await run('zsh', ['-fc', drive, 'zsh', `${keys}\u001d`]);
  const lines = (name: string): string[] =>
    existsSync(at(name)) ? readFileSync(at(name), 'utf8').split('\n') : [];
  const offered = lines('offered').filter((line) => line !== '');
  return { offered: [...new Set(offered)], line: lines('line')[0] ?? '' };
}
const offeredByZsh = async (line: string): Promise<string[]> =>
  (await zsh(`peerage ${line}\t`)).offered;

await describeWith(['zsh'], 'in zsh', () => {
  test('the command is completed with every verb, and each verb with its flags', async () => {
    expect(await offeredByZsh('')).toEqual(VERBS.map((verb) => verb.name));
    for (const verb of VERBS.filter(({ name }) => ['send', 'files', 'mcp'].includes(name))) {
      const offered = await offeredByZsh(`${verb.name} --`);
      expect(offered.sort()).toEqual(flags([...verb.flags, ...GLOBAL]).sort());
    }
    expect((await offeredByZsh('--h')).sort()).toEqual(['--help', '--home']);
  });

  test('what is typed becomes the whole word', async () => {
    expect((await zsh('peerage sta\t')).line).toBe('peerage status ');
    expect((await zsh('peerage send --ki\tbl\t')).line).toBe('peerage send --kind blocker ');
    expect((await zsh('peerage send --kind=bl\t')).line).toBe('peerage send --kind=blocker ');
    expect((await zsh('peerage send Bu\t')).line).toBe('peerage send Build\\ pod ');
    expect((await zsh("peerage check 'Build\t")).line).toBe("peerage check 'Build pod' ");
    expect((await zsh(`peerage --home ${world.home} log A\t`)).line).toMatch(/ log Ada $/);
    expect((await zsh('peerage skill r\t')).line).toBe('peerage skill remove ');
    expect((await zsh('peerage files put notes --file li\t')).line).toMatch(/--file li$/);
  });

  test('it completes also where the script lies in the fpath, at the first time', async () => {
    mkdirSync(join(world.folder, 'functions'));
    renameSync(await scriptOf('zsh'), join(world.folder, 'functions', '_peerage'));
    const install = 'fpath=(~/functions $fpath); autoload -U compinit; compinit -u';
    expect((await zsh('peerage sta\t', install)).line).toBe('peerage status ');
  });

  test('recipients of a broadcast are completed one after the other, but for what cannot stand in a list', async () => {
    expect((await zsh('peerage broadcast --to Ada,Bu\t')).line).toMatch(/--to Ada,Build\\ pod $/);
    expect(await offeredByZsh('broadcast --to Ada,')).not.toContain('Maya’s desktop, upstairs');
  });

  test('the name of a peer is never run as a command', async () => {
    expect(await offeredByZsh('send ')).toHaveLength(4);
    expect((await zsh('peerage send $\t')).line).toBe('peerage send $');
    await zsh('peerage send \\$\t');
    await offeredByZsh('broadcast --to ');
    expect(existsSync(trap)).toBe(false);
  });

  test('without an app there are no names, and nothing is said', async () => {
    await world.stopApp();
    expect(await offeredByZsh('send ')).toEqual([]);
  });
});

await describeWith(['fish'], 'in fish', () => {
  const fish = async (line: string, ...how: string[]): Promise<string[]> => {
    const script = `source ${await scriptOf('fish')}; complete ${how.join(' ')} -C $argv[1]`;
    const out = await run('fish', ['--no-config', '-c', script, '--', `peerage ${line}`]);
    return out
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => one.split('\t')[0] ?? '')
      .sort();
  };

  test('the command is completed with every verb, and each verb with its flags', async () => {
    expect(await fish('')).toEqual(VERBS.map((verb) => verb.name).sort());
    expect(await fish(`--home ${world.home} sta`)).toEqual(['status']);
    for (const verb of VERBS.filter(({ name }) => ['send', 'files', 'mcp'].includes(name))) {
      expect(await fish(`${verb.name} --`)).toEqual(flags([...verb.flags, ...GLOBAL]).sort());
    }
    expect(await fish('--h')).toEqual(['--help', '--home']);
  });

  test('a flag is completed with the words that it takes', async () => {
    expect(await fish('send Ada --kind ')).toEqual([...KINDS].sort());
    expect(await fish('send Ada --kind=bl')).toEqual(['--kind=blocker']);
    expect(await fish('send Ada --topic ')).toEqual([]);
    expect(await fish('skill ')).toEqual(['install', 'remove', 'show']);
    writeFileSync(join(world.folder, 'notes.md'), '');
    expect(await fish('files put notes --file no')).toEqual(['notes.md']);
  });

  test('a peer is completed with the names of the running app, where a peer is wanted', async () => {
    expect(await fish('send A')).toEqual(['Ada']);
    expect(await fish('send Bu', '--escape')).toEqual(['Build\\ pod']);
    expect(await fish("check 'Build ")).toEqual(['Build pod']);
    expect(await fish(`--home ${world.home} log Ad`)).toEqual(['Ada']);
    expect(await fish('send Ada ')).toEqual([]);
    expect(await fish('log send --')).toContain('--markdown');
  });

  test('recipients of a broadcast are completed one after the other, but for what cannot stand in a list', async () => {
    expect(await fish('broadcast --to a')).toContain('all');
    expect(await fish('broadcast --to Ada,Bu')).toEqual(['Ada,Build pod']);
    // fish also offers what only holds the letters, such as the path in a name: none begins like this.
    const offered = await fish('broadcast --to Ada,M');
    expect(offered.filter((one) => one.startsWith('Ada,M'))).toEqual([]);
  });

  test('the name of a peer is never run as a command', async () => {
    expect(await fish('send ')).toHaveLength(4);
    await fish('send "$');
    await fish('broadcast --to ');
    expect(existsSync(trap)).toBe(false);
  });

  test('without an app there are no names, and nothing is said', async () => {
    await world.stopApp();
    expect(await fish('send ')).toEqual([]);
  });
});
