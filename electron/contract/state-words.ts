/** How work stands, in words for a person: the states' own names are for programs. */
import type { DelegationState } from './a2a.ts';

const WORDS: Readonly<Record<DelegationState, string>> = {
  proposed: 'It waits for a decision.',
  asked_back: 'It waits for an answer to a question.',
  accepted: 'It was accepted, and has not begun yet.',
  in_progress: 'An agent works on it.',
  completed: 'It was answered.',
  failed: 'It failed.',
  declined: 'It was declined.',
  cancelled: 'It was stopped or taken back.',
  expired: 'Its time ran out.',
};

/** One sentence about how a delegation stands, of either direction. */
export const stateSentence = (state: DelegationState): string => WORDS[state];
