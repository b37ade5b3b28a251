/** Self-signed certificates for tests, like OpenClaw's own: CN=openclaw-gateway and no host name. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
}

/** DER (X.690): a tag, a length, the content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const SEQUENCE = 0x30;
/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const ECDSA_SHA256 = der(SEQUENCE, Buffer.from('06082a8648ce3d040302', 'hex'));
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** Makes a key and a certificate over it, valid for ten years. */
export function selfSigned(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = der(0x0c, Buffer.from('openclaw-gateway'));
  const name = der(SEQUENCE, der(0x31, der(SEQUENCE, COMMON_NAME, text)));
  const times = ['20250101000000Z', '20350101000000Z'].map((time) => der(0x18, Buffer.from(time)));
  const serial = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), serial.digest().subarray(0, 8)])),
    ECDSA_SHA256,
    name,
    der(SEQUENCE, ...times),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const raw = der(SEQUENCE, body, ECDSA_SHA256, signature);
  const lines = raw.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    fingerprint: createHash('sha256').update(raw).digest('hex'),
  };
}
