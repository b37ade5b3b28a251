/** What the last run left in the middle of something. */
import { interrupt } from './answers.ts';
import type { Deadlines } from './deadlines.ts';
import type { Parts } from './parts.ts';
import type { Stops } from './stops.ts';
import type { Totals } from './totals.ts';

/** The parts that hold in memory what is open. */
export interface RecoverOptions {
  readonly parts: Parts;
  readonly totals: Pick<Totals, 'load'>;
  readonly stops: Pick<Stops, 'load'>;
  readonly deadlines: Pick<Deadlines, 'note'>;
}

/**
 * Reads what is open, and nothing else. What was on its way when the last run ended becomes unknown, and
 * answers that were coming are marked as broken off.
 */
export async function recover({ parts, totals, stops, deadlines }: RecoverOptions): Promise<void> {
  const open = parts.messages.open.all();
  totals.load(open);
  parts.tracker.load();
  stops.load();
  for (const row of open) if (row.direction === 'out') deadlines.note(row);
  const cut = open.filter((row) => row.direction === 'in' || row.state === 'sending');
  if (cut.length === 0) return;
  await parts.ledger.write((tx) => {
    for (const row of cut) {
      if (row.direction === 'in') interrupt(parts, tx, row);
      else tx.move(row, 'lost', {});
    }
  });
}
