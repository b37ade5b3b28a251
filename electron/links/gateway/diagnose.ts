/** A closer look at a connection that ended, where its end alone does not tell. */
import type { Clock } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { classifyEnd, type Failure } from './failures.ts';
import type { Pins } from './options.ts';
import { takesConnections } from './reach.ts';
import { describeTlsChange } from './trust.ts';
import type { WireEnd } from './wire.ts';

/** Either something to be tried again in its time, or a state that only a person ends. */
export type Diagnosis =
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'state'; readonly state: LinkState; readonly tlsTrusted: boolean };

/** Names the new certificate, and tells *nobody there* from *somebody who says nothing*. */
export async function diagnose(
  end: WireEnd,
  url: string,
  pins: Pins,
  clock: Clock,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const failure = classifyEnd(end);
  if (failure.kind === 'tls_changed') {
    const change = await describeTlsChange(url, pins, clock, signal).catch(() => null);
    if (change) return { kind: 'state', state: change.state, tlsTrusted: change.trusted };
  }
  const silent = failure.kind === 'offline' && failure.cause === 'unanswered' && !end.greeted;
  if (!silent || end.socketOpened || (await takesConnections(url, clock, signal))) {
    return { kind: 'failure', failure };
  }
  const detail = 'No answer within 15 s.';
  return { kind: 'failure', failure: { kind: 'offline', cause: 'timeout', detail } };
}
