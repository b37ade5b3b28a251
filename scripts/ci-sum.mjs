/**
 * Tells what failed in several test runs, names it, and sums their closing lines: `node scripts/ci-sum.mjs LOG...`.
 * Whoever looks at a run in CI may see its last lines alone, so all of it is told once more.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readAllFailures, readDetails } from './parts/run-log.mjs';
import { closingLine, NOTHING, readClosingLine, readSecondTries, sum } from './parts/tally.mjs';

/** About as many lines as are seen, less those that name the failures; and of one run. */
const MOST_LINES = 100;
const MOST_OF_ONE = 60;

const runs = process.argv.slice(2).map((file) => {
  const output = readFileSync(file, 'utf8');
  const name = basename(file);
  // A run without a closing line did not come to its end.
  const tally = readClosingLine(output) ?? { ...NOTHING, failed: 1 };
  return { name, output, tally, failures: readAllFailures(output, name) };
});
const failed = runs.filter(({ tally, failures }) => tally.failed > 0 || failures.length > 0);
const most = Math.min(MOST_OF_ONE, Math.floor(MOST_LINES / Math.max(1, failed.length)));
for (const { name, output } of failed) {
  console.log(`\nWhat failed in ${name}:`);
  for (const line of readDetails(output, most)) console.log(line);
}
for (const { output } of runs) for (const line of readSecondTries(output)) console.log(line);
for (const { failures } of failed) for (const line of failures) console.log(line);
const total = sum(...runs.map(({ tally }) => tally));
console.log(closingLine(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
