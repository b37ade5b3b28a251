/**
 * What two Peerage apps say to each other through a relay: signed with their device keys (Ed25519),
 * since a relay may forge any sender. Whoever speaks plain ClawLink reads the same text and is not
 * disturbed: the proof of a task stands in its context, that of an answer beside its text.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import type { JsonObject } from './wire.ts';

/** This installation's Ed25519 identity; the private key stays behind `sign`. */
export interface RelaySigner {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** The raw 32-byte key, base64url without padding. */
  readonly publicKey: string;
  /** Signs UTF-8 text; base64url without padding. */
  sign(text: string): string;
}

const Key = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);

const Proof = z.object({
  v: z.literal(1),
  /** The idempotency key of the task that it is, or that it answers. */
  key: z.string().regex(/^peerage:[0-9a-f-]{36}$/),
  /** The task of which this one is the answer to a question. */
  about: z
    .string()
    .regex(/^peerage:[0-9a-f-]{36}$/)
    .optional(),
  at: z.number().int(),
  device: Key,
  sig: Signature,
});
export type Proof = z.infer<typeof Proof>;

/** What is signed. Both ends are in it, so that a relay cannot send it to somebody else as well. */
export interface Signed {
  readonly what: 'task' | 'answer';
  readonly from: string;
  readonly to: string;
  readonly key: string;
  readonly about: string;
  /** Of a task its priority, of an answer its status. */
  readonly mode: string;
  readonly at: number;
  readonly text: string;
  /** Of a task, what else its context holds. */
  readonly rest: JsonObject;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same text for the same value, however its members were ordered on the way. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

const textOf = (signed: Signed): string =>
  [
    'peerage relay v1',
    signed.what,
    signed.from,
    signed.to,
    signed.key,
    signed.about,
    signed.mode,
    String(signed.at),
    sha256(signed.text),
    sha256(canonical(signed.rest)),
  ].join('\n');

/** Signs what goes out. */
export function prove(signer: RelaySigner, signed: Signed): Proof {
  return {
    v: 1,
    key: signed.key,
    ...(signed.about === '' ? {} : { about: signed.about }),
    at: signed.at,
    device: signer.publicKey,
    sig: signer.sign(textOf(signed)),
  };
}

/** Lower-case hex SHA-256 of a raw public key in base64url. */
export const fingerprintOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex');

/** Reads a proof out of a context or a result; null where there is none. */
export function readProof(value: unknown): Proof | null {
  if (typeof value !== 'object' || value === null || !('peerage' in value)) return null;
  const found = Proof.safeParse(value.peerage);
  return found.success ? found.data : null;
}

/** @returns the fingerprint of the key that signed exactly this; null where it does not fit. */
export function verified(
  proof: Proof,
  signed: Omit<Signed, 'key' | 'about' | 'at'>,
): string | null {
  try {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: proof.device },
      format: 'jwk',
    });
    const text = textOf({ ...signed, key: proof.key, about: proof.about ?? '', at: proof.at });
    const fits = verify(null, Buffer.from(text), key, Buffer.from(proof.sig, 'base64url'));
    return fits ? fingerprintOf(proof.device) : null;
  } catch {
    return null;
  }
}

const ANNOUNCED = /\[peerage key ([A-Za-z0-9_-]{43})\]\s*$/;

/** The description as the relay gets it: people read its beginning, Peerage its end. */
export const announce = (description: string, signer: RelaySigner | null): string =>
  signer === null ? description : `${description} [peerage key ${signer.publicKey}]`.trim();

/** A description taken apart: the words, and the fingerprint of the key that it announces. */
export function readAnnounced(description: string): {
  readonly words: string;
  readonly fingerprint: string | null;
} {
  const key = ANNOUNCED.exec(description)?.[1];
  return {
    words: description.replace(ANNOUNCED, '').trim(),
    fingerprint: key === undefined ? null : fingerprintOf(key),
  };
}
