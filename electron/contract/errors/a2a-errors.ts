import { errorEntries } from './entry.ts';

/** Failures of talking to an agent over A2A. */
export const a2aErrors = errorEntries({
  'link.not_an_agent': {
    severity: 'problem',
    title: 'No A2A agent that Peerage can talk to answers there',
    remedy:
      'Check the address. For OpenClaw it is the gateway’s own, with channels.a2a switched on there.',
    retryable: true,
  },
  'link.card_changed': {
    severity: 'problem',
    title: 'Another agent answers at this address',
    remedy: 'Ask the person over there whether they changed it before you trust it.',
    retryable: false,
  },
  'a2a.rejected': {
    severity: 'warning',
    title: 'The other side declined it',
    remedy: 'Their reason is shown, where they gave one. Ask them, or write it differently.',
    retryable: false,
  },
  'a2a.failed': {
    severity: 'warning',
    title: 'The agent over there failed at it',
    remedy: 'What it said is shown. Send it again if you still need it.',
    retryable: false,
  },
  'a2a.task_lost': {
    severity: 'problem',
    title: 'The agent over there no longer knows this task',
    remedy: 'Its answer is lost. Send it again if you still need it; it may then be done twice.',
    retryable: false,
  },
  'a2a.invalid_answer': {
    severity: 'problem',
    title: 'The agent’s answer makes no sense',
    remedy: 'Tell the person over there. The work itself may have been done.',
    retryable: false,
  },
  'a2a.refused': {
    severity: 'problem',
    title: 'The agent refused the message',
    remedy: 'The reason is shown above.',
    retryable: false,
  },
  'a2a.held': {
    severity: 'info',
    title: 'It waits for a person over there, for a reason',
    remedy: 'Nothing to do: they see it, and decide.',
    retryable: false,
  },
  'a2a.not_now': {
    severity: 'info',
    title: 'The other side takes nothing in just now',
    remedy: 'Nothing to do: it is tried again later. Their reason is shown.',
    retryable: true,
  },
  'a2a.cannot_stop': {
    severity: 'warning',
    title: 'This agent did not let itself be stopped',
    remedy: 'OpenClaw refuses it by design. Ask the person over there; its answer comes as usual.',
    retryable: false,
  },
  'a2a.too_large': {
    severity: 'problem',
    title: 'The message is too large for an A2A agent',
    remedy: 'Shorten it, or send less with it.',
    retryable: false,
  },
  'a2a.no_files': {
    severity: 'problem',
    title: 'This agent takes no files',
    remedy: 'Put what matters into the text, and send it without files.',
    retryable: false,
  },
});
