import type {
  BroadcastRow,
  BroadcastView,
  OutgoingState,
} from '../../../electron/contract/index.ts';
import { counted } from '../../words/count.ts';
import type { Shape } from '../../words/states.ts';

/** The shape of a row's state. */
export function rowShape(state: OutgoingState | null): Shape {
  switch (state) {
    case 'answered':
    case 'delivered':
    case 'sent':
    case 'handed':
      return 'up';
    case 'queued':
    case 'sending':
      return 'partial';
    case 'failed':
    case 'unknown':
      return 'needs_you';
    case 'cancelled':
      return 'blocked';
    case null:
      return 'down';
  }
}

/** How many messages are on their way, there, or in trouble. */
export function standing({ counts }: Pick<BroadcastView, 'counts'>) {
  return {
    waiting: counts.queued + counts.sending,
    there: counts.sent + counts.delivered + counts.answered,
    trouble: counts.failed + counts.unknown,
  };
}

/** How a broadcast stands, in one line: *Done. 3 answered, 1 not sent.* */
export function summary(broadcast: BroadcastView): string {
  const { counts } = broadcast;
  const parts = [
    [counts.queued + counts.sending, 'on its way', 'on their way'],
    [counts.unknown, 'may have arrived', 'may have arrived'],
    [counts.failed, 'not sent', 'not sent'],
    [counts.answered, 'answered', 'answered'],
    [counts.sent + counts.delivered, 'arrived, no answer yet', 'arrived, no answer yet'],
    [counts.handed, 'handed to the hook', 'handed to the hook'],
    [counts.cancelled, 'taken back', 'taken back'],
    [counts.gone, 'deleted here since', 'deleted here since'],
  ] as const;
  const said = parts
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${number.toLocaleString()} ${number === 1 ? one : many}`);
  const of = counted(broadcast.recipients, 'recipient');
  return `${broadcast.done ? 'Done' : 'Under way'}. Of ${of}: ${said.join(', ')}.`;
}

/** Which rows are shown. */
export type RowFilter = 'all' | 'waiting' | 'trouble' | 'there' | 'out';

/** Does the row belong there? */
export function fits(row: BroadcastRow, filter: RowFilter): boolean {
  const { state } = row;
  switch (filter) {
    case 'all':
      return true;
    case 'waiting':
      return state === 'queued' || state === 'sending';
    case 'trouble':
      return state === 'failed' || state === 'unknown';
    case 'there':
      return (
        state === 'sent' || state === 'delivered' || state === 'answered' || state === 'handed'
      );
    case 'out':
      return row.leftOut !== null;
  }
}
