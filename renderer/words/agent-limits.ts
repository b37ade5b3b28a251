import type { AgentLimit, LinkView } from '../../electron/contract/index.ts';
import { sentence } from './sentence.ts';

/** What cannot be had over a link; the last two are a gateway's (docs/delivery-matrix.md). */
export type Limit = AgentLimit | 'answers_in_text' | 'no_approvals';

const limitWords: Readonly<Record<Limit, string>> = {
  whole_answers: 'says its answer whole, when it is done',
  no_stop: 'cannot be stopped from here',
  forgets_on_restart: 'forgets its tasks when it restarts',
  text_only: 'takes text and no files',
  no_consent: 'begins at once: nobody over there is asked first, and nobody asks back',
  answers_in_text: 'answers with text, and keeps its files',
  no_approvals: 'leaves out commands that its person would have to allow',
};

/** What an agent cannot do, as one sentence; empty where nothing is known to be missing. */
export const limitsSentence = (limits: readonly Limit[]): string =>
  limits.length === 0 ? '' : `It ${limits.map((limit) => limitWords[limit]).join('; it ')}.`;

const shortWords: Readonly<Record<Limit, string>> = {
  whole_answers: 'answers come whole',
  no_stop: 'cannot be stopped',
  forgets_on_restart: 'forgets on restart',
  text_only: 'text only',
  no_consent: 'nobody there is asked first',
  answers_in_text: 'answers in text only',
  no_approvals: 'skips commands that need a yes',
};

/** The same in a few words, for a narrow place. */
export function limitsLine(limits: readonly Limit[]): string {
  const line = limits.map((limit) => shortWords[limit]).join(' · ');
  return sentence(line);
}

/** What is known to be missing on a link to somebody else's agents. */
export function limitsOf({ kind, card }: Pick<LinkView, 'kind' | 'card'>): readonly Limit[] {
  return kind === 'gateway'
    ? ['no_consent', 'no_approvals', 'answers_in_text']
    : (card?.limits ?? []);
}
