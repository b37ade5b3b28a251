/** What is printed: for whom, how wide, and what counts as told. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columns, wrap } from '../../../bin/terminal.ts';
import { type CallHandlers, ok } from '../../../electron/contract/index.ts';
import { peerRow, uuid } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
});
afterEach(() => world.end());

const ada = peerRow(1, { name: 'Ada' });
const arrival = {
  ...{ type: 'answer', id: uuid(31), at: 1, peerId: ada.id, peer: 'Ada', threadId: uuid(20) },
  ...{ replyTo: uuid(30), askedBy: 'Claude', state: 'complete', author: 'main', text: 'Done.' },
  truncated: false,
} as never;
const arrivals: Partial<CallHandlers> = {
  'door.arrivals': () => ok({ arrivals: [arrival], mark: 'm', more: false }),
  'door.seen': () => ok({}),
};
const called = (): string[] => world.called.map((one) => one.name);

describe('--json', () => {
  test('after -- is a text, and changes nothing about the form of what is printed', async () => {
    await world.serve({ 'peer.resolve': () => ok({ matches: [] }) });
    expect(await world.run('send', 'Ada', '--', '--json')).toBe(4);
    expect(world.out).toEqual([]);
    expect(world.err).toEqual(['No peer is called Ada. See peerage peers.']);
  });
});

test('-h is --help', async () => {
  expect(await world.run('send', '-h')).toBe(0);
  expect(world.out[0]).toContain('Usage: peerage send');
});

describe('inbox --since-last', () => {
  test('notes what it told once it was read', async () => {
    await world.serve(arrivals);
    expect(await world.run('inbox', '--since-last')).toBe(0);
    expect(called()).toEqual(['door.arrivals', 'door.seen']);
  });

  test('what nobody could read comes again', async () => {
    await world.serve(arrivals);
    world.read = false;
    expect(await world.run('inbox', '--since-last')).toBe(0);
    expect(called()).toEqual(['door.arrivals']);
  });

  test('a note that fails does not take back what was told', async () => {
    await world.serve({ 'door.arrivals': arrivals['door.arrivals'] as never });
    expect(await world.run('inbox', '--since-last', '--json')).toBe(0);
    expect(world.out).toHaveLength(1);
    expect(world.json()).toMatchObject({ ok: true });
  });
});

test('inbox --watch ends when its reader goes away', async () => {
  let count = 0;
  await world.serve({
    'door.arrivals': () => ok({ arrivals: [arrival], mark: `${++count}`, more: false }),
  });
  const entry = join(import.meta.dirname, '../../../bin/peerage.ts');
  const child = spawn(process.execPath, [entry, '--home', world.home, 'inbox', '--watch'], {
    env: { PATH: process.env.PATH, HOME: world.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const [code] = await once(child, 'exit');
  expect([code, said]).toEqual([0, '']);
});

describe('broadcast', () => {
  const request = {
    ...{ id: uuid(9), agent: 'Command line', verb: 'broadcast', text: 'News', textBytes: 4 },
    ...{ kind: 'broadcast', topic: null, recipients: [], recipientCount: 1, facts: [] },
    ...{ state: 'done', at: 1, decision: { by: 'rule', at: 1, reason: '' }, error: null },
  } as never;
  const answer = {
    ...{ messageId: uuid(31), state: 'complete', author: 'main', truncated: false, at: 1 },
    text: 'Thanks\nBen: complete\nI agree.',
  } as never;
  const delivery = {
    ...{ peerId: ada.id, peer: 'Ada', threadId: uuid(20), messageId: uuid(30), answer },
    ...{ state: 'answered', error: null, final: true },
  } as never;
  const serve = (reason: 'blocked' | 'practice') => {
    const peerId = uuid(3) as never;
    const leftOut = [{ peerId, name: 'Ben', reason, why: 'Its identity changed.' }];
    return world.serve({
      'door.ask': () => ok({ request, warning: 'none', leftOut }),
      'door.follow': () => ok({ request, deliveries: [delivery], final: true, seen: 'x' }),
    });
  };

  test('names who is left out, and does not end as if all were told', async () => {
    await serve('blocked');
    expect(await world.run('broadcast', 'News', '--to', 'all')).toBe(7);
    expect(world.out[0]).toBe('Ben: left out\n  Its identity changed.');
    expect(await world.run('broadcast', 'News', '--to', 'all', '--json')).toBe(7);
    expect(world.json()).toMatchObject({
      ok: false,
      leftOut: [{ name: 'Ben', reason: 'blocked' }],
    });
  });

  test('ends well where only those are left out that `all` does not mean', async () => {
    await serve('practice');
    expect(await world.run('broadcast', 'News', '--to', 'all')).toBe(0);
  });

  test('indents answers: none can pass for the block of another peer', async () => {
    await serve('practice');
    await world.run('broadcast', 'News', '--to', 'all');
    expect(world.out[1]).toBe('Ada: complete\n  Thanks\n  Ben: complete\n  I agree.');
  });
});

describe('in a narrow terminal', () => {
  test('the id of what came in stays whole: it is what respond needs', async () => {
    await world.serve(arrivals);
    world.width = 44;
    expect(await world.run('inbox')).toBe(0);
    expect(world.out).toEqual(['answer from Ada (asked by Claude)', `  ${uuid(31)}`, '  Done.']);
  });

  test('a line keeps all of its words, and stays within the width where they do', () => {
    const word = fc.stringMatching(/^[a-z艾达]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 30, max: 80 }), (all, of) => {
        const lines = wrap(`  ${all.join(' ')}`, of, '    ');
        expect(lines.join(' ').trim().split(/ +/)).toEqual(all);
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(of);
      }),
    );
  });
});
