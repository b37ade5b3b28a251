/** The command in a real terminal: colour, width and the line of progress. */
import { execFile, spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columns } from '../../../bin/terminal.ts';
import { type CallHandlers, ok } from '../../../electron/contract/index.ts';
import { peerRow, uuid } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

const entry = join(import.meta.dirname, '../../../bin/peerage.ts');
const hasTerminal = spawnSync('script', ['--version']).status === 0;
let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
});
afterEach(() => world.end());

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What a terminal of `width` columns was sent, with the line ends of files. */
function inTerminal(
  width: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const command = [process.execPath, entry, '--home', world.home, ...args].map(quote).join(' ');
  const script = ['-qec', `stty cols ${width} -onlcr; ${command} || true`, '/dev/null'];
  return new Promise((resolve, reject) => {
    execFile(
      'script',
      script,
      { env: { PATH: process.env.PATH, HOME: world.folder, TERM: 'xterm', ...env } },
      (error, out) => (error ? reject(error) : resolve(out)),
    );
  });
}

const ada = peerRow(1, { name: 'Ada' });
const peers: Partial<CallHandlers> = {
  'door.peers': () =>
    ok({
      peers: [
        { ...ada, capabilities: ['review', 'a-skill-with-a-long-name', 'another-long-one'] },
        { ...peerRow(2, { name: '艾达艾达艾达艾达艾达艾达艾达艾达' }), capabilities: ['search'] },
      ],
    }),
};

describe.skipIf(!hasTerminal)('in a terminal', () => {
  test('there is colour, and none with NO_COLOR or on a dumb one', async () => {
    await world.serve(peers);
    expect(await inTerminal(80, ['peers'])).toContain('\u001b[32mAda');
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(await inTerminal(80, ['peers'], env)).not.toContain('\u001b');
    }
  });

  test('no line is longer than the terminal is wide', async () => {
    await world.serve(peers);
    for (const width of [44, 60]) {
      const lines = (await inTerminal(width, ['peers'], { NO_COLOR: '1' })).split('\n');
      expect(lines.filter((line) => line !== '')).toHaveLength(2);
      for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
    }
  });

  test('a wait shows how far it is in one line, and takes it away before the answer', async () => {
    const request = {
      ...{ id: uuid(9), agent: 'x', verb: 'send', text: 'hi', textBytes: 2, kind: 'message' },
      ...{ topic: null, recipients: [], recipientCount: 1, facts: [], state: 'done', at: 1 },
      ...{ decision: { by: 'rule', at: 1, reason: '' }, error: null },
    } as never;
    const delivery = {
      ...{ peerId: ada.id, peer: 'Ada', threadId: uuid(20), messageId: uuid(30), error: null },
      ...{ state: 'delivered', answer: null, final: false },
    };
    const answer = {
      ...{ messageId: uuid(31), state: 'complete', author: 'main', text: 'Green.' },
      ...{ truncated: false, at: 1 },
    };
    await world.serve({
      'peer.resolve': () => ok({ matches: [ada] }),
      'door.ask': () => ok({ request, warning: 'none', leftOut: [] }),
      'door.follow': ({ seen }) =>
        ok({
          request,
          deliveries: [
            (seen === ''
              ? delivery
              : { ...delivery, state: 'answered', answer, final: true }) as never,
          ],
          final: seen !== '',
          seen: 'x',
        }),
    });
    const shown = await inTerminal(80, ['send', 'Ada', 'hi', '--wait'], { NO_COLOR: '1' });
    expect(shown).toBe('Ada: delivered…\r\u001b[KAda: complete\nGreen.\n');
  });

  test('a text is asked for, not waited for', async () => {
    await world.serve({});
    const shown = await inTerminal(80, ['send', 'Ada']);
    expect(shown).toBe('Give the text as an argument or on stdin. See peerage send --help.\n');
  });
});

test.skipIf(process.getuid?.() !== 0)('a socket of somebody else is not spoken to', async () => {
  await world.serve(peers);
  chownSync(world.socket, 4_711, 4_711);
  expect(await world.run('peers')).toBe(6);
  expect(world.err[0]).toContain('is not a socket that only you can use');
  chownSync(world.socket, 0, 0);
  chownSync(dirname(world.socket), 4_711, 4_711);
  expect(await world.run('peers')).toBe(6);
  expect(world.called).toEqual([]);
});
