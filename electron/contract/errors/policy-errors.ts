import { errorEntries } from './entry.ts';

/** Why something is not let through without the person. */
export const policyErrors = errorEntries({
  'policy.unasked': {
    severity: 'warning',
    title: 'This agent may run any command without asking',
    remedy: 'Have it ask first: set tools.exec.mode to “ask” for it in OpenClaw, then try again.',
    retryable: true,
  },
  'policy.unproven': {
    severity: 'warning',
    title: 'Nobody can tell whether this agent asks before it runs a command',
    remedy: 'Check that the own gateway runs on this machine and can be reached, then try again.',
    retryable: true,
  },
  'policy.no_agent': {
    severity: 'warning',
    title: 'No agent was chosen',
    remedy: 'Choose the agent that may be reached without asking you.',
    retryable: false,
  },
  'policy.agent_not_allowed': {
    severity: 'warning',
    title: 'This peer may not reach that agent',
    remedy: 'Choose another agent, or allow this one in the peer’s details.',
    retryable: false,
  },
  'policy.fixed': {
    severity: 'info',
    title: 'The configuration file says otherwise',
    remedy: 'Change what it says for this peer, then start the app again.',
    retryable: false,
  },
  'policy.tasks_used': {
    severity: 'info',
    title: 'Today’s tasks are used up',
    remedy: 'Decide about this one yourself, or raise the budget in the peer’s details.',
    retryable: false,
  },
  'policy.minutes_used': {
    severity: 'info',
    title: 'Today’s minutes are used up',
    remedy: 'Decide about this one yourself, or raise the budget in the peer’s details.',
    retryable: false,
  },
  'policy.quiet': {
    severity: 'info',
    title: 'It came in quiet hours',
    remedy: 'Nothing is let through by itself then. Decide about it when it suits you.',
    retryable: false,
  },
  'policy.hops': {
    severity: 'warning',
    title: 'It came through too many gateways',
    remedy: 'Agents may be passing it around. Look before you let it through.',
    retryable: false,
  },
  'policy.replies': {
    severity: 'warning',
    title: 'Agents have written to each other long enough',
    remedy: 'No person wrote for a while. Look before you let it go on.',
    retryable: false,
  },
  'policy.changed': {
    severity: 'info',
    title: 'The policy of this peer was changed meanwhile',
    remedy: 'Decide about this one yourself.',
    retryable: false,
  },
  'policy.chain_ended': {
    severity: 'warning',
    title: 'This chain of agents ends here',
    remedy: 'Write to the peer yourself if it is to go on.',
    retryable: false,
  },
});
