import { errorEntries } from './entry.ts';

/** Failures of what local agents ask for. */
export const agentErrors = errorEntries({
  'agent.denied': {
    severity: 'info',
    title: 'The person said no',
    remedy: 'Ask the person before you try it again.',
    retryable: false,
  },
  'agent.never': {
    severity: 'info',
    title: 'Agents may not write to this peer',
    remedy: 'The person can change that under Agents in the details of the peer.',
    retryable: false,
  },
  'agent.budget_spent': {
    severity: 'warning',
    title: 'Agents have sent what they may in a day',
    remedy: 'It goes on by itself tomorrow. The person can raise the number in Settings.',
    retryable: true,
  },
  'agent.too_many_waiting': {
    severity: 'warning',
    title: 'Too many requests wait for the person already',
    remedy: 'Wait until the person has decided some of them.',
    retryable: true,
  },
  'agent.not_decided': {
    severity: 'info',
    title: 'Nobody decided in time',
    remedy: 'Ask again when the person is there.',
    retryable: true,
  },
  'agent.request_not_found': {
    severity: 'info',
    title: 'There is no such request',
    remedy: 'It may be older than what is kept.',
    retryable: false,
  },
  'agent.file_changed': {
    severity: 'info',
    title: 'The shared file is another version meanwhile',
    remedy: 'Read it again, and put yours on top of that version.',
    retryable: false,
  },
  'agent.skill_refused': {
    severity: 'warning',
    title: 'The skill could not be changed',
    remedy: 'See the detail. Nothing that Peerage did not write was touched.',
    retryable: true,
  },
  'agent.mark_unknown': {
    severity: 'info',
    title: 'That place in what came in is not known',
    remedy: 'Read from the beginning again.',
    retryable: false,
  },
});

/** Failures of the command line that speaks to the app. */
export const doorErrors = errorEntries({
  'door.not_ours': {
    severity: 'problem',
    title: 'Another program holds the place where Peerage listens',
    remedy:
      'Nothing was said to it. If a Peerage from before an update still runs, quit it. Otherwise log out, or restart this machine, then start Peerage again; see who else uses this machine.',
    retryable: true,
  },
  'door.other_version': {
    severity: 'warning',
    title: 'The command and the app are of different versions',
    remedy: 'Update the older one, or restart the app after an update.',
    retryable: false,
  },
});
