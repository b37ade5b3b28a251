/** What the end of a run makes of its delegation. */
import { type AppError, appError, assertNever, type DelegationPart } from '../../contract/index.ts';
import type { RunFile, RunOutcome } from '../options.ts';
import { type Answer, dataOf } from './answer.ts';
import type { Delegation } from './rows.ts';

/** How a run ended; an answer with the files that it brings, and what was refused on the way to it. */
export type RunEnd =
  | Extract<RunOutcome, { kind: 'failed' | 'aborted' | 'cannot_tell' }>
  | { readonly kind: 'silent'; readonly refused: readonly string[] }
  | ({ readonly kind: 'answered'; readonly refused: readonly string[] } & Answer);

/** What the run itself does not tell of its end. */
export interface EndOptions {
  /** Somebody wished it to be stopped. */
  readonly halted: boolean;
  /** When it ended, ms since the epoch. */
  readonly at: number;
  /** Writes the files of an answer down. @returns how the delegation names them */
  readonly keep: (files: readonly RunFile[]) => DelegationPart[];
}

const COMMAND_REFUSED = 'reception.command_refused';
const NO_ANSWER = 'It took the work, and no answer came.';

/**
 * The answer as it goes back. Whoever asked should know why something may be missing; which command it
 * was is told to the person here alone.
 */
function withRefusals(text: string, refused: readonly string[]): string {
  // What is data stays data.
  if (refused.length === 0 || dataOf(text) !== undefined) return text;
  const what = refused.length === 1 ? 'a command' : `${refused.length} commands`;
  const note = `(The agent was refused ${what} over here, so some of it may not be done.)`;
  return [text, note].filter((part) => part !== '').join('\n\n');
}

/** What went wrong, as far as whoever asked for it is told; null = nothing. */
export function errorForCaller({
  state,
  error,
}: Pick<Delegation, 'state' | 'error'>): AppError | null {
  // What was refused on the way to an answer is for the person here.
  if (state === 'completed') return null;
  if (error?.code !== COMMAND_REFUSED) return error;
  return appError('reception.run_failed', `${NO_ANSWER} It was refused commands over here.`);
}

/** What changes of a delegation that is under way. Inside `store.write`. */
export function endChanges(
  found: RunEnd,
  now: Delegation,
  { halted, at, keep }: EndOptions,
): Partial<Delegation> {
  switch (found.kind) {
    case 'answered':
      return {
        state: 'completed',
        answer: withRefusals(found.text, found.refused),
        answerAt: at,
        answerParts: keep(found.files),
        error:
          found.refused.length === 0 ? null : appError(COMMAND_REFUSED, found.refused.join(' · ')),
      };
    case 'silent': {
      if (halted) return { state: 'cancelled', error: null };
      const error =
        found.refused.length === 0
          ? appError('reception.run_failed', NO_ANSWER)
          : appError(COMMAND_REFUSED, `${NO_ANSWER} ${found.refused.join(' · ')}`);
      return { state: 'failed', error };
    }
    case 'aborted':
      return now.error?.code === 'policy.minutes_used'
        ? { state: 'failed' }
        : { state: 'cancelled', error: null };
    case 'failed':
      // OpenClaw may tell of a run that was stopped as of one that failed.
      return halted
        ? { state: 'cancelled', error: null }
        : { state: 'failed', error: appError('reception.run_failed', found.detail) };
    case 'cannot_tell':
      return { state: 'failed', error: appError('reception.outcome_unknown', found.detail) };
    default:
      return assertNever(found);
  }
}
