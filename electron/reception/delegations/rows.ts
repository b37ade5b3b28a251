/** A delegation as a row, and the row read. */
import {
  type AppError,
  AppError as AppErrorSchema,
  CallerProof,
  type DelegationId,
  DelegationPart,
  type DelegationPriority,
  type DelegationState,
  DelegationView,
  type PeerId,
} from '../../contract/index.ts';

/** How far the hand-over of an accepted one came. `begun` = the run may have reached the gateway. */
export type Phase = 'none' | 'begun' | 'taken';

/** What was decided, and whether by the person or by a policy; null, for none yet, is left out. */
export type Decision = NonNullable<DelegationView['decision']>;

/** A row, read. */
export interface Delegation {
  readonly row: number;
  readonly id: DelegationId;
  readonly peerId: PeerId | null;
  readonly caller: string;
  readonly proof: CallerProof;
  readonly contextId: string;
  readonly topic: string | null;
  readonly text: string;
  readonly textBytes: number;
  readonly bytes: number;
  readonly parts: readonly DelegationPart[];
  readonly priority: DelegationPriority;
  readonly deadlineAt: number | null;
  readonly expected: string | null;
  readonly hops: number;
  /** Messages before it that no person wrote. */
  readonly turns: number;
  /** Why it waits although its peer's policy lets work through. */
  readonly held: AppError | null;
  readonly state: DelegationState;
  readonly phase: Phase;
  readonly agentId: string | null;
  readonly sessionKey: string | null;
  readonly editedText: string | null;
  readonly decision: Decision | null;
  readonly question: string | null;
  readonly answer: string | null;
  readonly answerAt: number | null;
  /** The files that go with the answer. */
  readonly answerParts: readonly DelegationPart[];
  /** The caller said that it takes JSON as data. */
  readonly takesData: boolean;
  readonly error: AppError | null;
  readonly receivedAt: number;
  readonly changedAt: number;
  readonly startedAt: number | null;
  readonly snoozedUntil: number | null;
}

/** The columns of `delegations`. */
export interface Row {
  readonly row: number;
  readonly id: DelegationId;
  readonly peer_id: PeerId | null;
  readonly caller: string;
  readonly proof: string;
  readonly context_id: string;
  readonly topic: string | null;
  readonly text: string;
  readonly text_bytes: number;
  readonly bytes: number;
  readonly parts: string;
  readonly priority: DelegationPriority;
  readonly deadline_at: number | null;
  readonly expected: string | null;
  readonly hops: number;
  readonly turns: number;
  readonly held: string | null;
  readonly state: DelegationState;
  readonly phase: Phase;
  readonly agent_id: string | null;
  readonly session_key: string | null;
  readonly edited_text: string | null;
  readonly decision: string | null;
  readonly question: string | null;
  readonly answer: string | null;
  readonly answer_at: number | null;
  readonly answer_parts: string;
  readonly takes_data: number;
  readonly error: string | null;
  readonly received_at: number;
  readonly changed_at: number;
  readonly started_at: number | null;
  readonly snoozed_until: number | null;
}

const DecisionSchema = DelegationView.shape.decision.unwrap();

/** Reads a row. What we wrote ourselves parses, or the database was changed by another hand: throws. */
export const read = (row: Row): Delegation => ({
  row: row.row,
  id: row.id,
  peerId: row.peer_id,
  caller: row.caller,
  proof: CallerProof.parse(JSON.parse(row.proof)),
  contextId: row.context_id,
  topic: row.topic,
  text: row.text,
  textBytes: row.text_bytes,
  bytes: row.bytes,
  parts: DelegationPart.array().parse(JSON.parse(row.parts)),
  priority: row.priority,
  deadlineAt: row.deadline_at,
  expected: row.expected,
  hops: row.hops,
  turns: row.turns,
  held: row.held === null ? null : AppErrorSchema.parse(JSON.parse(row.held)),
  state: row.state,
  phase: row.phase,
  agentId: row.agent_id,
  sessionKey: row.session_key,
  editedText: row.edited_text,
  decision: row.decision === null ? null : DecisionSchema.parse(JSON.parse(row.decision)),
  question: row.question,
  answer: row.answer,
  answerAt: row.answer_at,
  answerParts: DelegationPart.array().parse(JSON.parse(row.answer_parts)),
  takesData: row.takes_data === 1,
  error: row.error === null ? null : AppErrorSchema.parse(JSON.parse(row.error)),
  receivedAt: row.received_at,
  changedAt: row.changed_at,
  startedAt: row.started_at,
  snoozedUntil: row.snoozed_until,
});

/** A value as a column holds it. */
export const json = (value: unknown): string | null =>
  value === null ? null : JSON.stringify(value);
