/** The greeting and the first question: one piece, and never to an app that would misunderstand it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PROTOCOL } from '../../../bin/door.ts';
import { EXIT } from '../../../bin/exits.ts';
import { ok } from '../../../electron/contract/index.ts';
import { peerRow } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
});
afterEach(() => world.end());

const ada = peerRow(1, { name: 'Ada' });

describe('the first question', () => {
  /** Listens where the app would, with what it wrote down, and answers each frame by `answer`. */
  async function listening(pointer: string, answer: (frame: Record<string, unknown>) => object) {
    const pieces: string[] = [];
    const other = createServer((socket) => {
      socket.on('data', (chunk) => {
        pieces.push(String(chunk));
        for (const text of String(chunk).trim().split('\n')) {
          const { id, name, ...frame } = JSON.parse(text) as Record<string, unknown>;
          socket.write(`${JSON.stringify({ v: 1, id, name, ...answer({ ...frame, name }) })}\n`);
        }
      });
    });
    await new Promise<void>((resolve) => other.listen(world.socket, resolve));
    writeFileSync(join(world.home, 'control-socket'), pointer);
    return { pieces, stop: () => new Promise((resolve) => other.close(resolve)) };
  }
  const kinds = (piece: string | undefined): string[] =>
    (piece ?? '')
      .trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as { kind: string }).kind);
  const hello = (protocol: number) => ({ kind: 'hello', body: { version: '9.0.0', protocol } });

  test('leaves with the greeting, where the app wrote down that it speaks as we do', async () => {
    await world.serve({ 'door.peers': () => ok({ peers: [] }) });
    const written = readFileSync(join(world.home, 'control-socket'), 'utf8');
    expect(await world.run('peers')).toBe(0);
    await world.stopApp();
    const { pieces, stop } = await listening(written, ({ kind }) =>
      kind === 'hello'
        ? hello(PROTOCOL)
        : { kind: 'result', body: { ok: true, value: { peers: [] } } },
    );
    expect(await world.run('peers')).toBe(0);
    expect(pieces.map(kinds)).toEqual([['hello', 'call']]);
    await stop();
  });

  test('is not asked where something else is written down, or nothing', async () => {
    for (const protocol of [`${PROTOCOL + 1}\n`, 'x\n', '']) {
      const { pieces, stop } = await listening(`${world.socket}\n${protocol}`, () =>
        hello(PROTOCOL + 1),
      );
      expect(await world.run('send', 'Ada', 'hi')).toBe(EXIT.otherVersion);
      expect(pieces.map(kinds)).toEqual([['hello']]);
      await stop();
    }
  });

  test('is not acted upon where what is written down is not so any more', async () => {
    await world.serve({ 'peer.list': () => ok({ peers: [] }) });
    const frames = await new Promise<string>((resolve) => {
      const socket = connect(world.socket);
      const line = (kind: string, name: string, body: object) =>
        `${JSON.stringify({ v: 1, id: kind, kind, name, body })}\n`;
      socket.write(line('hello', '', { protocol: PROTOCOL + 1 }) + line('call', 'peer.list', {}));
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
        if (text.split('\n').length > 2) socket.destroy();
      });
      socket.once('close', () => resolve(text));
    });
    expect(world.called).toEqual([]);
    expect(frames).toContain('"kind":"hello"');
    expect(frames).toContain('call.not_allowed');
  });

  test('that is too large is told at once, and nothing is sent', async () => {
    await world.serve({
      'peer.resolve': () => ok({ matches: [ada] }),
      'door.ask': () => Promise.reject(new Error('asked')),
    });
    const context = join(world.folder, 'context.json');
    writeFileSync(context, JSON.stringify('x'.repeat(17 * 1024 * 1024)));
    const args = ['delegate', 'Ada', '--task', 'x', '--context', `@${context}`];
    expect(await world.run(...args)).toBe(EXIT.refused);
    expect(world.err[0]).toContain('call.too_large');
    expect(world.called.map((one) => one.name)).toEqual(['peer.resolve']);
  });
});
