/** What was trusted at first contact, held against what is seen now. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import type { Pins } from './options.ts';
import { lookAtTls } from './tls.ts';

/** The state that blocks a link until a person compared what changed. */
export type IdentityChanged = Extract<LinkState, { kind: 'identity_changed' }>;

const Identity = z.object({
  deviceId: z.string().max(200),
  publicKey: z.string().max(200).optional().catch(undefined),
});

/**
 * The gateway's identity from `gateway.identity.get`: SHA-256 of its key, lower-case hex. The gateway
 * only claims it and signs nothing with it, so it notices a mix-up rather than an impostor.
 */
export function readIdentity(value: unknown): string | null {
  const parsed = Identity.safeParse(value);
  if (!parsed.success) return null;
  const { deviceId, publicKey } = parsed.data;
  const raw = Buffer.from(publicKey ?? '', 'base64url');
  if (raw.length === 32) return createHash('sha256').update(raw).digest('hex');
  return /^[0-9a-f]{64}$/.test(deviceId) ? deviceId : null;
}

/** Compares an identity with the pin; null = it may go on. */
export function checkIdentity(pins: Pins, seen: string | null): IdentityChanged | null {
  if (pins.identity === null || pins.identity === seen) return null;
  return {
    kind: 'identity_changed',
    what: 'gateway_identity',
    expected: pins.identity,
    seen: seen ?? 'none',
  };
}

/** Whether the certificate may be talked to. */
export type TlsVerdict =
  /** What the connection must show; null = an authority vouches for it, or it is not TLS. */
  | { readonly kind: 'go'; readonly fingerprint: string | null; readonly isNew: boolean }
  | { readonly kind: 'changed'; readonly state: IdentityChanged; readonly trusted: boolean };

const AUTHORITY = 'a certificate signed by a known authority';

const changed = (expected: string, seen: string): IdentityChanged => ({
  kind: 'identity_changed',
  what: 'tls_fingerprint',
  expected,
  seen,
});

/**
 * Decides before any token is sent. A certificate that an authority signed for the host needs no
 * pin (it is renewed every few months); any other is pinned at first trust. One that turns up after
 * first trust without a pin is a change too.
 */
export async function checkTls(
  url: string,
  pins: Pins,
  clock: Clock,
  signal: AbortSignal,
): Promise<TlsVerdict> {
  if (!url.startsWith('wss:')) return { kind: 'go', fingerprint: null, isNew: false };
  if (pins.tls !== null) return { kind: 'go', fingerprint: pins.tls, isNew: false };
  const look = await lookAtTls(url, clock, signal);
  if (look.trusted) return { kind: 'go', fingerprint: null, isNew: false };
  if (pins.identity !== null) {
    return { kind: 'changed', state: changed(AUTHORITY, look.fingerprint), trusted: false };
  }
  return { kind: 'go', fingerprint: look.fingerprint, isNew: true };
}

/** The state for a connection whose pin did not hold. */
export async function describeTlsChange(
  url: string,
  pins: Pins,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ state: IdentityChanged; trusted: boolean }> {
  const look = await lookAtTls(url, clock, signal);
  return { state: changed(pins.tls ?? AUTHORITY, look.fingerprint), trusted: look.trusted };
}
