/**
 * Measures the delivery matrix against a real gateway and prints it.
 * `node test/real/matrix/measure.ts [--slow]`: with `--slow` it waits out the five minutes too.
 */
import { type Cell, measureAlive, measureKilled, measureWaiting } from './cells.ts';
import type { Answer, Evidence } from './lab.ts';

const slow = process.argv.includes('--slow');
const [alive, killed] = await Promise.all([measureAlive(slow), measureKilled(slow)]);

const said = (answer: Answer): string =>
  'refused' in answer ? `refused: ${String(answer.refused.message)}` : answer.status;
const place = (look: Evidence): string => {
  if (look.userRows > 0) return 'history';
  if (look.pending !== undefined) return `pendingInputs (${look.pending})`;
  return look.inFlight ? 'inFlightRun' : 'nowhere';
};
const row = (cell: Cell): string =>
  [
    cell.loss,
    [cell.retry, cell.note].filter(Boolean).join(', '),
    cell.age,
    place(cell.before),
    cell.before.modelCalls,
    said(cell.answer),
    cell.after.modelCalls,
    cell.after.userRows,
    cell.after.answers,
    cell.after.status,
  ].join(' | ');

console.log(
  'lost | retry | session | key found in | model calls before | retry answered | model calls after | user rows | answers | session status',
);
for (const cell of [...alive, ...killed]) console.log(row(cell));
console.log('\nwaiting behind another run:');
for (const entry of await measureWaiting()) {
  const { age, whileWaiting, afterKill, answer, after } = entry;
  console.log(
    [age, place(whileWaiting), place(afterKill), afterKill.modelCalls, said(answer)].join(' | '),
    '|',
    after.modelCalls,
    after.answers,
    JSON.stringify(whileWaiting),
  );
}
