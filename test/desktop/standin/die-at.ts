/**
 * Ends the process as SIGKILL does, at a step that the app's log names: between that line and the next
 * instruction, so that no test has to guess how long a step takes. The line itself is the app's own.
 */
import { format } from 'node:util';

/** From now on the process dies with the first line of its log that holds this text. */
export function dieAt(step: string): void {
  const tell = console.error;
  console.error = (...args: unknown[]): void => {
    tell(...args);
    if (format(...args).includes(step)) process.kill(process.pid, 'SIGKILL');
  };
}
