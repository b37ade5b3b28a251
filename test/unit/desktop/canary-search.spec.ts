/** The search of the canary run finds a secret that was planted, wherever it looks. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  descendants,
  filesWithSecrets,
  openToOthers,
  processesWithSecrets,
  textsWithSecrets,
} from '../../journeys/canary.ts';

const planted = `${randomBytes(18).toString('hex')}+/ü`;
const other = randomBytes(18).toString('hex');
const spellings: readonly (readonly [string, string])[] = [
  ['plain', planted],
  ['in base64', Buffer.from(planted).toString('base64')],
  ['in hex', Buffer.from(planted).toString('hex')],
  ['percent-encoded', encodeURIComponent(planted)],
];

describe('a planted secret is found', () => {
  const home = mkdtempSync(join(tmpdir(), 'peerage-planted-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test.each(spellings)('in a text, %s', (_how, spelling) => {
    expect(textsWithSecrets(['clean', `a ${spelling} b`], [other, planted])).toHaveLength(1);
    expect(textsWithSecrets(['clean', `a ${spelling} b`], [other])).toEqual([]);
  });

  test.each(spellings)('in a file deep in a folder, among other bytes, %s', (_how, spelling) => {
    const file = join(home, 'a', 'b', 'planted.bin');
    mkdirSync(join(home, 'a', 'b'), { recursive: true });
    writeFileSync(file, Buffer.concat([randomBytes(900), Buffer.from(`x${spelling}x`)]));
    expect(filesWithSecrets(home, [other, planted])).toEqual([file]);
    expect(filesWithSecrets(home, [other])).toEqual([]);
    rmSync(file);
  });

  test.skipIf(process.platform !== 'linux').each([
    ['the arguments', [planted], {}],
    ['the environment', [], { LEAK: planted }],
  ] as const)('in %s of a child', async (_where, args, env) => {
    const script = 'console.log("up"); setInterval(() => {}, 1000)';
    const child = spawn(process.execPath, ['-e', script, '--', ...args], { env });
    await once(child.stdout, 'data');
    expect(descendants(process.pid)).toContain(child.pid);
    expect(processesWithSecrets([child.pid ?? 0], [other, planted])).toEqual([child.pid]);
    expect(processesWithSecrets([child.pid ?? 0], [other])).toEqual([]);
    child.kill('SIGKILL');
  });

  test.skipIf(process.platform === 'win32')('in a file that others may read', () => {
    const file = join(home, 'open');
    chmodSync(home, 0o700);
    writeFileSync(file, '', { mode: 0o600 });
    expect(openToOthers(home)).toEqual([]);
    chmodSync(file, 0o644);
    expect(openToOthers(home)).toEqual([file]);
  });
});
