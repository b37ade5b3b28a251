import {
  type AgentPolicy,
  assertNever,
  type RequestView,
} from '../../../electron/contract/index.ts';

/** The three things that a rule can say; and that there is none. */
export const policyWords: Readonly<Record<AgentPolicy | 'none', string>> = {
  none: 'No rule',
  ask: 'Ask me',
  allow: 'Allow',
  never: 'Never',
};

/** As many recipients are named where there is one line. */
export const NAMED_IN_HEAD = 3;

/** To whom, in a few words. */
export function toWhom(request: RequestView): string {
  const names = request.recipients.slice(0, NAMED_IN_HEAD).map((one) => one.name);
  const more = request.recipientCount - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

/** What became of a request, and by whom it was decided. */
export function outcomeWords({ state, decision }: RequestView): string {
  switch (state) {
    case 'waiting':
      return 'Waits for you';
    case 'sending':
    case 'done':
      return decision?.by === 'person' ? 'Approved by you' : 'Allowed by a rule';
    case 'denied':
      return decision?.reason ? `Denied by you: ${decision.reason}` : 'Denied by you';
    case 'refused':
      return refusedWords(decision?.by);
    case 'failed':
      return decision?.by === 'person' ? 'Approved by you, not sent' : 'Not sent';
    case 'expired':
      return 'Nobody decided within a day';
    default:
      return assertNever(state);
  }
}

function refusedWords(by: NonNullable<RequestView['decision']>['by'] | undefined): string {
  if (by === 'budget') return 'Refused: the day’s messages were used up';
  if (by === 'limit') return 'Refused: too many waited already';
  return 'Refused by a rule';
}
