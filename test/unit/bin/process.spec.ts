/** The command as a process of its own: pipes that close, and no terminal anywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ok } from '../../../electron/contract/index.ts';
import { saidBy } from '../../real/parts/process.ts';
import { peerRow, uuid } from '../shell/fake-app.ts';
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
  const { code, stderr } = await saidBy(child);
  expect([code, stderr]).toEqual([0, '']);
});

test('without a terminal there is no colour, no progress and no question', async () => {
  const peers = [{ ...peerRow(1, { name: 'Ada' }), capabilities: ['review'] }];
  await world.serve({ 'door.peers': () => ok({ peers }) });
  const child = start('peers');
  const { code, stdout, stderr } = await saidBy(child);
  expect([code, stdout, stderr]).toEqual([0, 'Ada  Up  review\n', '']);
});

test('Ctrl-C ends a wait, which says that what was sent stays sent', async () => {
  const waits = Promise.withResolvers<void>();
  const request = {
    ...{ id: uuid(9), agent: 'x', verb: 'send', text: 'hi', textBytes: 2, kind: 'message' },
    ...{ topic: null, recipients: [], recipientCount: 1, facts: [], state: 'done', at: 1 },
    ...{ decision: { by: 'rule', at: 1, reason: '' }, error: null },
  } as never;
  await world.serve({
    'peer.resolve': () => ok({ matches: [peerRow(1, { name: 'Ada' })] }),
    'door.ask': () => ok({ request, warning: 'none', leftOut: [] }),
    'door.follow': () => {
      waits.resolve();
      return new Promise(() => {});
    },
  });
  const child = start('send', 'Ada', 'hi', '--wait');
  const ended = saidBy(child);
  await waits.promise;
  child.kill('SIGINT');
  const { signal, stderr } = await ended;
  expect(signal).toBe('SIGINT');
  expect(stderr).toBe(
    'No longer waited for. What was sent stays sent; the answer comes into the inbox.\n',
  );
});

test('an empty stdin is an empty text, and nothing is sent', async () => {
  const child = start('send', 'Ada');
  child.stdin.end();
  const { code, stderr } = await saidBy(child);
  expect(code).toBe(2);
  expect(stderr).toBe('The text is empty. See peerage send --help.\n');
});

const many = Array.from({ length: 3_000 }, (_, n) => ({
  ...peerRow(n, { name: `Peer ${n}` }),
  capabilities: [],
}));

test('a reader that takes its time gets all of it', async () => {
  await world.serve({ 'door.peers': () => ok({ peers: many }) });
  const child = start('peers', '--json');
  // Far more than a pipe holds lies ready before anybody reads.
  await once(child.stdout, 'readable');
  const { code, stdout } = await saidBy(child);
  expect(code).toBe(0);
  expect(stdout.endsWith('}\n')).toBe(true);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, count: 3_000 });
});

test('files take the place of pipes', async () => {
  await world.serve({ 'peer.resolve': () => ok({ matches: [] }) });
  const [text, out, err] = ['text', 'out', 'err'].map((name) => join(world.folder, name));
  writeFileSync(text as string, '\ufeffIs it green?\n');
  const files = [openSync(text as string, 'r'), openSync(out as string, 'w')];
  files.push(openSync(err as string, 'w'));
  const child = spawn(process.execPath, [entry, '--home', world.home, 'send', 'Ada'], {
    env: { PATH: process.env.PATH, HOME: world.folder },
    stdio: [files[0], files[1], files[2]],
  });
  const [code] = await once(child, 'close');
  for (const file of files) closeSync(file);
  expect([code, readFileSync(out as string, 'utf8'), readFileSync(err as string, 'utf8')]).toEqual([
    4,
    '',
    'No peer is called Ada. See peerage peers.\n',
  ]);
});

test.each<[string, Buffer, number, string]>([
  ['10 MB', Buffer.alloc(10_000_000, 'x'), 6, 'more than 1000000 bytes'],
  ['broken UTF-8', Buffer.from([0x68, 0xff, 0x69]), 2, 'not UTF-8'],
  ['half a character', Buffer.from([0x68, 0xe2, 0x82]), 2, 'not UTF-8'],
  ['NUL', Buffer.from('a\0b'), 2, 'NUL'],
])('%s on stdin is one line, and nothing is asked', async (_, bytes, exit, words) => {
  await world.serve({});
  const child = start('send', 'Ada');
  // What is read no further ends the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  const { code, stderr } = await saidBy(child);
  expect(code).toBe(exit);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(world.called).toEqual([]);
});

test.skipIf(!existsSync('/dev/full'))('a disk that is full is told, and no success', async () => {
  await world.serve({ 'door.peers': () => ok({ peers: many }) });
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [entry, '--home', world.home, 'peers', '--json'], {
    env: { PATH: process.env.PATH, HOME: world.folder },
    stdio: ['ignore', full, 'pipe'],
  });
  const { code, stderr } = await saidBy(child);
  closeSync(full);
  expect(code).toBe(1);
  expect(stderr).toBe('Not all of it could be printed (ENOSPC).\n');
});
