/** What is said when a fault of ours that nobody caught reaches the top of the process. */

/** What is left to work with when a fault was caught by nobody. */
export interface FaultTools {
  /** Takes the live secrets, and what has the shape of one, out of a text. */
  readonly redact: (text: string) => string;
  /** The app's log; does nothing as long as there is none. */
  readonly log: (line: string) => void;
  /** Ends the process with this code, at once. */
  readonly end: (code: number) => void;
}

/**
 * From now on a fault that nobody caught is told on standard error and in the log, without secrets, and
 * ends the process with code 1: what was agreed is on the disk, and the next start goes on from there.
 * Without this, Node and Electron would show the error's own text.
 * https://nodejs.org/api/process.html#event-uncaughtexception (rejections that nobody handled come here too)
 */
export function endOnFaults({ redact, log, end }: FaultTools): void {
  process.on('uncaughtException', (fault: unknown) => {
    const said = redact(`Peerage stopped, because of a fault of its own:\n${textOf(fault)}`);
    console.error(said);
    log(said);
    end(1);
  });
}

const DEEPEST_CAUSE = 5;

/** The stacks alone: further members of an error, bytes among them, could spell a secret as no redactor knows it. */
function textOf(fault: unknown, depth = 0): string {
  if (!(fault instanceof Error)) return String(fault);
  const stack = fault.stack ?? `${fault.name}: ${fault.message}`;
  if (fault.cause === undefined || depth === DEEPEST_CAUSE) return stack;
  return `${stack}\nbecause of ${textOf(fault.cause, depth + 1)}`;
}
