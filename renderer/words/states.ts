import type {
  IncomingState,
  LinkStateKind,
  OutgoingState,
  PeerStatus,
  RungStatus,
} from '../../electron/contract/index.ts';

/** The five shapes that a state can have; colour only repeats what they say. */
export type Shape = 'up' | 'partial' | 'needs_you' | 'down' | 'blocked';

/** The shape of a peer's status. */
export function peerShape(status: PeerStatus): Shape {
  switch (status) {
    case 'up':
      return 'up';
    case 'connecting':
    case 'degraded':
      return 'partial';
    case 'needs_you':
      return 'needs_you';
    case 'down':
      return 'down';
    case 'blocked':
      return 'blocked';
  }
}

/** The shape of a link's state. */
export function linkShape(kind: LinkStateKind): Shape {
  switch (kind) {
    case 'online':
      return 'up';
    case 'connecting':
    case 'starting':
    case 'restarting':
    case 'rate_limited':
    case 'degraded':
      return 'partial';
    case 'needs_approval':
    case 'bad_credential':
    case 'revoked':
    case 'needs_secret':
    case 'protocol_mismatch':
      return 'needs_you';
    case 'identity_changed':
      return 'blocked';
    case 'idle':
    case 'offline':
      return 'down';
  }
}

/** A link's state in a word or two. */
export const linkWord: Readonly<Record<LinkStateKind, string>> = {
  idle: 'Not connected',
  connecting: 'Connecting',
  starting: 'Starting over there',
  needs_approval: 'Needs approval',
  online: 'Up',
  degraded: 'Limited',
  restarting: 'Restarting',
  rate_limited: 'Asked to wait',
  bad_credential: 'Token refused',
  revoked: 'Revoked',
  identity_changed: 'Identity changed',
  protocol_mismatch: 'Different version',
  needs_secret: 'Needs its secret',
  offline: 'Offline',
};

/** An outgoing message's state in a word or two. */
export const outgoingWord: Readonly<Record<OutgoingState, string>> = {
  queued: 'Queued',
  sending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  answered: 'Answered',
  failed: 'Not sent',
  unknown: 'May have arrived',
  cancelled: 'Taken back',
  handed: 'Handed to the hook',
};

/** What that state means, for the hover. */
export const outgoingMeaning: Readonly<Record<OutgoingState, string>> = {
  queued: 'Stored on this machine. It goes out when the peer can be reached.',
  sending: 'On its way; nothing has come back yet.',
  sent: 'Their gateway said that it has it.',
  delivered: 'It stands in the history over there.',
  answered: 'Their agent answered it.',
  failed: 'It was refused or given up. It is not tried again by itself.',
  unknown:
    'The connection was lost at the wrong moment. The history over there can tell, if anything.',
  cancelled: 'You took it back before it left.',
  handed: 'Your fallback hook has it. No link sends it unless you say so.',
};

/** A message of ours that they asked something about, instead of answering it: in a word or two, and for the hover. */
export const ASKED_BACK = {
  word: 'Asked back',
  meaning: 'They asked something about it. What you write next here answers them.',
} as const;

/** What is said beside an incoming message, where there is something to say. */
export const incomingWord: Readonly<Record<IncomingState, string | null>> = {
  streaming: 'Writing',
  waiting_approval: 'Waits for an approval over there',
  complete: null,
  stopped: 'Stopped by you',
  failed: 'Failed over there',
  interrupted: 'Cut off; the end never came',
};

/** A rung's status in a word. */
export const rungWord: Readonly<Record<RungStatus, string>> = {
  ok: 'Well',
  slow: 'Slow',
  failed: 'Failed',
  needs_you: 'Needs you',
  checking: 'Checking',
  skipped: 'Skipped',
  not_checked: 'Not checked yet',
  not_needed: 'Not needed',
};
