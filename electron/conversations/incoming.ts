/** The life of an incoming message as a pure function: the first end that is seen is the end. */
import type { IncomingState } from '../contract/index.ts';

/** `lost` = its run is over, as we learned, and no end of it was ever seen. */
export type IncomingEvent = 'delta' | 'waits' | 'goes_on' | 'final' | 'stopped' | 'failed' | 'lost';

/** It has ended, and nothing changes that. `interrupted` is no end: the rest may still be found. */
export const isEnded = (state: IncomingState): boolean =>
  state === 'complete' || state === 'stopped' || state === 'failed';

/** More of it may come at any moment. */
export const isComing = (state: IncomingState): boolean =>
  state === 'streaming' || state === 'waiting_approval';

/** @returns the next state, or null where the event changes nothing or does not apply. */
export function reduceIncoming(state: IncomingState, event: IncomingEvent): IncomingState | null {
  if (isEnded(state)) return null;
  switch (event) {
    case 'delta':
      return state === 'streaming' ? null : 'streaming';
    case 'waits':
      return state === 'waiting_approval' ? null : 'waiting_approval';
    case 'goes_on':
      return state === 'waiting_approval' ? 'streaming' : null;
    case 'final':
      return 'complete';
    case 'stopped':
      return 'stopped';
    case 'failed':
      return 'failed';
    case 'lost':
      return state === 'interrupted' ? null : 'interrupted';
  }
}
