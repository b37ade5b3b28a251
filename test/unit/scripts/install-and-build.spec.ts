import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCode, runCommand } from '../../../scripts/parts/command.mjs';
import { withLock } from '../../../scripts/parts/lock.mjs';
import { hashOf, readStamp, writeStamp } from '../../../scripts/parts/stamp.mjs';
import { ensureSystemParts } from '../../../scripts/parts/system-parts.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const put = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};

describe('stamps', () => {
  const hash = (): string => hashOf(folder, ['a', 'b.txt', 'missing']);

  test('change with names and contents, and with nothing else', () => {
    put('a/1.ts', 'one');
    put('b.txt', 'b');
    const before = hash();
    put('b.txt', 'b');
    expect(hash()).toBe(before);
    put('other.txt', 'x');
    expect(hash()).toBe(before);
    put('a/1.ts', 'two');
    const changed = hash();
    expect(changed).not.toBe(before);
    rmSync(join(folder, 'a/1.ts'));
    put('a/2.ts', 'two');
    expect(hash()).not.toBe(changed);
    put('missing', '');
    expect(hash()).not.toBe(before);
  });

  test('are read back; an absent one is empty', () => {
    const file = join(folder, 'deep', 'stamp');
    expect(readStamp(file)).toBe('');
    writeStamp(file, 'abc');
    expect(readStamp(file)).toBe('abc');
  });
});

describe('lock', () => {
  test('lets one work at a time, and the next one after a failure', async () => {
    const lock = join(folder, 'x.lock');
    const order: string[] = [];
    const work = (name: string, fails = false) =>
      withLock(lock, async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 30));
        order.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const all = await Promise.allSettled([work('a', true), work('b'), work('c')]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    for (let i = 0; i < order.length; i += 2) {
      expect(order[i + 1]).toBe(order[i]?.replace('begins', 'ends'));
    }
  });

  test('of a process that is gone is taken away', async () => {
    put('x.lock/pid', '2147483646');
    expect(await withLock(join(folder, 'x.lock'), async () => 'done')).toBe('done');
  });
});

describe('commands', () => {
  test('give code and output, also of a program that is not there', async () => {
    const quiet = { quiet: true };
    expect(
      await runCommand(process.execPath, ['-e', 'console.log(1);process.exit(3)'], quiet),
    ).toEqual({ code: 3, output: '1\n' });
    expect((await runCommand('/nonexistent/program', [], quiet)).code).toBe(127);
    expect(exitCode(null, 'SIGTERM')).toBe(143);
  });

  test('parts of the system that are all there need nothing', async () => {
    expect(await ensureSystemParts([])).toBeNull();
  });
});
