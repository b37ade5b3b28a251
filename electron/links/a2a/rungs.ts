import type { RungMeaning } from '../link.ts';

/** What each rung means on this wire; docs/delivery.md holds the tested table. */
export const RUNGS: RungMeaning = {
  queued: 'Safe on this machine; it has not left yet.',
  sending: 'Handed to the connection; the agent has not said anything yet.',
  sent: 'The agent said that it has it.',
  delivered: 'The agent works on it, or a person over there looks at it.',
  answered: 'The answer, or a question back, has come whole.',
  failed: 'The agent refused it, or it was given up.',
  unknown:
    'It may have arrived. Another Peerage knows a message by its id, so it is sent again there; of any other agent you are asked.',
  cancelled: 'Taken back before it left.',
  handed: 'The fallback hook of this machine took it; this link did not carry it.',
};
