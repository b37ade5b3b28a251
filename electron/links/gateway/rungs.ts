import type { RungMeaning } from '../link.ts';

/** What each rung means on this wire; docs/delivery.md holds the tested table. */
export const RUNGS: RungMeaning = {
  queued: 'Safe on this machine; it has not left yet.',
  sending: 'Handed to the connection; the gateway has not said anything yet.',
  sent: 'The gateway said that it has it.',
  delivered: 'It stands in the history of the agent over there.',
  answered: 'The answer has come whole.',
  failed: 'The gateway refused it, or it was given up.',
  unknown: 'It may have arrived; the history over there is asked before anything is sent again.',
  cancelled: 'Taken back before it left.',
  handed: 'The fallback hook of this machine took it; this link did not carry it.',
};
