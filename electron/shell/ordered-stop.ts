/** The ordered end: one step after the other, within a time that the person and systemd will wait. */

/**
 * One step of the end. `name` stands in the log; a step that throws does not keep the next from
 * running.
 */
export interface StopStep {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** From the signal to the end of the process. */
export const STOP_WITHIN_MS = 3_000;
/** Kept for the steps after one that hangs. */
const RESERVE_MS = 200;

/**
 * Runs the steps in order. A step that fails or takes too long is named in the log, and the next one
 * begins: the socket and the redirect file go away whatever the rest does.
 * @returns true when every step ended well.
 */
export async function stopInOrder(
  steps: readonly StopStep[],
  log: (line: string) => void,
  limitMs = STOP_WITHIN_MS,
): Promise<boolean> {
  const end = performance.now() + limitMs;
  let well = true;
  for (const [index, step] of steps.entries()) {
    const reserve = RESERVE_MS * (steps.length - index);
    const left = Math.max(RESERVE_MS / 2, end - performance.now() - reserve);
    log(`stop: ${step.name}`);
    const outcome = await withinTime(step, left);
    if (outcome === null) continue;
    well = false;
    log(`stopping: ${step.name} ${outcome}`);
  }
  return well;
}

async function withinTime(step: StopStep, ms: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`took longer than ${Math.round(ms)} ms`), ms);
  });
  const done = (async () => {
    try {
      await step.run();
      return null;
    } catch (error) {
      return `failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  })();
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same key press may arrive twice: from the terminal, and passed on by npm. */
const SAME_PRESS_MS = 500;

/**
 * Resolves at the first Ctrl-C, SIGTERM or SIGHUP, or when the script that started us is gone. Who
 * asks a second time does not want to wait: that ends the process at once.
 */
export function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let askedAt: number | null = null;
    const hear = (signal: string): void => {
      const now = performance.now();
      if (askedAt !== null && now - askedAt > SAME_PRESS_MS) {
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
      askedAt ??= now;
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
    if (process.connected) process.once('disconnect', () => hear('disconnect'));
  });
}
