import { errorEntries } from './entry.ts';

/** Failures of relays and of the files that are shared over them. */
export const relayErrors = errorEntries({
  'link.not_a_relay': {
    severity: 'problem',
    title: 'No relay that Peerage can talk to answers there',
    remedy: 'Check the address and the port. A ClawLink relay usually listens on port 9077.',
    retryable: true,
  },
  'link.agent_silent': {
    severity: 'warning',
    title: 'The relay has not heard of this agent lately',
    remedy:
      'The relay is well and keeps what you send. Ask the person over there whether the agent runs.',
    retryable: false,
  },
  'relay.not_found': {
    severity: 'problem',
    title: 'This relay is not in your list',
    remedy: 'It may have been removed. Look at the list of relays.',
    retryable: false,
  },
  'relay.undo_expired': {
    severity: 'info',
    title: 'It is too late to undo that',
    remedy: 'Add the relay again.',
    retryable: false,
  },
  'relay.which': {
    severity: 'warning',
    title: 'It is not clear which relay is meant',
    remedy: 'Name the relay, or add one first.',
    retryable: false,
  },
  'relay.already_added': {
    severity: 'warning',
    title: 'This relay is in your list already',
    remedy: 'Open it there, and change what is to be changed.',
    retryable: false,
  },
  'relay.agent_unknown': {
    severity: 'warning',
    title: 'The relay does not list this agent',
    remedy: 'Look again when it is online.',
    retryable: false,
  },
  'relay.key_differs': {
    severity: 'problem',
    title: 'The agent announces another key than the one you compared',
    remedy: 'Compare the fingerprint again with the person over there before you trust it.',
    retryable: false,
  },
  'relay.not_signed': {
    severity: 'problem',
    title: 'It is not signed with the key that you compared',
    remedy: 'Ask the person over there by another way whether they sent it.',
    retryable: false,
  },
  'relay.late': {
    severity: 'info',
    title: 'It was signed days ago, and a relay passes it on only now',
    remedy:
      'A relay can keep what was signed and bring it again. Look whether you know it already.',
    retryable: false,
  },
  'relay.unproven': {
    severity: 'info',
    title: 'A relay passed it on, and nothing proves who sent it',
    remedy: 'It always waits for you. Compare keys with this peer to have its messages proven.',
    retryable: false,
  },
  'relay.refused': {
    severity: 'problem',
    title: 'The relay refused it',
    remedy: 'What it said is shown above.',
    retryable: false,
  },
  'relay.invalid_answer': {
    severity: 'problem',
    title: 'The relay’s answer makes no sense',
    remedy: 'Check that a ClawLink relay runs there, and tell the person who runs it.',
    retryable: true,
  },
  'relay.too_large': {
    severity: 'problem',
    title: 'It is larger than the relay takes',
    remedy: 'A relay takes one megabyte at most. Shorten it, or share it in parts.',
    retryable: false,
  },
  'relay.no_files': {
    severity: 'problem',
    title: 'A relay carries text only',
    remedy: 'Put what matters into the text, or save the file under Shared files.',
    retryable: false,
  },
  'relay.cannot_stop': {
    severity: 'warning',
    title: 'What a relay has passed on cannot be stopped',
    remedy: 'Write to the agent that it need not go on.',
    retryable: false,
  },
  'relay.unreachable': {
    severity: 'problem',
    title: 'The relay cannot be reached now',
    remedy: 'Try again when it is connected.',
    retryable: true,
  },
  'relay.broadcast_unclear': {
    severity: 'warning',
    title: 'It is not known whether the relay told it',
    remedy:
      'Send it again from here: a relay of Peerage tells it once, and so do the Peerages that read it. Other clients may see it twice.',
    retryable: true,
  },
  'files.not_found': {
    severity: 'warning',
    title: 'No file is shared under this name',
    remedy: 'It may be spelled otherwise, or the relay was started anew and forgot it.',
    retryable: false,
  },
  'files.bad_name': {
    severity: 'warning',
    title: 'A shared file cannot have this name',
    remedy: 'Use letters, digits, spaces, dots, dashes and slashes, and no step up (..).',
    retryable: false,
  },
  'files.unreadable': {
    severity: 'warning',
    title: 'This file cannot be read',
    remedy: 'A folder cannot be shared: share the files in it.',
    retryable: false,
  },
  'files.empty': {
    severity: 'warning',
    title: 'An empty file cannot be shared',
    remedy: 'Relays refuse empty content. Write at least one line.',
    retryable: false,
  },
  'files.not_held': {
    severity: 'warning',
    title: 'This version never passed through Peerage',
    remedy: 'Only versions that were loaded or saved here can be shown again.',
    retryable: false,
  },
});
