/** `--start` with the built command and the built app: it starts one without a window, which stays. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND } from '../real/parts/door-app.ts';
import { saidBy, until } from '../real/parts/process.ts';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-start-'));
  home = join(folder, 'home');
});
afterEach(async () => {
  for (const { pid } of apps()) process.kill(pid, 'SIGTERM');
  await until('the started apps to be gone', async () => apps().length === 0);
  rmSync(folder, { recursive: true, force: true });
});

/** The processes of this machine that are an app on this home: nobody else knows its folder. */
function apps(): { readonly pid: number; readonly args: readonly string[] }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const args = readFileSync(join('/proc', name, 'cmdline'), 'utf8').split('\0');
        const ours = args.includes(home) && !args.some((arg) => arg === COMMAND);
        return ours ? [{ pid: Number(name), args }] : [];
      } catch {
        return [];
      }
    });
}

/** Runs the command in a process group of its own, and ends all of that group after it. */
async function peerage(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  const child = spawn(process.execPath, [COMMAND, '--home', home, ...args], {
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: tmpdir() },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { code, stdout: out, stderr: said } = await saidBy(child);
  try {
    // As a shell does with what it started when its terminal is closed.
    process.kill(-(child.pid ?? 0), 'SIGHUP');
  } catch {
    // Nobody is left in it.
  }
  return { code: Number(code), out, said };
}

describe.skipIf(!existsSync('/proc/self/cmdline'))('peerage --start', () => {
  it('starts an app without a window where none runs, which answers and outlives the command', async () => {
    const before = await peerage('status');
    expect(before.code).toBe(3);
    expect(before.said).toContain('Start it, or use --start.');
    expect(apps()).toEqual([]);

    const started = await peerage('status', '--start', '--json');
    expect([started.code, started.said]).toEqual([0, '']);
    expect(JSON.parse(started.out)).toMatchObject({ ok: true, running: true, shell: 'browser' });
    const [app, ...others] = apps();
    expect(others).toEqual([]);
    expect(app?.args).toContain('--no-open');

    const later = await peerage('whoami', '--json');
    expect(later.code).toBe(0);
    expect(JSON.parse(later.out)).toMatchObject({ home: JSON.parse(started.out).home });
    expect(apps().map((one) => one.pid)).toEqual([app?.pid]);
  });

  it('uses the one that runs', async () => {
    await peerage('status', '--start');
    const before = apps();
    expect((await peerage('peers', '--start')).code).toBe(0);
    expect(apps()).toEqual(before);
  });

  it('twice at once leaves one app, and both are answered', async () => {
    const both = await Promise.all([
      peerage('status', '--start', '--json'),
      peerage('status', '--start', '--json'),
    ]);
    expect(both.map((one) => one.code)).toEqual([0, 0]);
    await until('one app to be left', async () => apps().length === 1);
    expect((await peerage('status')).code).toBe(0);
  });

  it('says at once why the app could not start', async () => {
    writeFileSync(home, 'a file where the folder should be');
    const ended = await peerage('status', '--start');
    expect(ended.code).toBe(3);
    expect(ended.said).toMatch(/^Peerage was started and ended \(exit code 1\)\. .+\n$/);
    expect(ended.said).toContain(home);
  });
});
