import type { RungMeaning } from '../link.ts';

/** What each rung means on this wire; docs/delivery.md holds the tested table. */
export const RUNGS: RungMeaning = {
  queued: 'Safe on this machine; it has not left yet.',
  sending: 'Handed to the connection; the relay has not said anything yet.',
  sent: 'The relay has it. Whether the agent fetched it, a relay does not tell.',
  delivered: 'The agent said that it works on it.',
  answered: 'The answer has come whole.',
  failed: 'The relay refused it, or it was given up.',
  unknown:
    'The relay may have it. Another Peerage knows a message by its id, so it is sent again there; of any other agent you are asked.',
  cancelled: 'Taken back before it left.',
  handed: 'The fallback hook of this machine took it; this link did not carry it.',
};
