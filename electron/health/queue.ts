/** At most so many at once: what nobody waits for leaves room for what a person asked for. */
export interface ProbeQueue {
  /** Runs `task` when there is room. `urgent` goes before all that is not. Returns how to withdraw it. */
  add(task: () => Promise<void>, urgent: boolean): () => void;
  readonly inFlight: number;
}

/**
 * @param limit most tasks at once
 * @param reserved of these, kept free for urgent ones
 */
export function probeQueue(limit: number, reserved: number): ProbeQueue {
  const waiting = { urgent: [] as (() => Promise<void>)[], calm: [] as (() => Promise<void>)[] };
  let inFlight = 0;

  const next = (): (() => Promise<void>) | undefined => {
    if (inFlight >= limit) return undefined;
    return (
      waiting.urgent.shift() ?? (inFlight < limit - reserved ? waiting.calm.shift() : undefined)
    );
  };
  const pump = (): void => {
    for (let task = next(); task; task = next()) {
      inFlight++;
      const done = (): void => {
        inFlight--;
        pump();
      };
      task().then(done, done);
    }
  };

  return {
    add: (task, urgent) => {
      const line = urgent ? waiting.urgent : waiting.calm;
      line.push(task);
      pump();
      return () => {
        const at = line.indexOf(task);
        if (at >= 0) line.splice(at, 1);
      };
    },
    get inFlight() {
      return inFlight;
    },
  };
}
