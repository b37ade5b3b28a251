/** Sums the closing lines of several test runs: `node scripts/ci-sum.mjs LOG...`. */
import { readFileSync } from 'node:fs';
import { closingLine, NOTHING, readClosingLine, sum } from './parts/tally.mjs';

const tallies = process.argv.slice(2).map((file) => {
  // A run without a closing line did not come to its end.
  return readClosingLine(readFileSync(file, 'utf8')) ?? { ...NOTHING, failed: 1 };
});
const total = sum(...tallies);
console.log(closingLine(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
