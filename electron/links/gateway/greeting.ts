/** Trust before use: what happens between the hello and the first message. */
import type { Clock } from '../../clock/clock.ts';
import { type HelloFacts, readHello } from './events.ts';
import type { Failure } from './failures.ts';
import type { Pins } from './options.ts';
import { checkIdentity, type IdentityChanged, readIdentity } from './trust.ts';
import { PROTOCOL, type Wire } from './wire.ts';

const IDENTITY_LIMIT_MS = 10_000;

/** How a hello ended: usable, failed, or by an identity that is not the pinned one. */
export type Greeting =
  | {
      readonly kind: 'up';
      readonly facts: HelloFacts;
      /** One round trip; null where we may not ask anything. */
      readonly latencyMs: number | null;
      /** What is seen for the first time, to be remembered. */
      readonly learned: Partial<Pins>;
    }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'state'; readonly state: IdentityChanged };

/**
 * Reads the hello and asks who it is. Nothing of ours has been sent before this is known, except
 * the credential, which the handshake needs. Throws a WireError.
 */
export async function greet(
  wire: Wire,
  hello: unknown,
  pins: Pins,
  newTls: string | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<Greeting> {
  const facts = readHello(hello, clock.monotonic());
  if (!facts) {
    const detail = 'Its greeting is not that of an OpenClaw gateway.';
    return { kind: 'failure', failure: { kind: 'offline', cause: 'not_a_gateway', detail } };
  }
  if (facts.protocol !== PROTOCOL) {
    return { kind: 'failure', failure: { kind: 'protocol_mismatch', theirs: facts.protocol } };
  }
  // Without any scope it would refuse every question.
  if (facts.scopes.length === 0) return { kind: 'up', facts, latencyMs: null, learned: {} };
  const startedAt = clock.monotonic();
  const seen = facts.identityKnown
    ? readIdentity(
        await wire.request('gateway.identity.get', {}, { timeoutMs: IDENTITY_LIMIT_MS, signal }),
      )
    : null;
  const latencyMs = clock.monotonic() - startedAt;
  const state = checkIdentity(pins, seen);
  if (state) return { kind: 'state', state };
  const isNew = pins.identity === null && seen !== null;
  const learned = { ...(isNew ? { identity: seen } : {}), ...(newTls ? { tls: newTls } : {}) };
  return { kind: 'up', facts, latencyMs, learned };
}
