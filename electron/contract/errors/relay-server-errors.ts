import { errorEntries } from './entry.ts';

/** Failures of the relay that this app, or `npm run relay`, is itself. */
export const relayServerErrors = errorEntries({
  'relay_server.no_token': {
    severity: 'problem',
    title: 'The relay needs a token',
    remedy: 'Give it one, or let it listen on this machine only.',
    retryable: false,
  },
  'relay_server.port_taken': {
    severity: 'problem',
    title: 'The relay cannot use its port',
    remedy: 'Another program uses it. Choose another port, or end that program.',
    retryable: true,
  },
  'relay_server.listen_failed': {
    severity: 'problem',
    title: 'The relay cannot listen',
    remedy: 'Read the reason. Choosing another port or address may help.',
    retryable: true,
  },
  'relay_server.foreign_address': {
    severity: 'problem',
    title: 'This machine has no such address',
    remedy: 'Choose one of the addresses that are shown.',
    retryable: false,
  },
});
