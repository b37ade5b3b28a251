/** Messages of an invite exchange: signed with the sender's device key, for one step and no other. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import type { Identity } from '../options.ts';

/** A message on the wire. `payload` is JSON as text, so that the bytes signed are the bytes read. */
export const Signed = z.strictObject({
  payload: z.string().max(12_000),
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type Signed = z.infer<typeof Signed>;

/** SHA-256 of a raw device key, lower-case hex: the id of the device. */
export const fingerprintOf = (key: string): string =>
  createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');

/** True where the holder of `key` signed `text`. Never throws. */
export function verifyText(key: string, text: string, signature: string): boolean {
  try {
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: key },
      format: 'jwk',
    });
    return verify(null, Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

const signedText = (step: string, payload: string): string =>
  `peerage-invite-message-2\n${step}\n${payload}`;

/** Signs `value` for a step. */
export function signMessage(identity: Identity, step: string, value: unknown): Signed {
  const payload = JSON.stringify(value);
  return {
    payload,
    key: identity.publicKey,
    signature: identity.sign(signedText(step, payload)),
  };
}

/**
 * The value, where the signature is good for that step, of that key where one is named, and fits the
 * schema; else null.
 */
export function openMessage<T>(
  message: unknown,
  step: string,
  schema: z.ZodType<T>,
  key?: string,
): { readonly key: string; readonly value: T } | null {
  const parsed = Signed.safeParse(message);
  if (!parsed.success) return null;
  const { data } = parsed;
  if (key !== undefined && key !== data.key) return null;
  if (!verifyText(data.key, signedText(step, data.payload), data.signature)) return null;
  try {
    const value = schema.safeParse(JSON.parse(data.payload));
    return value.success ? { key: data.key, value: value.data } : null;
  } catch {
    return null;
  }
}
