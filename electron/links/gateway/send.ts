/** One attempt to hand a message over, and what its end means. */

import * as z from 'zod';
import { appError } from '../../contract/index.ts';
import type { LinkLimits, OutgoingEnvelope, SendOutcome } from '../link.ts';
import { type Refusal, type Wire, WireError } from './wire.ts';

/** The acknowledgement takes some 20 ms; a busy gateway may need far longer. */
const ACK_LIMIT_MS = 30_000;
/** What JSON and the frame add to a message, generously. */
const FRAME_OVERHEAD = 4096;

const Ack = z.object({ runId: z.string().min(1).max(1024), status: z.string().max(64) });

/** Acknowledgements of a run that goes on; any other is of one that is over. */
export const BEGUN: ReadonlySet<string> = new Set([
  'started',
  'in_flight',
  'accepted',
  'unreadable',
]);

/** Limits before any hello told better: those that OpenClaw 2026.9.6 announces. */
export const DEFAULT_LIMITS: LinkLimits = {
  payloadBytes: 26_214_400,
  attachmentBytes: 19_464_192,
  imageBytes: 6_291_456,
};

function tooLarge(envelope: OutgoingEnvelope, limits: LinkLimits): SendOutcome | null {
  const reject = (
    code: 'attachment.too_large' | 'message.too_large',
    detail: string,
  ): SendOutcome => ({ kind: 'rejected', error: appError(code, detail) });
  let bytes = FRAME_OVERHEAD + Buffer.byteLength(JSON.stringify(envelope.text));
  for (const { name, mimeType, data } of envelope.attachments) {
    const limit = mimeType.startsWith('image/') ? limits.imageBytes : limits.attachmentBytes;
    if (data.byteLength > limit) {
      return reject('attachment.too_large', `${name} has ${data.byteLength} of ${limit} bytes.`);
    }
    bytes += Math.ceil(data.byteLength / 3) * 4 + name.length + 256;
  }
  if (bytes <= limits.payloadBytes) return null;
  const detail = `Together it is ${bytes} bytes; the gateway takes ${limits.payloadBytes} at once.`;
  return reject(
    envelope.attachments.length > 0 ? 'attachment.too_large' : 'message.too_large',
    detail,
  );
}

/** An error object in answer to `chat.send`. */
function refused(refusal: Refusal): SendOutcome {
  const detail = refusal.message.slice(0, 500);
  if (refusal.code === 'FORBIDDEN') {
    return { kind: 'rejected', error: appError('link.too_few_scopes', detail) };
  }
  if (/^Agent .* no longer exists/i.test(refusal.message)) {
    return { kind: 'rejected', error: appError('link.agent_missing', detail) };
  }
  // With a payload the gateway had begun: then only the history can tell how far it came.
  if (refusal.payload !== undefined && refusal.payload !== null) {
    return { kind: 'unknown', error: appError('link.request_failed', detail) };
  }
  if (refusal.retryable) {
    const { retryAfterMs } = refusal;
    const error = appError('link.starting', detail, {
      title: 'The gateway cannot take it now',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    return { kind: 'not_sent', error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (refusal.code === 'INVALID_REQUEST') {
    return { kind: 'rejected', error: appError('link.request_failed', detail) };
  }
  return { kind: 'unknown', error: appError('link.request_failed', detail) };
}

/** What a failed request means for the message in it. */
export function outcomeOf(error: unknown): SendOutcome {
  if (!(error instanceof WireError)) throw error;
  const { failure } = error;
  if (failure.kind === 'refused') return refused(failure.refusal);
  const what =
    failure.kind === 'timeout'
      ? appError('link.request_timeout', 'No acknowledgement came.')
      : failure.kind === 'aborted'
        ? appError('link.closed', 'Sending was broken off.')
        : appError('link.closed', 'The connection broke while it was being sent.');
  return { kind: failure.sent ? 'unknown' : 'not_sent', error: what };
}

/** The gateway took the message, or had taken it before under the same key. */
export type Acknowledged = Extract<SendOutcome, { kind: 'acknowledged' }> & {
  /** `ok` = the key was used before and its run is over: the answer is in the history. */
  readonly status: string;
};

/**
 * Sends a message under its key (`chat.send`). `queueMode: followup` gives it an answer of its own
 * when another run is going on; by default OpenClaw would put it into that run.
 */
export async function sendMessage(
  wire: Wire,
  envelope: OutgoingEnvelope,
  limits: LinkLimits,
  signal: AbortSignal,
): Promise<Acknowledged | SendOutcome> {
  const obstacle = tooLarge(envelope, limits);
  if (obstacle) return obstacle;
  const attachments = envelope.attachments.map(({ name, mimeType, data }) => ({
    type: mimeType.startsWith('image/') ? 'image' : 'file',
    mimeType,
    fileName: name,
    content: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  }));
  const params = {
    sessionKey: envelope.sessionKey,
    message: envelope.text,
    idempotencyKey: envelope.key,
    queueMode: 'followup',
    ...(attachments.length > 0 ? { attachments } : {}),
  };
  try {
    const answer = await wire.request('chat.send', params, { timeoutMs: ACK_LIMIT_MS, signal });
    const ack = Ack.safeParse(answer);
    // It answered `ok: true`, so it has it, whatever the rest looks like.
    if (!ack.success) return { kind: 'acknowledged', runId: envelope.key, status: 'unreadable' };
    return { kind: 'acknowledged', runId: ack.data.runId, status: ack.data.status };
  } catch (error) {
    return outcomeOf(error);
  }
}
