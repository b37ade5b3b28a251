/** Hands a message to an agent, once, and tells how that ended. */
import type { Message, Part, Task } from '@a2a-js/sdk';
import {
  type AppError,
  appError,
  DELEGATION_EXTENSION,
  type DelegationNote,
} from '../../contract/index.ts';
import type { OutgoingEnvelope, OutgoingWork, SendOutcome } from '../link.ts';
import { takesFiles } from './card.ts';
import type { Standing } from './connector.ts';
import type { Failure } from './failures.ts';
import type { OpenStream } from './follow.ts';

/** OpenClaw and our reception cut or refuse text beyond this, bytes of UTF-8. */
export const TEXT_LIMIT_BYTES = 65_536;
/** OpenClaw and our reception refuse a request beyond this, bytes. */
export const REQUEST_LIMIT_BYTES = 1_048_576;
/** Files become a third larger in base64, and the message needs room too. */
export const FILE_LIMIT_BYTES = 700_000;

/** What a context is known by over there, and what it waits with. */
export interface Place {
  readonly contextId: string;
  /** The task that our message answers; null = it begins one. */
  readonly taskId: string | null;
}

/** How the agent took it. */
export type Taken =
  | { readonly kind: 'task'; readonly task: Task; readonly stream: OpenStream | null }
  | { readonly kind: 'message'; readonly message: Message };

/** Why a message cannot go to this agent at all; null = it can. */
export function unfit(envelope: OutgoingEnvelope, standing: Standing): AppError | null {
  const bytes = Buffer.byteLength(envelope.text);
  if (bytes > TEXT_LIMIT_BYTES) {
    return appError('a2a.too_large', `It has ${bytes} bytes; ${TEXT_LIMIT_BYTES} are taken.`);
  }
  if (envelope.attachments.length === 0) return null;
  if (!takesFiles(standing.card)) {
    return appError('a2a.no_files', 'Its card says that it takes text only.');
  }
  const files = envelope.attachments.reduce((sum, one) => sum + one.data.byteLength, 0);
  return files > FILE_LIMIT_BYTES
    ? appError('a2a.too_large', `Its files have ${files} bytes; ${FILE_LIMIT_BYTES} are taken.`)
    : null;
}

/** The message as it goes over the wire. Its id is our key, the same on every try. */
export function messageOf(
  envelope: OutgoingEnvelope,
  { contextId, taskId }: Place,
  toPeerage = false,
): Message {
  const note = noteOf(envelope, toPeerage);
  const blank = { metadata: undefined, filename: '', mediaType: '' };
  const files = envelope.attachments.map(
    ({ name, mimeType, data }): Part => ({
      ...blank,
      content: { $case: 'raw', value: Buffer.from(data) },
      filename: name,
      mediaType: mimeType,
    }),
  );
  const text: Part = { ...blank, content: { $case: 'text', value: envelope.text } };
  return {
    messageId: envelope.key,
    contextId,
    taskId: taskId ?? '',
    role: ROLE_USER,
    parts: envelope.text === '' && files.length > 0 ? files : [text, ...files],
    metadata: note ? { [DELEGATION_EXTENSION]: note } : undefined,
    extensions: note ? [DELEGATION_EXTENSION] : [],
    referenceTaskIds: [],
  };
}

/** What another Peerage need not read out of the text; how far a chain is means something to it alone. */
function noteOf(
  { work, chain }: Pick<OutgoingEnvelope, 'work' | 'chain'>,
  toPeerage: boolean,
): DelegationNote | null {
  const told = toPeerage && chain ? chain : null;
  if (!work) return told;
  return { ...workNote(work), ...(told ? { ...told, hops: Math.max(told.hops, work.hops) } : {}) };
}

const workNote = ({
  topic,
  priority,
  deadlineAt,
  expected,
  hops,
}: OutgoingWork): DelegationNote => ({
  topic,
  priority,
  hops,
  ...(deadlineAt === null ? {} : { deadlineAt }),
  ...(expected === '' ? {} : { expected }),
});

