/** Names what failed in several test runs and sums their closing lines: `node scripts/ci-sum.mjs LOG...`. */
import { readFileSync } from 'node:fs';
import { closingLine, NOTHING, readClosingLine, readFailures, sum } from './parts/tally.mjs';

const tallies = process.argv.slice(2).map((file) => {
  const output = readFileSync(file, 'utf8');
  for (const line of readFailures(output)) console.log(line);
  // A run without a closing line did not come to its end.
  return readClosingLine(output) ?? { ...NOTHING, failed: 1 };
});
const total = sum(...tallies);
console.log(closingLine(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
