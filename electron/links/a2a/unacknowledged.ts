/** Messages of which no task is known that could be asked for. */
import { type AppError, appError } from '../../contract/index.ts';
import type { SettleOutcome } from '../link.ts';

/** Runs that were over with the agent's first word have no task that could be asked for. */
export const isMessageRun = (runId: string): boolean => runId.startsWith('message:');

/** Only the person can say what became of it. */
export const cannotTell = (error: AppError): SettleOutcome => ({ kind: 'cannot_tell', error });

/** A message of which no task is known: only another Peerage can be given it again without harm. */
export function unacknowledged(
  live: { readonly waitsForPerson: boolean },
  runId: string | null,
): SettleOutcome {
  if (runId === null && live.waitsForPerson) return { kind: 'absent' };
  const detail =
    runId === null
      ? 'The connection broke before the agent said anything, and it cannot be asked for messages.'
      : 'The agent answered at once and keeps no task of it; the answer was lost with the app.';
  return cannotTell(appError('message.unknown_outcome', detail));
}

/** Said where an agent no longer knows a task that it had taken. */
export const lostTask = (): AppError =>
  appError(
    'a2a.task_lost',
    'It took the message and no longer knows of it: it was most likely restarted in between, and keeps its tasks in memory only.',
  );
