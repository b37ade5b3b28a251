import type { DelegationView } from '../../../electron/contract/index.ts';

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
      return 'your agent works on it';
    case 'completed':
      return decision?.by === 'policy' ? 'let through by your policy, answered' : 'answered';
    case 'failed':
      return 'failed';
    case 'declined':
      return decision?.reason ? `declined: ${decision.reason}` : 'declined';
    case 'cancelled':
      return 'taken back by them';
    case 'expired':
      return 'its time ran out';
  }
}
