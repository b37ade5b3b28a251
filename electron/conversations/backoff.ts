const BASE_MS = 1_000;
const CAP_MS = 60_000;

/**
 * How long to wait before the next attempt: full jitter, so that many that failed together do not
 * come back together.
 * @param failures attempts in a row that failed, at least 1.
 * @param random from 0 (included) to 1 (excluded).
 * @param retryAfterMs what the other side asked for; never less than that.
 */
export function retryDelay(failures: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 16));
  return Math.max(Math.ceil(random * ceiling), retryAfterMs);
}
