/** Delegations as A2A tasks. */
import { createHash } from 'node:crypto';
import {
  type Artifact,
  type Message,
  type Part,
  Role,
  type Task,
  type TaskStatus,
  taskStateFromJSON,
} from '@a2a-js/sdk';
import { assertNever, TASK_STATE_OF } from '../../contract/index.ts';
import { dataOf } from '../delegations/answer.ts';
import type { Delegation } from '../delegations/rows.ts';
import { errorForCaller } from '../delegations/run-end.ts';
import type { RunFile } from '../options.ts';

const textPart = (value: string): Part => ({
  content: { $case: 'text', value },
  metadata: undefined,
  filename: '',
  mediaType: 'text/plain',
});

const message = (
  d: Delegation,
  messageId: string,
  role: Role,
  text: string,
  metadata?: Record<string, unknown>,
): Message => ({
  messageId,
  contextId: d.contextId,
  taskId: d.id,
  role,
  parts: [textPart(text)],
  metadata,
  extensions: [],
  referenceTaskIds: [],
});

/** People read it in the thread of whoever asked, so it names no method of the wire. */
const HOW_TO_FOLLOW = 'Nothing needs to be done: the answer can be had once they decided.';

/** Why it waits, as far as it is meant for the caller. */
function waitingText({ held }: Delegation): { text: string; reason?: string } {
  switch (held?.code) {
    case 'policy.quiet':
      return {
        text: `It waits for a person, who has quiet hours now. ${HOW_TO_FOLLOW}`,
        reason: held.code,
      };
    case 'policy.hops':
    case 'policy.replies':
      return { text: `It waits for a person. ${held.detail} ${HOW_TO_FOLLOW}`, reason: held.code };
    default:
      return { text: `It waits for a person. ${HOW_TO_FOLLOW}` };
  }
}

/** What the caller is told besides the state. Reasons of ours are told only where they are meant for it. */
function statusText(d: Delegation): { text: string; reason?: string } | null {
  switch (d.state) {
    case 'proposed':
      return waitingText(d);
    case 'asked_back':
      return { text: d.question ?? '' };
    case 'accepted':
      return { text: 'Accepted; it begins when the agent is free.' };
    case 'in_progress':
      return { text: 'An agent works on it.' };
    case 'completed':
      return null;
    case 'failed': {
      const error = errorForCaller(d);
      return { text: error?.detail ?? 'It failed.', reason: error?.code ?? 'failed' };
    }
    case 'declined':
      return { text: d.decision?.reason || 'Declined.', reason: 'declined' };
    case 'cancelled':
      return d.error ? { text: d.error.detail, reason: d.error.code } : null;
    case 'expired':
      return { text: 'Nobody decided in time.', reason: 'expired' };
    default:
      return assertNever(d.state);
  }
}

/** Names the status' message: another one for each question, the same however often it is asked for. */
function statusId(d: Delegation): string {
  if (d.state !== 'asked_back') return `${d.id}:${d.state}`;
  const question = createHash('sha256').update(d.question ?? '');
  return `${d.id}:${d.state}:${question.digest('hex').slice(0, 12)}`;
}

/** The status as it stands. */
export function taskStatus(d: Delegation): TaskStatus {
  const told = statusText(d);
  return {
    state: taskStateFromJSON(TASK_STATE_OF[d.state]),
    message: told
      ? message(
          d,
          statusId(d),
          Role.ROLE_AGENT,
          told.text,
          told.reason === undefined ? undefined : { reason: told.reason },
        )
      : undefined,
    timestamp: new Date(d.changedAt).toISOString(),
  };
}

const artifact = (artifactId: string, name: string, part: Part): Artifact => ({
  artifactId,
  name,
  description: '',
  parts: [part],
  metadata: undefined,
  extensions: [],
});

/** The words as data where they are nothing but JSON, and the caller takes that. */
function answerPart(answer: string, takesData: boolean): Part {
  const value = takesData ? dataOf(answer) : undefined;
  return value === undefined
    ? textPart(answer)
    : {
        content: { $case: 'data', value },
        metadata: undefined,
        filename: '',
        mediaType: 'application/json',
      };
}

/** The agent's answer, once it is there: its words, and each file that came with them. */
export function taskArtifacts(d: Delegation, files: readonly RunFile[]): Artifact[] {
  if (d.answer === null) return [];
  const words =
    d.answer === ''
      ? []
      : [artifact(`${d.id}:answer`, 'Answer', answerPart(d.answer, d.takesData))];
  const brought = files.map(({ name, mediaType, data }, index) =>
    artifact(`${d.id}:file:${index}`, name, {
      content: { $case: 'raw', value: Buffer.from(data) },
      metadata: undefined,
      filename: name,
      mediaType,
    }),
  );
  return [...words, ...brought];
}

/** The whole task. `turns` oldest first; `historyLength` undefined = all of it. */
export function taskOf(
  d: Delegation,
  turns: readonly { author: string; message_id: string; text: string }[],
  historyLength: number | undefined,
  files: readonly RunFile[],
): Task {
  const all = turns.map((turn) =>
    message(
      d,
      turn.message_id,
      turn.author === 'caller' ? Role.ROLE_USER : Role.ROLE_AGENT,
      turn.text,
    ),
  );
  const history =
    historyLength === undefined ? all : historyLength <= 0 ? [] : all.slice(-historyLength);
  return {
    id: d.id,
    contextId: d.contextId,
    status: taskStatus(d),
    artifacts: taskArtifacts(d, files),
    history,
    metadata: undefined,
  };
}
