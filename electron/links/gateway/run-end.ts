/** How a run of an agent ended, as the gateway tells it and as its transcript shows it. Pure. */
import * as z from 'zod';
import { MOST_REFUSED } from './refused-commands.ts';
import type { ReadRow } from './rows.ts';

/** An answer to `agent.wait`. */
export const Waited = z.object({
  status: z.string().max(64),
  stopReason: z.string().optional().catch(undefined),
  error: z.unknown().optional(),
  terminalReply: z
    .object({ text: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** The words of the run's own failure, where it tells any. */
export function failureText(error: unknown): string {
  if (typeof error === 'string') return error.slice(0, 500);
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message.slice(0, 500) : 'The run ended with an error.';
}

/** What followed a message of ours, up to the next message that somebody put in. */
export function after(rows: readonly ReadRow[], index: number): readonly ReadRow[] {
  const later = rows.slice(index + 1);
  const end = later.findIndex((row) => row.role === 'user' || row.inputKey !== null);
  return end < 0 ? later : later.slice(0, end);
}

/** What the agent said in a run; null = nothing. */
export function answerIn(rows: readonly ReadRow[]): string | null {
  const spoken = rows.filter(
    (row) => row.role === 'assistant' && row.text !== '' && row.ended !== 'error',
  );
  return spoken.length === 0 ? null : spoken.map((row) => row.text).join('\n\n');
}

/** What was refused to it on the way, each once. */
export const refusedIn = (rows: readonly ReadRow[]): readonly string[] =>
  [...new Set(rows.flatMap(({ refused }) => refused ?? []))].slice(0, MOST_REFUSED);
