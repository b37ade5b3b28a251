/** A task on its way to an agent of a relay: how it is written and signed, and what became of it. */
import type { Clock } from '../../clock/clock.ts';
import { type AppError, appError } from '../../contract/index.ts';
import type { OutgoingEnvelope, SendOutcome } from '../link.ts';
import type { RelayFailure } from './failures.ts';
import type { RelayTask, SentLedger } from './options.ts';
import { prove, type RelaySigner } from './signing.ts';
import { statusOf } from './status.ts';
import { taskOf } from './task-text.ts';

/** What writing a task needs of the link. */
export interface BodyOptions {
  /** The agent's id at the relay. */
  readonly agentId: string;
  /** As whom we are there. */
  readonly us: () => string;
  readonly ledger: Pick<SentLedger, 'byMessage'>;
  /** Null while the device's key cannot be had: then nothing is signed. */
  readonly signer: () => Promise<RelaySigner | null>;
  readonly clock: Clock;
}

/** What the relay is given of an envelope, signed where we can. */
export async function bodyOf(
  envelope: OutgoingEnvelope,
  { agentId: to, us, ledger, signer: readSigner, clock }: BodyOptions,
): Promise<RelayTask> {
  const { key, sessionKey, lastRunId } = envelope;
  const { task, priority, rest } = taskOf(envelope);
  const before = lastRunId ? ledger.byMessage(lastRunId) : null;
  const asked = before?.sessionKey === sessionKey && before.answer !== null;
  const about = asked && statusOf(before.answer.status) === 'asks' ? before.key : '';
  const signer = await readSigner();
  if (!signer) return { task, priority, context: { ...rest, peerage: { key } } };
  const proof = prove(signer, {
    what: 'task',
    from: us(),
    to,
    key,
    about,
    mode: priority,
    at: clock.now(),
    text: task,
    rest,
  });
  return { task, priority, context: { ...rest, peerage: proof } };
}

/**
 * What a failure of `/delegate` says of the task.
 * @param said the failure for a person; it holds no secret.
 */
export function outcomeOf(failure: RelayFailure, said: AppError): SendOutcome {
  switch (failure.kind) {
    case 'lost':
      return { kind: 'unknown', error: said };
    case 'stopped':
      return { kind: failure.reached ? 'unknown' : 'not_sent', error: said };
    case 'not_a_relay':
      // It answered, and not with an id: it may have taken it all the same.
      return { kind: 'unknown', error: appError('relay.invalid_answer', failure.detail) };
    case 'unreached':
    case 'tls_changed':
    case 'unauthorized':
    case 'not_us':
      return { kind: 'not_sent', error: said };
    case 'rate_limited':
    case 'busy':
      return {
        kind: 'not_sent',
        error: said,
        ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
      };
    case 'too_large':
    case 'refused':
      return { kind: 'rejected', error: said };
  }
}
