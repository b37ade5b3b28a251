/** One kind of failure, as the registry knows it. docs/errors.md is generated from these. */
export interface ErrorEntry {
  readonly severity: 'info' | 'warning' | 'problem';
  /** What happened, at most about 60 characters. */
  readonly title: string;
  /** What to do, one or two sentences; shown unless a better one is given where it happens. */
  readonly remedy: string;
  /** Whether trying the same again can help. */
  readonly retryable: boolean;
}

/** Keeps the literal keys, so that codes are a union and not just strings. */
export const errorEntries = <T extends Record<string, ErrorEntry>>(entries: T): T => entries;
