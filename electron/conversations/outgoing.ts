/**
 * The ladder of an outgoing message as a pure function. A confirmed rung (sent, delivered, answered)
 * never goes back; whatever was seen over there wins over what we believed here.
 */
import type { OutgoingState } from '../contract/index.ts';

/** Whether the agent over there still works on it. `none` = nothing is known of a run. */
export type RunState = 'none' | 'going' | 'ended';

/** What the ladder needs of a message: its rung, and how its run stands. */
export interface Outgoing {
  readonly state: OutgoingState;
  readonly run: RunState;
}

/**
 * What can happen to an outgoing message.
 * `lost` = the connection went, or we did, between sending and the acknowledgement.
 * `absent` = proven not to be over there. `seen` = proven to be over there.
 * `run_ended` = no answer of it will come any more. `run_lost` = nothing tells of its run any more,
 * nor whether it stands over there. The four before the last two are a person's; `handed` = the
 * fallback hook takes it, `given_back` = it did not.
 */
export type OutgoingEvent =
  | 'attempt'
  | 'acknowledged'
  | 'not_sent'
  | 'rejected'
  | 'lost'
  | 'absent'
  | 'seen'
  | 'run_going'
  | 'run_ended'
  | 'run_lost'
  | 'answered'
  | 'expired'
  | 'cancel'
  | 'retry'
  | 'send_again'
  | 'take_as_sent'
  | 'handed'
  | 'given_back';

/** How far a confirmed rung is up the ladder; 0 = nothing is confirmed. */
export function rung(state: OutgoingState): number {
  switch (state) {
    case 'sent':
      return 1;
    case 'delivered':
      return 2;
    case 'answered':
      return 3;
    case 'queued':
    case 'sending':
    case 'unknown':
    case 'failed':
    case 'cancelled':
    case 'handed':
      return 0;
  }
}

/** It has not reached the peer, and we still owe that. */
export const isWaiting = (state: OutgoingState): boolean =>
  state === 'queued' || state === 'sending' || state === 'unknown';

/** The agent over there works on it, as far as we know. */
export const isRunning = ({ state, run }: Outgoing): boolean =>
  run === 'going' && (state === 'sent' || state === 'delivered');

/**
 * True for what only a lane does to its own message: it began an attempt, or had it acknowledged. It
 * knows by itself what is next.
 */
export const isOwnStep = (move: {
  readonly before: Outgoing | null;
  readonly after: Outgoing;
}): boolean =>
  move.after.state === 'sending' ||
  (move.before?.state === 'sending' && move.after.state === 'sent');

/** Something is still to come of it. */
export const isOpen = (message: Outgoing): boolean =>
  isWaiting(message.state) || isRunning(message);

const raise = (now: Outgoing, run: RunState): Outgoing | null => {
  const next: Outgoing = { state: rung(now.state) > 2 ? now.state : 'delivered', run };
  return next.state === now.state && next.run === now.run ? null : next;
};

/** @returns the next state, or null where the event changes nothing or does not apply. */
export function reduceOutgoing(now: Outgoing, event: OutgoingEvent): Outgoing | null {
  const { state, run } = now;
  switch (event) {
    case 'attempt':
      return state === 'queued' ? { state: 'sending', run: 'none' } : null;
    case 'acknowledged':
      return state === 'sending' || state === 'unknown' ? { state: 'sent', run: 'going' } : null;
    case 'not_sent':
      return state === 'sending' ? { state: 'queued', run: 'none' } : null;
    case 'rejected':
      return state === 'sending' ? { state: 'failed', run: 'none' } : null;
    case 'lost':
      return state === 'sending' ? { state: 'unknown', run: 'none' } : null;
    case 'absent':
      if (state === 'unknown') return { state: 'queued', run: 'none' };
      // Acknowledged, and then lost over there. It is not sent again by itself: a person is told.
      if (state === 'sent') return { state: 'failed', run: 'ended' };
      return isRunning(now) ? { state, run: 'ended' } : null;
    case 'seen':
      return raise(now, run === 'none' ? 'going' : run);
    case 'run_going':
      return rung(state) > 2 ? null : raise(now, 'going');
    case 'run_ended':
      return raise(now, 'ended');
    case 'run_lost':
      return isRunning(now) ? { state, run: 'ended' } : null;
    case 'answered':
      return state === 'answered' ? null : { state: 'answered', run: 'ended' };
    case 'expired':
      return state === 'queued' ? { state: 'failed', run: 'none' } : null;
    case 'cancel':
      return state === 'queued' ? { state: 'cancelled', run: 'none' } : null;
    case 'retry':
      return state === 'failed' || state === 'handed' ? { state: 'queued', run: 'none' } : null;
    case 'send_again':
      return state === 'unknown' ? { state: 'queued', run: 'none' } : null;
    case 'take_as_sent':
      return state === 'unknown' ? { state: 'sent', run: 'ended' } : null;
    case 'handed':
      return state === 'queued' ? { state: 'handed', run: 'none' } : null;
    case 'given_back':
      return state === 'handed' ? { state: 'queued', run: 'none' } : null;
  }
}
