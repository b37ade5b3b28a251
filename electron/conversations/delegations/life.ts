/**
 * The life of a delegation of ours as a pure function. What the other side says wins over what we
 * believe; what is over stays over, unless only its way there had failed.
 */
import { type DelegationState, isOver, type StateSource } from '../../contract/index.ts';

/** How a delegation stands, and who said so: that decides what may still change it. */
export interface Life {
  readonly state: DelegationState;
  readonly from: StateSource;
}

/** What can happen to it. `worksAtOnce` = the link hands a message to the agent without asking anybody. */
export type LifeEvent =
  | { readonly kind: 'acknowledged'; readonly worksAtOnce: boolean }
  /** Its message was refused, or waited too long. */
  | { readonly kind: 'undelivered' }
  /** Its message was taken back before it left. */
  | { readonly kind: 'taken_back' }
  /** Its message is in the queue again. */
  | { readonly kind: 'queued_again' }
  | { readonly kind: 'told'; readonly state: DelegationState; readonly by: 'wire' | 'answer' }
  /** Nothing will ever tell how it ended. */
  | { readonly kind: 'lost' }
  /** We wrote again in its thread: an answer to its question, or more about it. */
  | { readonly kind: 'continued' }
  | { readonly kind: 'marked'; readonly state: 'completed' | 'failed' | 'cancelled' };

const same = (a: Life, b: Life): boolean => a.state === b.state && a.from === b.from;

/** @returns how it stands then, or null where nothing changes. */
export function reduceLife(now: Life, event: LifeEvent): Life | null {
  const next = step(now, event);
  return next === null || same(now, next) ? null : next;
}

function step(now: Life, event: LifeEvent): Life | null {
  const undelivered = now.state === 'failed' && now.from === 'delivery';
  switch (event.kind) {
    case 'queued_again':
      return undelivered ? { state: 'proposed', from: 'delivery' } : null;
    case 'told':
      if (isOver(now.state) && !undelivered) return null;
      return { state: event.state, from: event.by };
    case 'marked':
      return isOver(now.state) && !undelivered ? null : { state: event.state, from: 'person' };
    default:
      break;
  }
  if (isOver(now.state)) return null;
  switch (event.kind) {
    case 'acknowledged':
      return event.worksAtOnce && now.state === 'proposed'
        ? { state: 'in_progress', from: 'delivery' }
        : null;
    case 'undelivered':
    case 'lost':
      return { state: 'failed', from: 'delivery' };
    case 'taken_back':
      return { state: 'cancelled', from: 'delivery' };
    case 'continued':
      return now.state === 'asked_back' ? { state: 'proposed', from: 'delivery' } : null;
  }
}
