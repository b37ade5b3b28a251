/** The words for what cannot be reached, for each kind of link that has its own. */
import { type AppError, appError, type LinkState, type OfflineCause } from '../contract/index.ts';
import { type LinkActions, retryIn } from './link-trouble-text.ts';

interface Reach {
  readonly host: string;
  readonly actions: LinkActions;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * Says why a link has no connection; null for a cause that `words` does not know.
 * @param words what each cause means; `HOST` stands for the host and port
 * @param advice what the person can do about it
 */
export function describeNotReached(
  state: Extract<LinkState, { kind: 'offline' }>,
  { host, actions, now }: Reach,
  words: Readonly<Partial<Record<OfflineCause, string>>>,
  advice: string,
): { text: string; error: AppError } | null {
  const text = words[state.cause];
  if (text === undefined) return null;
  return {
    text: text.replace('HOST', host),
    error: appError(`link.${state.cause}`, state.detail || `Tried ${host}.`, {
      remedy: { text: advice, actions: actions.reconnect('Try now') },
      ...retryIn(state.retryAt, now),
    }),
  };
}
