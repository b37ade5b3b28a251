import type { AgentLimit } from '../../electron/contract/index.ts';

const limitWords: Readonly<Record<AgentLimit, string>> = {
  whole_answers: 'says its answer whole, when it is done',
  no_stop: 'cannot be stopped from here',
  forgets_on_restart: 'forgets its tasks when it restarts',
  text_only: 'takes text and no files',
};

/** What an agent cannot do, as one sentence; empty where nothing is known to be missing. */
export const limitsSentence = (limits: readonly AgentLimit[]): string =>
  limits.length === 0 ? '' : `It ${limits.map((limit) => limitWords[limit]).join('; it ')}.`;

const shortWords: Readonly<Record<AgentLimit, string>> = {
  whole_answers: 'answers come whole',
  no_stop: 'no stop',
  forgets_on_restart: 'forgets on restart',
  text_only: 'text only',
};

/** The same in a few words, for a narrow place. */
export const limitsLine = (limits: readonly AgentLimit[]): string =>
  limits.map((limit) => shortWords[limit]).join(' · ');
