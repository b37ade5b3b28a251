import { errorEntries } from './entry.ts';

/** Failures of the reception and of the work that came through it. */
export const receptionErrors = errorEntries({
  'reception.off': {
    severity: 'info',
    title: 'The reception is off',
    remedy: 'Switch it on, so that others can reach this app.',
    retryable: false,
  },
  'reception.port_taken': {
    severity: 'problem',
    title: 'The reception cannot use its port',
    remedy: 'Another program uses it. Choose another port, or end that program.',
    retryable: true,
  },
  'reception.listen_failed': {
    severity: 'problem',
    title: 'The reception cannot listen',
    remedy: 'Read the reason. Choosing another port or address may help.',
    retryable: true,
  },
  'reception.no_tailnet': {
    severity: 'warning',
    title: 'This machine has no tailnet address',
    remedy: 'Join Tailscale first. Until then the reception listens on this machine only.',
    retryable: true,
  },
  'reception.delegation_not_found': {
    severity: 'warning',
    title: 'There is no such delegation',
    remedy: 'It may have ended, or been removed with its peer.',
    retryable: false,
  },
  'reception.already_decided': {
    severity: 'info',
    title: 'This was decided before',
    remedy: 'It may have been done in another window, or from its notification.',
    retryable: false,
  },
  'reception.empty_answer': {
    severity: 'info',
    title: 'The answer is empty',
    remedy: 'Write something, or add a file.',
    retryable: false,
  },
  'reception.answer_too_large': {
    severity: 'problem',
    title: 'The answer is too large',
    remedy: 'Shorten it, or send fewer or smaller files.',
    retryable: false,
  },
  'reception.not_running': {
    severity: 'info',
    title: 'There is nothing to stop',
    remedy: 'The work has ended.',
    retryable: false,
  },
  'reception.no_own_gateway': {
    severity: 'problem',
    title: 'There is no own gateway to hand this to',
    remedy: 'Connect the OpenClaw gateway of this machine first.',
    retryable: true,
  },
  'reception.gateway_down': {
    severity: 'warning',
    title: 'The own gateway cannot be reached',
    remedy: 'The work goes on by itself when the gateway answers again.',
    retryable: true,
  },
  'reception.gateway_refused': {
    severity: 'problem',
    title: 'The own gateway did not take this',
    remedy: 'Read the reason. You can accept it again with another agent.',
    retryable: false,
  },
  'reception.outcome_unknown': {
    severity: 'problem',
    title: 'Nobody can tell whether the agent did this',
    remedy: 'Look at the session on your gateway. It is not done twice by itself.',
    retryable: false,
  },
  'reception.command_refused': {
    severity: 'warning',
    title: 'OpenClaw refused a command of your agent’s',
    remedy:
      'The agent went on without it. OpenClaw refuses by its own rules, and asks nobody, where it cannot tie an approval to a command, such as one that writes through “>”. Have the agent do it another way, or change what it may run in OpenClaw.',
    retryable: false,
  },
  'reception.run_failed': {
    severity: 'problem',
    title: 'The agent did not finish',
    remedy: 'Read the reason; the caller was told that it failed.',
    retryable: false,
  },
  'reception.not_answered': {
    severity: 'info',
    title: 'There is no answer to send',
    remedy: 'Wait until your agent has answered.',
    retryable: false,
  },
  'reception.expired': {
    severity: 'info',
    title: 'Nobody decided in time',
    remedy: 'The caller was told. It can ask again.',
    retryable: false,
  },
  'reception.peer_gone': {
    severity: 'info',
    title: 'The partnership was ended',
    remedy: 'Nothing of this peer is taken in any more.',
    retryable: false,
  },
});

/** Failures of invites: each says exactly why this one cannot be used. */
export const inviteErrors = errorEntries({
  'invite.not_an_invite': {
    severity: 'warning',
    title: 'This is not an invite',
    remedy: 'Copy the whole text that begins with peerage://invite/ and paste it here.',
    retryable: false,
  },
  'invite.truncated': {
    severity: 'warning',
    title: 'A part of the invite is missing',
    remedy: 'Copy it again from its first to its last character, or scan the code.',
    retryable: false,
  },
  'invite.tampered': {
    severity: 'problem',
    title: 'This invite was changed on its way',
    remedy: 'Do not use it. Ask for another one, over another way.',
    retryable: false,
  },
  'invite.unknown_version': {
    severity: 'warning',
    title: 'This invite is of a newer Peerage',
    remedy: 'Update the app, then use the invite again.',
    retryable: false,
  },
  'invite.expired': {
    severity: 'warning',
    title: 'This invite has expired',
    remedy:
      'Invites are good for ten minutes. Ask for a new one. Is this one new, the clock of one of the two machines is wrong.',
    retryable: false,
  },
  'invite.used': {
    severity: 'warning',
    title: 'This invite was used before',
    remedy:
      'Each invite is good for one use. Ask for a new one. Was it not used by you, tell the other side.',
    retryable: false,
  },
  'invite.other_machine': {
    severity: 'warning',
    title: 'This invite is for another machine',
    remedy: 'Use it on the machine that it was made for, or ask for one for this machine.',
    retryable: false,
  },
  'invite.own': {
    severity: 'warning',
    title: 'This invite was made here',
    remedy: 'Give it to the other side: it is to be used there.',
    retryable: false,
  },
  'invite.unreachable': {
    severity: 'problem',
    title: 'The other side cannot be reached',
    remedy:
      'Check that the other machine is on, that its reception listens, and that both are in the same tailnet, or one is shared with the other.',
    retryable: true,
  },
  'invite.wrong_identity': {
    severity: 'problem',
    title: 'Somebody else answers at that address',
    remedy: 'Do not go on. Ask the other side for a new invite.',
    retryable: false,
  },
  'invite.refused': {
    severity: 'warning',
    title: 'The other side did not take the invite',
    remedy: 'It may have been cancelled over there. Ask for a new one.',
    retryable: false,
  },
  'invite.rejected': {
    severity: 'warning',
    title: 'One side said no',
    remedy: 'Nothing was exchanged. If the words differed, somebody may be in between.',
    retryable: false,
  },
  'invite.ended_there': {
    severity: 'warning',
    title: 'The other side ended the invite',
    remedy:
      'Ask them why: they said that the words differ, stopped waiting, or let their time run out. Nothing was exchanged. If the words differ again with a new invite, somebody stands in between.',
    retryable: false,
  },
  'invite.not_found': {
    severity: 'warning',
    title: 'There is no such invite',
    remedy: 'It has ended. Make a new one.',
    retryable: false,
  },
  'invite.not_now': {
    severity: 'info',
    title: 'This cannot be done with the invite now',
    remedy: 'It is at another step, or it has ended.',
    retryable: false,
  },
  'invite.too_many': {
    severity: 'warning',
    title: 'Too many invites are open',
    remedy: 'Cancel one, or wait until they expire.',
    retryable: false,
  },
  'invite.protocol': {
    severity: 'problem',
    title: 'The other side answered in a way that is not understood',
    remedy: 'Update both apps, then try a new invite.',
    retryable: false,
  },
});
