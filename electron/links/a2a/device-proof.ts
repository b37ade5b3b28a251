/** Whether whoever showed a card holds the device key that it says; see DEVICE_PROOF in the contract. */
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { deviceProofText } from '../../contract/index.ts';

/** Of one card that is to be read. */
export const newChallenge = (): string => randomBytes(16).toString('base64url');

const PROOF = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{86})$/;

/**
 * The fingerprint of the key that signed this card for this challenge, lower-case hex SHA-256; null
 * where nothing, or nothing good, was shown.
 */
export function provenDevice(
  proof: string | null,
  challenge: string,
  body: Uint8Array,
): string | null {
  const [, key = '', signature = ''] = PROOF.exec(proof ?? '') ?? [];
  if (key === '') return null;
  try {
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: key },
      format: 'jwk',
    });
    const hash = createHash('sha256').update(body).digest('hex');
    const text = Buffer.from(deviceProofText(challenge, hash), 'utf8');
    const isGood = verify(null, text, publicKey, Buffer.from(signature, 'base64url'));
    if (!isGood) return null;
    return createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');
  } catch {
    return null;
  }
}
