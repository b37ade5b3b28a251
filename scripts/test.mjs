/**
 * `npm test`: installs what it needs, builds, checks types, style and the map of imports, then runs
 * the unit and window tests. `--real` runs the suites that need real parts instead, `--tailnet` those
 * on a real tailnet, `--relay` those of the relay. Arguments after `--` go to vitest. Ends with one line, `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureBuilt } from './parts/built.mjs';
import { runCommand } from './parts/command.mjs';
import { ensureInstalled } from './parts/install.mjs';
import { modules, pinnedNode, root } from './parts/places.mjs';
import { ensureSystemParts } from './parts/system-parts.mjs';
import { ensureTailnetTools } from './parts/tailnet-tools.mjs';
import { closingLine, failuresOfReport, NOTHING, sum, tallyOfReport } from './parts/tally.mjs';

const args = process.argv.slice(2);
const real = args.includes('--real');
const tailnet = args.includes('--tailnet');
const relay = args.includes('--relay');
const special = real || tailnet || relay;
const filters = args.filter((arg) => !['--real', '--tailnet', '--relay'].includes(arg));

/** Checks that are no tests, each counted as one. They are left out where only some tests are wanted. */
const CHECKS = [
  { name: 'types', script: 'typescript/bin/tsc', args: ['--noEmit', '-p', '.', '--checkers', '2'] },
  { name: 'style', script: '@biomejs/biome/bin/biome', args: ['check', '.'] },
  {
    name: 'map of imports',
    script: 'dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.cjs', 'electron', 'renderer'],
  },
];

let tally = NOTHING;
try {
  await ensureInstalled();
  const without = await ensureSystemParts();
  if (without) console.log(`Some tests may be skipped: ${without}.`);
  if (tailnet) {
    const tools = await ensureTailnetTools();
    if ('why' in tools) console.log(`The tests on a real tailnet will be skipped: ${tools.why}.`);
  }
  await ensureBuilt();
  if (!special && filters.length === 0)
    tally = sum(tally, ...(await Promise.all(CHECKS.map(check))));
  tally = sum(tally, await runVitest());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  tally = sum(tally, { ...NOTHING, failed: 1 });
}
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

/** @param {typeof CHECKS[number]} of */
async function check({ name, script, args: given }) {
  const { code, output } = await runCommand(pinnedNode, [join(modules, script), ...given], {
    cwd: root,
    quiet: true,
  });
  console.log(code === 0 ? `ok: ${name}` : `${output}\nfailed: ${name}`);
  return { ...NOTHING, ...(code === 0 ? { passed: 1 } : { failed: 1 }) };
}

async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'peerage-test-'));
  const report = join(folder, 'report.json');
  const kind = tailnet ? 'tailnet' : relay ? 'relay' : 'real';
  const which = special
    ? ['--config', join(root, `vitest.${kind}.config.ts`)]
    : ['--project', 'unit', '--project', 'ui', '--project', 'stand-in'];
  try {
    const { code } = await runCommand(
      pinnedNode,
      [
        join(modules, 'vitest', 'vitest.mjs'),
        'run',
        ...which,
        '--passWithNoTests',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...filters,
      ],
      // Node 24 first: what tests start by the name `node` is then the same.
      { cwd: root, env: { ...process.env, PATH: pathWithPinnedNode() } },
    );
    const json = readReport(report);
    for (const line of failuresOfReport(json, root)) console.log(line);
    return tallyOfReport(json, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pathWithPinnedNode() {
  return [join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
}

/** @param {string} file */
function readReport(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
