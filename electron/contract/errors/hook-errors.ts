import { errorEntries } from './entry.ts';

/** Failures about the fallback hook. */
export const hookErrors = errorEntries({
  'hook.not_set': {
    severity: 'info',
    title: 'No fallback hook is set for this peer',
    remedy: 'Set one in Settings, Fallback.',
    retryable: false,
  },
  'hook.program_missing': {
    severity: 'warning',
    title: 'The hook’s program cannot be run',
    remedy: 'Give the whole path of a file that may be executed.',
    retryable: false,
  },
  'hook.program_unsafe': {
    severity: 'problem',
    title: 'Others on this machine can change the hook’s program',
    remedy: 'Take their permission to write to the file or its folder away, or choose another.',
    retryable: false,
  },
  'hook.has_files': {
    severity: 'info',
    title: 'A hook carries text only',
    remedy: 'The message has files; it waits for its link.',
    retryable: false,
  },
  'hook.not_now': {
    severity: 'info',
    title: 'This message is not one for the hook now',
    remedy: 'A hook takes what waits for a peer that cannot be reached.',
    retryable: false,
  },
  'hook.failed': {
    severity: 'warning',
    title: 'The fallback hook did not take it',
    remedy: 'The message is back in the outbox. See what the hook wrote, and test it in Settings.',
    retryable: true,
  },
  'hook.unseen': {
    severity: 'warning',
    title: 'Nobody saw how the fallback hook ended',
    remedy:
      'It may have passed the message on. Ask there, or send it over the link: it may be done twice.',
    retryable: false,
  },
});
