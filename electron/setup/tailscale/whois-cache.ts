/** Answers of `whois`, kept for a while, so that a knocking caller does not start a program each time. */
import type { Clock } from '../../clock/clock.ts';
import { appError, fail, type Result } from '../../contract/index.ts';
import type { TailnetCaller } from './questions.ts';

/** As OpenClaw keeps them: a minute, and failures five seconds. */
const HOLDS_MS = 60_000;
const FAILURE_HOLDS_MS = 5_000;
const MOST_KEPT = 500;
/** Programs at once, and how many callers may wait for one. */
const AT_ONCE = 4;
const MOST_WAITING = 64;

type Answer = Result<TailnetCaller | null>;
type Ask = (address: string) => Promise<Answer>;

/** Wraps asking: kept answers, equal questions asked once, and a bound on how many are asked. */
export function whoisCache(clock: Clock, ask: Ask): Ask {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<Answer> }>();
  const waiting: (() => void)[] = [];
  let running = 0;

  const limited = async (address: string): Promise<Answer> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= MOST_WAITING) {
        return fail(appError('setup.tailscale_timeout', 'Too many callers ask at once.'));
      }
      // Whoever ends hands its place on.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await ask(address);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };

  return (address) => {
    const at = clock.monotonic();
    const held = kept.get(address);
    if (held && at < held.until) return held.answer;
    const answer = limited(address);
    // While it is under way everybody shares it.
    kept.delete(address);
    kept.set(address, { until: Number.POSITIVE_INFINITY, answer });
    void answer.then((result) => {
      const holds = result.ok && result.value !== null ? HOLDS_MS : FAILURE_HOLDS_MS;
      if (kept.get(address)?.answer === answer) {
        kept.set(address, { until: clock.monotonic() + holds, answer });
      }
    });
    if (kept.size > MOST_KEPT) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    return answer;
  };
}