/** `Role.ROLE_USER` of `lf.a2a.v1`. */
const ROLE_USER = 1;

/** Sends; with a stream where the agent has one. @throws what `classify` reads */
export async function handOver(
  { client, streams, waitsForPerson }: Standing,
  message: Message,
  signal: AbortSignal,
): Promise<Taken> {
  const configuration = {
    // Another Peerage gives JSON as data to whoever says so; elsewhere a list may only narrow things.
    acceptedOutputModes: waitsForPerson ? ['text/plain', 'application/json', '*/*'] : [],
    taskPushNotificationConfig: undefined,
    returnImmediately: !streams,
  };
  const params = { tenant: '', message, configuration, metadata: undefined };
  if (!streams) {
    const result = await client.sendMessage(params, { signal });
    return 'messageId' in result
      ? { kind: 'message', message: result }
      : { kind: 'task', task: result, stream: null };
  }
  const hangUp = new AbortController();
  const giveUp = (): void => hangUp.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const events = client.sendMessageStream(params, { signal: hangUp.signal });
  const stream: OpenStream = { events, close: () => hangUp.abort() };
  try {
    const { value } = await events.next();
    const payload = value?.payload;
    switch (payload?.$case) {
      case 'task':
        return { kind: 'task', task: payload.value, stream };
      case 'message':
        stream.close();
        return { kind: 'message', message: payload.value };
      case 'statusUpdate': {
        const { taskId: id, contextId, status } = payload.value;
        const task = { id, contextId, status, artifacts: [], history: [], metadata: undefined };
        return { kind: 'task', task, stream };
      }
      case 'artifactUpdate': {
        const { taskId: id, contextId, artifact } = payload.value;
        const artifacts = artifact ? [artifact] : [];
        const status = { state: 2, message: undefined, timestamp: undefined };
        return {
          kind: 'task',
          task: { id, contextId, status, artifacts, history: [], metadata: undefined },
          stream,
        };
      }
      default:
        throw new Error('The stream ended before it said anything.');
    }
  } catch (error) {
    stream.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const notSent = (error: AppError, retryAfterMs?: number | null): SendOutcome => ({
  kind: 'not_sent',
  error,
  ...(retryAfterMs ? { retryAfterMs } : {}),
});

/** What a failure to hand it over means for the message. */
export function outcomeFor(failure: Failure): SendOutcome {
  switch (failure.kind) {
    case 'unreached':
      return notSent(appError(`link.${failure.cause}`, failure.detail));
    case 'tls_changed':
      return notSent(appError('link.tls_changed', 'It shows another certificate than before.'));
    case 'unauthorized':
      return notSent(appError('link.bad_credential', `HTTP status ${failure.status}.`));
    case 'rate_limited':
      return notSent(
        appError('link.rate_limited', 'It takes no more requests for a while.'),
        failure.retryAfterMs,
      );
    case 'busy':
      return notSent(appError('link.starting', failure.detail), failure.retryAfterMs);
    case 'not_now':
      return notSent(appError('a2a.not_now', failure.detail), failure.retryAfterMs);
    case 'version':
      return notSent(appError('link.protocol_mismatch', failure.detail));
    case 'refused':
    case 'unsupported':
      return { kind: 'rejected', error: appError('a2a.refused', failure.detail) };
    case 'task_unknown':
      return {
        kind: 'rejected',
        error: appError('a2a.task_lost', 'Its question is no longer open.'),
      };
    case 'stopped':
      return failure.reached
        ? { kind: 'unknown', error: appError('link.closed', 'It was broken off while sending.') }
        : notSent(appError('link.closed', 'It was broken off before it left.'));
    case 'lost':
      return {
        kind: 'unknown',
        error: appError(failure.timedOut ? 'link.request_timeout' : 'link.closed', failure.detail),
      };
    case 'invalid':
      return { kind: 'unknown', error: appError('a2a.invalid_answer', failure.detail) };
  }
}
