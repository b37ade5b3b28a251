/**
 * Runs the benches that are named, or all: `npm run bench -- [--json] [name...]`. The table, or the
 * one JSON array, goes to standard output; everything else to standard error.
 */
import { ownTemporaryFolder } from '../temporary-folder.ts';
import { benches } from './benches/index.ts';
import { type Row, table } from './report.ts';

const note = (line: string): void => console.error(line);

/** Runs the benches one after the other; nothing else of ours runs meanwhile. */
async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0 || args.includes('--help')) {
    note('Usage: npm run bench -- [--json] [name...]\n');
    for (const { name, what } of benches) note(`  ${name.padEnd(10)} ${what}`);
    return unknown.length > 0 ? 2 : 0;
  }
  const rows: Row[] = [];
  for (const bench of benches) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    note(`${bench.name}: ${bench.what}`);
    rows.push(...(await bench.run(note)));
  }
  console.log(args.includes('--json') ? JSON.stringify(rows, null, 2) : table(rows));
  return 0;
}

ownTemporaryFolder();
// A missed goal is told and is no failure: the figures are for people.
process.exit(await main(process.argv.slice(2)));
