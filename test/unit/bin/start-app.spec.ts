/** `--start` where the app that is started ends at once: the command says why, and waits no longer. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startApp } from '../../../bin/commands/start-app.ts';
import { EXIT } from '../../../bin/exits.ts';
import { openOrStart } from '../../../bin/open-or-start.ts';
import { ok } from '../../../electron/contract/index.ts';
import { PATIENCE_MS } from '../../patience.ts';
import { type CommandWorld, commandWorld } from './world.ts';

let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
  const temporary = join(world.folder, 'temporary');
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.end();
});

/** A program in the place of the app. */
async function starts(script: string): Promise<void> {
  const path = join(world.folder, 'app.mjs');
  writeFileSync(path, script);
  world.app = await startApp(world.home, { file: process.execPath, args: [path] });
}
const left = (): string[] => readdirSync(join(world.folder, 'temporary'));

test('its exit code and its own words are told, without secrets and without a stack', async () => {
  await starts(`
    console.error('(node:1) ExperimentalWarning: something new');
    console.error('The data on this disk are of a newer Peerage. See http://x/?token=hunter2hunter2.');
    console.error('    at somewhere (file.ts:1:1)');
    process.exitCode = 3;`);
  expect(await world.run('status', '--start', '--json')).toBe(EXIT.notRunning);
  expect(world.json()).toEqual({
    ok: false,
    exit: EXIT.notRunning,
    error: {
      code: 'app.ended',
      message:
        'Peerage was started and ended (exit code 3). The data on this disk are of a newer Peerage. See http://x/?token=•••',
    },
  });
  expect(left()).toEqual([]);
});

test('where it says nothing, its log does, as far as it is of this start', async () => {
  mkdirSync(join(world.home, 'logs'));
  const log = JSON.stringify(join(world.home, 'logs', 'peerage.log'));
  await starts(`
    (await import('node:fs')).writeFileSync(${log}, '2026-11-21 start: store\\n2026-11-21 no room\\n');
    process.exit(1);`);
  expect(await world.run('status', '--start')).toBe(EXIT.notRunning);
  expect(world.err).toEqual([
    'Peerage was started and ended (exit code 1). 2026-11-21 start: store 2026-11-21 no room',
  ]);
});

test('a signal that ended it, and a program that cannot be run, are told', async () => {
  await starts("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1_000);");
  expect(await world.run('status', '--start')).toBe(EXIT.notRunning);
  expect(world.err.join()).toContain('ended (signal SIGKILL). It said nothing');
  world.app = await startApp(world.home, { file: join(world.folder, 'nothing'), args: [] });
  expect(await world.run('status', '--start')).toBe(EXIT.notRunning);
  expect(world.err.join()).toContain('ENOENT');
});

test('whoever waits no longer leaves nothing behind', async () => {
  await starts('setInterval(() => {}, 1_000); setTimeout(() => process.exit(), 500)');
  expect(left()).toHaveLength(1);
  let interrupt = (): void => {};
  const waiting = openOrStart(world.home, true, {
    open: async () => null,
    start: async () => world.app,
    terminal: { progress: () => {} },
    now: Date.now,
    onInterrupt: (hear) => {
      interrupt = hear;
      return () => {};
    },
  });
  waiting.catch(() => {});
  await vi.waitFor(() => {
    interrupt();
    expect(left()).toEqual([]);
  }, 60_000);
});

test('where nothing can be kept for a while, it is started all the same', async () => {
  vi.stubEnv('TMPDIR', join(world.folder, 'nothing'));
  await starts('process.exit(4)');
  expect(await world.run('status', '--start')).toBe(EXIT.notRunning);
  expect(world.err.join()).toContain('ended (exit code 4). It said nothing');
});

test('an agent that runs as Node inside of another app does not make Node of ours', async () => {
  vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
  await starts("console.error('as node:', process.env.ELECTRON_RUN_AS_NODE); process.exit(1)");
  expect(await world.run('status', '--start')).toBe(EXIT.notRunning);
  expect(world.err.join()).toContain('as node: undefined');
});

test('one that ends well has left the home to another, which is waited for', async () => {
  await starts('process.exit(0)');
  const asked = world.run('peers', '--start');
  await vi.waitFor(() => expect(world.app?.ended()).toMatchObject({ well: true }), PATIENCE_MS);
  await world.serve({ 'door.peers': () => ok({ peers: [] }) });
  expect(await asked).toBe(EXIT.done);
  expect(existsSync(join(world.home, 'control-socket'))).toBe(true);
  expect(left()).toEqual([]);
});
