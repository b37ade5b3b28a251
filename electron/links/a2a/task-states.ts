/** Task states as the official client numbers them (`lf.a2a.v1`), by their names in the contract. */
import type { Task, TaskStatus } from '@a2a-js/sdk';
import {
  type A2aTaskState,
  DELEGATION_STATE_OF,
  type DelegationState,
} from '../../contract/index.ts';

/** Protobuf numbers never change their meaning; 0 and what is not here are no state that we know. */
const STATES: Readonly<Record<number, A2aTaskState>> = {
  1: 'TASK_STATE_SUBMITTED',
  2: 'TASK_STATE_WORKING',
  3: 'TASK_STATE_COMPLETED',
  4: 'TASK_STATE_FAILED',
  5: 'TASK_STATE_CANCELED',
  6: 'TASK_STATE_INPUT_REQUIRED',
  7: 'TASK_STATE_REJECTED',
  8: 'TASK_STATE_AUTH_REQUIRED',
};

/**
 * What a state means for a run. `waits` = a person over there has to do something first. `asks` = it
 * goes on with our next message.
 */
export type Phase =
  | 'waits'
  | 'works'
  | 'asks'
  | 'completed'
  | 'failed'
  | 'rejected'
  | 'canceled'
  | 'nonsense';

/** @param waitsForPerson `submitted` means that with another Peerage; elsewhere it is any queue. */
export function phaseOf(status: TaskStatus | undefined, waitsForPerson: boolean): Phase {
  const state = status && STATES[status.state];
  if (!state) return 'nonsense';
  if (state === 'TASK_STATE_AUTH_REQUIRED') return 'waits';
  const delegation = DELEGATION_STATE_OF[state];
  switch (delegation) {
    case 'proposed':
      return waitsForPerson ? 'waits' : 'works';
    case 'accepted':
    case 'in_progress':
      return 'works';
    case 'asked_back':
      return 'asks';
    case 'completed':
      return 'completed';
    case 'failed':
    case 'expired':
      return 'failed';
    case 'declined':
      return 'rejected';
    case 'cancelled':
      return 'canceled';
  }
}

/** What a status means for the work; null = it says nothing that we know. */
export function workOf(status: TaskStatus | undefined): DelegationState | null {
  const state = status && STATES[status.state];
  if (!state) return null;
  // Our reception fails what nobody decided on in time, and says why.
  if (state === 'TASK_STATE_FAILED' && status.message?.metadata?.reason === 'expired') {
    return 'expired';
  }
  return DELEGATION_STATE_OF[state];
}

/** True while more is to come of it. */
export const isGoing = (phase: Phase): phase is 'waits' | 'works' =>
  phase === 'waits' || phase === 'works';

const TASK_ID = /^[\x21-\x7e]{1,256}$/;

/** True for an id that can be kept and asked for. */
export const isTaskId = (id: Task['id']): boolean => TASK_ID.test(id);
