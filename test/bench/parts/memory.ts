/** What a process holds after everything that is garbage went. */
export interface Memory {
  /** Heap, and what lies outside of it for objects on it, bytes. */
  readonly held: number;
  readonly rss: number;
}

/** Answers each message from the bench with {@link Memory}. Needs `--expose-gc`. */
export function answerMemory(): void {
  process.on('message', () => {
    globalThis.gc?.();
    // What a first collection frees may free more.
    setTimeout(() => {
      globalThis.gc?.();
      const { heapUsed, external, rss } = process.memoryUsage();
      process.send?.({ held: heapUsed + external, rss } satisfies Memory);
    }, 50);
  });
}
