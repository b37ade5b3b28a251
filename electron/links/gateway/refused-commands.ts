/**
 * Commands that OpenClaw refused to its agent. It refuses some without asking anybody, whatever the
 * session may do: with `tools.exec.mode: "ask"` whatever an approval cannot be tied to, such as a command
 * that writes through `>`. The agent is told by a tool result, and the run goes on without the command
 * (seen with 2026.9.6: `Exec denied (SYSTEM_RUN_DENIED: approval cannot safely bind this command): …`).
 */
import * as z from 'zod';

/** The most UTF-16 units of what is kept of one. */
const UNITS = 400;
/** The most of one run. */
export const MOST_REFUSED = 5;

const Result = z.object({
  role: z.literal('toolResult'),
  toolName: z.literal('exec'),
  isError: z.literal(true),
});

const DENIED = /^Exec denied\b/;
/** Nobody could be asked: the tool fails with a value in place of a text. */
const UNASKABLE = /(?:Exec approval registration failed|cannot wait for interactive exec approval)/;

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= UNITS ? line : `${line.slice(0, UNITS - 1).toWellFormed()}…`;
};

/**
 * What OpenClaw said as it refused a command, in one line; null where a row tells of none. Pure.
 * @param row of a transcript, as the gateway writes it
 * @param text of the row
 */
export function refusedCommand(row: unknown, text: string): string | null {
  if (!Result.safeParse(row).success) return null;
  if (DENIED.test(text)) return oneLine(text);
  const [said] = UNASKABLE.exec(text) ?? [];
  return said === undefined ? null : oneLine(`Exec denied: ${said}`);
}
