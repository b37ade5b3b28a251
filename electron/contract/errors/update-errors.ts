import { errorEntries } from './entry.ts';

/** Failures of updates of the app itself. */
export const updateErrors = errorEntries({
  'update.not_here': {
    severity: 'warning',
    title: 'This copy of Peerage does not update itself',
    remedy: 'Update it where it came from: the package manager, or the repository.',
    retryable: false,
  },
  'update.check_failed': {
    severity: 'warning',
    title: 'The update server could not be asked',
    remedy: 'Peerage tries again by itself. See whether this machine is online.',
    retryable: true,
  },
  'update.download_failed': {
    severity: 'warning',
    title: 'The update could not be downloaded',
    remedy: 'Nothing was changed. Peerage tries again by itself.',
    retryable: true,
  },
  'update.not_genuine': {
    severity: 'problem',
    title: 'The update is not what its makers published',
    remedy:
      'It was thrown away, and nothing was changed. Try again later; if it happens twice, report it.',
    retryable: false,
  },
  'update.no_room': {
    severity: 'problem',
    title: 'There is no room for the update',
    remedy: 'Free some space on the disk, then check again.',
    retryable: false,
  },
  'update.not_writable': {
    severity: 'problem',
    title: 'Peerage may not replace itself where it lies',
    remedy: 'Move it to a folder of yours, or install the new version by hand.',
    retryable: false,
  },
  'update.install_failed': {
    severity: 'problem',
    title: 'The update could not be installed',
    remedy: 'Peerage goes on as it is. Try again, or install the new version by hand.',
    retryable: false,
  },
});
