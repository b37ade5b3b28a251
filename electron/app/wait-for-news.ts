import type { Clock } from '../clock/clock.ts';
import type { ChangeKey } from '../contract/index.ts';
import type { ChangeFeed } from './change-feed.ts';

/** What is waited for: `look` reads it, `isNews` judges it, `waitMs` 0 = only look once. */
export interface NewsOptions<T> {
  readonly clock: Clock;
  readonly feed: Pick<ChangeFeed, 'onChange'>;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Whether a change can matter. */
  concerns(key: ChangeKey): boolean;
  look(): T;
  isNews(value: T): boolean;
}

/** Looks, and again with each change that matters, until there is news or the time is up. */
export function waitForNews<T>(options: NewsOptions<T>): Promise<T> {
  const { clock, feed, waitMs, signal, concerns, look, isNews } = options;
  const now = look();
  if (isNews(now) || waitMs === 0 || signal.aborted) return Promise.resolve(now);
  return new Promise((resolve, reject) => {
    let due = false;
    const end = (): void => {
      stopListening();
      disarm();
      signal.removeEventListener('abort', finish);
    };
    const finish = (): void => {
      end();
      try {
        resolve(look());
      } catch (error) {
        reject(error);
      }
    };
    // A commit tells of many changes in one turn: they are one look.
    const stopListening = feed.onChange((key) => {
      if (due || !concerns(key)) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        try {
          if (isNews(look())) finish();
        } catch (error) {
          end();
          reject(error);
        }
      });
    });
    const disarm = clock.after(waitMs, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
