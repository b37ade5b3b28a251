import type {
  DelegationView,
  OutgoingDelegationView,
  OutgoingState,
} from '../../../electron/contract/index.ts';

/** What became of a delegation, in a few words. */
export function stateWords({ state, decision }: DelegationView): string {
  switch (state) {
    case 'proposed':
      return 'waits for you';
    case 'asked_back':
      return 'waits for their answer to your question';
    case 'accepted':
      return decision?.by === 'policy'
        ? 'let through by your policy, not begun yet'
        : 'accepted, not begun yet';
    case 'in_progress':
      return decision?.edited
        ? 'your agent works on the text as you edited it'
        : 'your agent works on it';
    case 'completed':
      if (decision?.what === 'answered') return 'answered by you';
      return decision?.by === 'policy' ? 'let through by your policy, answered' : 'answered';
    case 'failed':
      return 'failed';
    case 'declined':
      return decision?.reason ? `declined: ${decision.reason}` : 'declined';
    case 'cancelled':
      // Once it was accepted either side may have stopped it.
      return decision?.what === 'accepted' ? 'stopped' : 'taken back by them';
    case 'expired':
      return 'its time ran out';
  }
}

/** How work of ours at another's agent stands, in a few words. */
export function outgoingWords({
  state,
  stateFrom,
  delivery,
  running,
  linkKind,
  error,
}: OutgoingDelegationView): string {
  const byHand = stateFrom === 'person' ? ', you said' : '';
  switch (state) {
    case 'proposed':
      return onItsWay(delivery, linkKind === 'a2a');
    case 'asked_back':
      return 'waits for your answer';
    case 'accepted':
      return 'accepted, not begun yet';
    case 'in_progress':
      return running ? 'their agent works on it' : 'they say that it is in progress';
    case 'completed':
      return `done${byHand}`;
    case 'failed':
      return `failed${byHand}`;
    case 'declined':
      return error?.detail ? `declined: ${error.detail}` : 'declined';
    case 'cancelled':
      return stateFrom === 'person' ? 'ended here by you' : 'stopped';
    case 'expired':
      return 'nobody there decided in time';
  }
}

function onItsWay(delivery: OutgoingState, decides: boolean): string {
  switch (delivery) {
    case 'queued':
      return 'waits to be sent';
    case 'sending':
      return 'is being sent';
    case 'unknown':
      return 'not known whether it arrived';
    case 'failed':
      return 'could not be sent';
    case 'cancelled':
      return 'taken back';
    case 'handed':
      return 'handed to your fallback hook';
    case 'sent':
    case 'delivered':
    case 'answered':
      return decides ? 'waits for them to decide' : 'waits over there';
  }
}
