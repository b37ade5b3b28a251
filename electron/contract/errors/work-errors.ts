import { errorEntries } from './entry.ts';

/** Failures about peers. */
export const peerErrors = errorEntries({
  'peer.not_found': {
    severity: 'warning',
    title: 'There is no such peer',
    remedy: 'It may have been removed in another window.',
    retryable: false,
  },
  'peer.name_taken': {
    severity: 'warning',
    title: 'Another peer has this name',
    remedy: 'Give this one another name, so that messages cannot go astray.',
    retryable: false,
  },
  'peer.ambiguous': {
    severity: 'warning',
    title: 'More than one peer fits',
    remedy: 'Type more of the name, or pick one.',
    retryable: false,
  },
  'peer.undo_expired': {
    severity: 'info',
    title: 'It is too late to undo that',
    remedy: 'Add the peer again.',
    retryable: false,
  },
  'peer.provisioned': {
    severity: 'info',
    title: 'This peer comes from the configuration file',
    remedy: 'Change it in that file and start again.',
    retryable: false,
  },
  'link.not_found': {
    severity: 'warning',
    title: 'There is no such link',
    remedy: 'It may have been removed in another window.',
    retryable: false,
  },
  'setup.own_gateway_not_found': {
    severity: 'info',
    title: 'No OpenClaw was found for this user',
    remedy: 'Install OpenClaw, or type the address and token of the gateway.',
    retryable: true,
  },
  'setup.own_gateway_unreadable': {
    severity: 'warning',
    title: 'The OpenClaw configuration could not be read',
    remedy: 'Check the file, or type the address and token of the gateway.',
    retryable: true,
  },
  'setup.own_gateway_no_credential': {
    severity: 'warning',
    title: 'The OpenClaw configuration holds no token in plain form',
    remedy: 'Run openclaw gateway auth-token on this machine and paste what it prints.',
    retryable: false,
  },
  'setup.config_invalid': {
    severity: 'problem',
    title: 'The configuration file cannot be used',
    remedy: 'Mend the place that is named here, and start again.',
    retryable: false,
  },
});

/** Failures about threads, messages and attachments. */
export const conversationErrors = errorEntries({
  'thread.not_found': {
    severity: 'warning',
    title: 'There is no such thread',
    remedy: 'It may have been deleted in another window.',
    retryable: false,
  },
  'thread.no_link': {
    severity: 'problem',
    title: 'This thread has no link to send over',
    remedy: 'Add a link on the peer’s page.',
    retryable: false,
  },
  'thread.undo_expired': {
    severity: 'info',
    title: 'It is too late to undo that',
    remedy: 'The thread is gone here; the peer’s agent may still have its side.',
    retryable: false,
  },
  'message.not_found': {
    severity: 'warning',
    title: 'There is no such message',
    remedy: 'It may have been deleted in another window.',
    retryable: false,
  },
  'message.empty': {
    severity: 'info',
    title: 'There is nothing to send',
    remedy: 'Write something, or attach a file.',
    retryable: false,
  },
  'message.too_large': {
    severity: 'warning',
    title: 'The message is too long',
    remedy: 'Shorten it, send it in parts, or attach it as a file. The limit is a setting.',
    retryable: false,
  },
  'message.looks_secret': {
    severity: 'warning',
    title: 'This looks like a secret',
    remedy: 'Take it out: what was sent can be read over there for ever. Or send it anyway.',
    retryable: false,
  },
  'message.wrong_state': {
    severity: 'info',
    title: 'That cannot be done with this message any more',
    remedy: 'Look at its state: it went on in the meantime.',
    retryable: false,
  },
  'message.expired': {
    severity: 'problem',
    title: 'Given up: the peer could not be reached in time',
    remedy: 'Check the peer’s health, then send it again.',
    retryable: true,
  },
  'message.unknown_outcome': {
    severity: 'warning',
    title: 'It may have arrived, and nothing can tell',
    remedy: 'Ask over there, or choose: send it again (may be done twice), or take it as sent.',
    retryable: false,
  },
  'message.no_answer': {
    severity: 'warning',
    title: 'Received over there, but no answer came',
    remedy: 'The run was cut short on their side. Ask again if you still need it.',
    retryable: false,
  },
  'message.run_failed': {
    severity: 'problem',
    title: 'The agent over there failed on this one',
    remedy: 'The reason is shown above; it lies with their agent or model.',
    retryable: true,
  },
  'attachment.not_found': {
    severity: 'warning',
    title: 'That attachment is gone',
    remedy: 'Attach the file again.',
    retryable: false,
  },
  'attachment.too_large': {
    severity: 'warning',
    title: 'The file is larger than the gateway takes',
    remedy: 'Send a smaller file, or a link to it.',
    retryable: false,
  },
  'attachment.incomplete': {
    severity: 'warning',
    title: 'The file did not arrive whole',
    remedy: 'Attach it again.',
    retryable: true,
  },
});
