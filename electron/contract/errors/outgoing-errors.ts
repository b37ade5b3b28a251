import { errorEntries } from './entry.ts';

/** Failures about delegations that we give to others. */
export const outgoingErrors = errorEntries({
  'outgoing.not_found': {
    severity: 'warning',
    title: 'There is no such delegation',
    remedy: 'Its thread may have been deleted, or it is older than what is kept.',
    retryable: false,
  },
  'outgoing.over': {
    severity: 'info',
    title: 'This delegation is over already',
    remedy: 'Send a new one if you still need it.',
    retryable: false,
  },
  'outgoing.cannot_cancel': {
    severity: 'warning',
    title: 'It could not be stopped over there',
    remedy: 'Try again when the peer is connected, or end it here only.',
    retryable: true,
  },
});
