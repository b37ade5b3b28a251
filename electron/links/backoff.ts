/** Full-jitter back-off, 1 s to 60 s (design: the delivery promise). @param random 0 ≤ n < 1 */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(60_000, 1000 * 2 ** Math.min(failures, 10));
  return Math.max(200, Math.round(ceiling * random()));
}
