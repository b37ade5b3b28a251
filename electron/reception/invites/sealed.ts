/**
 * A token on its way to its owner, sealed for one receiver: X25519, HKDF-SHA256, AES-256-GCM. The key
 * pairs live for one exchange and in memory only.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A pair for one exchange, made by {@link sealingKey}; the private half is never written down. */
export interface SealingKey {
  /** Base64url of the raw 32 bytes. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

const NONCE = 12;
const TAG = 16;

/** A new pair. */
export function sealingKey(): SealingKey {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: publicKey.export({ format: 'jwk' }).x ?? '', privateKey };
}

function secretOf(own: SealingKey, other: string, purpose: string): Buffer {
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: other },
    format: 'jwk',
  });
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey });
  const salt = Buffer.from([own.publicKey, other].sort().join('\n'));
  return Buffer.from(hkdfSync('sha256', shared, salt, `peerage-seal-1 ${purpose}`, 32));
}

/** Seals `text` for the holder of `other`. `purpose` tells the two directions apart. */
export function seal(own: SealingKey, other: string, purpose: string, text: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', secretOf(own, other, purpose), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

/** Opens what {@link seal} made; null where it was made for another, or changed. */
export function unseal(
  own: SealingKey,
  other: string,
  purpose: string,
  sealed: string,
): string | null {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.byteLength < NONCE + TAG) return null;
    const nonce = bytes.subarray(0, NONCE);
    const decipher = createDecipheriv('aes-256-gcm', secretOf(own, other, purpose), nonce);
    decipher.setAuthTag(bytes.subarray(-TAG));
    const body = bytes.subarray(NONCE, -TAG);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
