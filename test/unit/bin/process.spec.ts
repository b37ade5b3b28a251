/** The command as a process of its own: pipes that close, and no terminal anywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ok } from '../../../electron/contract/index.ts';
import { peerRow } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

const entry = join(import.meta.dirname, '../../../bin/peerage.ts');
let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
});
afterEach(() => world.end());

const start = (...args: string[]) =>
  spawn(process.execPath, [entry, '--home', world.home, ...args], {
    env: { PATH: process.env.PATH, HOME: world.folder, FORCE_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

test('a reader that goes away changes nothing about what was done', async () => {
  const peers = Array.from({ length: 3_000 }, (_, n) => ({
    ...peerRow(n, { name: `Peer ${n}` }),
    capabilities: [],
  }));
  await world.serve({ 'door.peers': () => ok({ peers }) });
  const child = start('peers', '--json');
  child.stdout.once('data', () => child.stdout.destroy());
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(said).toBe('');
});

test('without a terminal there is no colour, no progress and no question', async () => {
  const peers = [{ ...peerRow(1, { name: 'Ada' }), capabilities: ['review'] }];
  await world.serve({ 'door.peers': () => ok({ peers }) });
  const child = start('peers');
  let out = '';
  let said = '';
  child.stdout.on('data', (text) => {
    out += String(text);
  });
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const [code] = await once(child, 'close');
  expect([code, out, said]).toEqual([0, 'Ada  Up  review\n', '']);
});

test('an empty stdin is an empty text, and nothing is sent', async () => {
  const child = start('send', 'Ada');
  child.stdin.end();
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(2);
  expect(said).toBe('The text is empty. See peerage --help.\n');
});
