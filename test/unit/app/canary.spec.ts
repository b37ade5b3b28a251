import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  descendants,
  filesWithSecrets,
  openToOthers,
  processesWithSecrets,
  textsWithSecrets,
} from '../../journeys/canary.ts';

const SECRET = 'canary/token+0123456789';

describe('the canary that every journey ends with', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'peerage-canary-'));
    mkdirSync(join(folder, 'logs'), { mode: 0o700 });
    writeFileSync(join(folder, 'logs', 'clean.log'), 'all is well', { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['as base64', Buffer.from(SECRET).toString('base64')],
    ['as hex', Buffer.from(SECRET).toString('hex')],
  ])('finds a secret %s, deep in a file of any kind', (_, spelling) => {
    expect(filesWithSecrets(folder, [SECRET])).toEqual([]);
    const path = join(folder, 'logs', 'dirty.bin');
    writeFileSync(path, Buffer.concat([Buffer.from([0, 255, 128]), Buffer.from(spelling)]));
    expect(filesWithSecrets(folder, [SECRET])).toEqual([path]);
    expect(textsWithSecrets(['clean', `so: ${spelling}.`], [SECRET])).toHaveLength(1);
  });

  it('finds a file that others can read', () => {
    chmodSync(folder, 0o700);
    expect(openToOthers(folder)).toEqual([]);
    const path = join(folder, 'logs', 'clean.log');
    chmodSync(path, 0o644);
    expect(openToOthers(folder)).toEqual([path]);
  });

  it.runIf(process.platform === 'linux').each([
    ['its arguments', [SECRET], {}],
    ['its environment', [], { TOKEN: SECRET }],
  ])('finds a process of ours with a secret in %s', async (_, args, env) => {
    const script = 'console.log("up"); setInterval(() => {}, 1000)';
    const child = spawn(process.execPath, ['-e', script, '--', ...args], { env });
    try {
      await once(child.stdout, 'data');
      const pids = descendants(process.pid);
      expect(pids).toContain(child.pid);
      expect(processesWithSecrets(pids, [SECRET])).toEqual([child.pid]);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});
