import { errorEntries } from './entry.ts';

/** Failures about broadcasts and groups. */
export const broadcastErrors = errorEntries({
  'broadcast.not_found': {
    severity: 'warning',
    title: 'There is no such broadcast',
    remedy: 'It may be older than what Settings keep.',
    retryable: false,
  },
  'broadcast.nobody': {
    severity: 'info',
    title: 'Nobody would get it',
    remedy: 'Choose other peers, or look at why each of them is left out.',
    retryable: false,
  },
  'group.not_found': {
    severity: 'warning',
    title: 'There is no such group',
    remedy: 'It may have been deleted in another window, or be spelled otherwise.',
    retryable: false,
  },
  'group.name_taken': {
    severity: 'warning',
    title: 'Another group has this name',
    remedy: 'Give this one another name.',
    retryable: false,
  },
  'group.undo_expired': {
    severity: 'info',
    title: 'It is too late to undo that',
    remedy: 'Make the group again.',
    retryable: false,
  },
});
