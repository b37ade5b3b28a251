/** Tasks that came another way than through our own door: a relay passed them on. */
import { A2AError } from '@a2a-js/sdk/errors';
import { v7 } from 'uuid';
import {
  type AppError,
  type DelegationId,
  DelegationPriority,
  type DelegationState,
  RECEPTION_LIMITS,
} from '../contract/index.ts';
import { NotNow } from './a2a/not-now.ts';
import { textAlone } from './delegations/answer.ts';
import type { Caller } from './delegations/caller.ts';
import type { Delegations } from './delegations/delegations.ts';
import { errorForCaller } from './delegations/run-end.ts';

/** What was asked. Texts are untrusted. */
export interface TaskFromElsewhere {
  /** The same for the same message, however often it comes. */
  readonly messageId: string;
  /** The message of an earlier task to whose question this is the answer; null = a new task. */
  readonly about: string | null;
  /** What the sender calls the conversation; null = one of its own. */
  readonly contextId: string | null;
  readonly text: string;
  readonly topic: string | null;
  readonly priority: string;
  readonly deadlineAt: number | null;
  readonly expected: string | null;
  readonly hops: number;
  /** What came along, as JSON to read; null = nothing. */
  readonly data: string | null;
}

/** What became of it here; a task that was taken once is `taken` again, by the same id. */
export type TakenFromElsewhere =
  | { readonly kind: 'taken'; readonly id: DelegationId }
  /** In words for the sender. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How a delegation stands, for whoever asked for it. */
export interface DelegationOutcome {
  readonly state: DelegationState;
  readonly answer: string | null;
  readonly question: string | null;
  /** Why it was declined. */
  readonly reason: string;
  readonly error: AppError | null;
}

/** Rejects only where the database does; then it may come again. */
export async function takeFromElsewhere(
  delegations: Delegations,
  caller: Caller,
  task: TaskFromElsewhere,
): Promise<TakenFromElsewhere> {
  const textBytes = Buffer.byteLength(task.text);
  const data = task.data === null ? null : new TextEncoder().encode(task.data);
  const most = RECEPTION_LIMITS.textBytes;
  if (textBytes > most || (data?.byteLength ?? 0) > most) {
    return { kind: 'refused', reason: `It has more than ${most} bytes. Nothing was taken in.` };
  }
  const name = 'context';
  const mediaType = 'application/json';
  const priority = DelegationPriority.safeParse(task.priority);
  try {
    const d = await delegations.admit(caller, {
      messageId: task.messageId,
      contextId: task.contextId ?? v7(),
      taskId: askedBack(delegations, caller, task.about) ?? '',
      text: task.text,
      textBytes,
      bytes: textBytes + (data?.byteLength ?? 0),
      parts: data ? [{ kind: 'data', name, mediaType, bytes: data.byteLength, url: null }] : [],
      files: data ? [{ name, mediaType, data }] : [],
      topic: task.topic,
      priority: priority.success ? priority.data : 'normal',
      deadlineAt: task.deadlineAt,
      expected: task.expected,
      hops: task.hops,
      turns: null,
      takesData: false,
    });
    return { kind: 'taken', id: d.id };
  } catch (error) {
    if (error instanceof A2AError || error instanceof NotNow) {
      return { kind: 'refused', reason: error.message };
    }
    throw error;
  }
}

/**
 * The task that waits for the answer to our question, if it is this peer's, and the answer is proven as
 * well as the task was: its card says once who asks, for all that stands on it.
 */
function askedBack(
  { ledger }: Delegations,
  { peerId, proof }: Caller,
  about: string | null,
): DelegationId | null {
  const id = about && ledger.table.delegationOfMessage(peerId, about);
  const d = id ? ledger.table.byId(id) : null;
  if (d?.state !== 'asked_back') return null;
  if (proof.kind !== 'relay') return d.id;
  if (d.proof.kind !== 'relay' || proof.signed === 'wrong') return null;
  return d.proof.signed !== 'pinned' || proof.signed === 'pinned' ? d.id : null;
}

/** Null where it is gone. */
export function outcomeOf({ ledger }: Delegations, id: DelegationId): DelegationOutcome | null {
  const d = ledger.table.byId(id);
  if (!d) return null;
  const { state, question, decision } = d;
  const error = errorForCaller(d);
  const answer = d.answer === null ? null : textAlone(d.answer, d.answerParts);
  return { state, answer, question, error, reason: decision?.reason ?? '' };
}
