import { errorEntries } from './entry.ts';

/** Failures of taking over peers from the files of other tools. */
export const importErrors = errorEntries({
  'import.not_found': {
    severity: 'warning',
    title: 'There is no such file',
    remedy: 'Check the path. It must be complete, from the root of the disk or from ~.',
    retryable: true,
  },
  'import.unreadable': {
    severity: 'warning',
    title: 'The file could not be read',
    remedy: 'Check who owns the file and its permissions.',
    retryable: true,
  },
  'import.too_large': {
    severity: 'warning',
    title: 'The file is too large for a list of peers',
    remedy: 'Choose peer-config.md, tokens.json, registry.json or agent_state.json.',
    retryable: false,
  },
  'import.unknown_form': {
    severity: 'warning',
    title: 'The file is none of the known forms',
    remedy: 'Choose peer-config.md, tokens.json, registry.json or agent_state.json.',
    retryable: false,
  },
  'import.changed': {
    severity: 'warning',
    title: 'The file changed since it was shown',
    remedy: 'Look at it again, so that you see what is taken over.',
    retryable: true,
  },
  'import.expired': {
    severity: 'info',
    title: 'That preview is not held any more',
    remedy: 'Choose the file again.',
    retryable: true,
  },
  'import.not_deleted': {
    severity: 'problem',
    title: 'The file was not deleted',
    remedy: 'Delete it yourself. Its tokens still stand in it.',
    retryable: true,
  },
});
