/**
 * Six words that both people read aloud: they are the same only where nobody stands in between. The
 * list is the English one of BIP-39 (2,048 words, told apart by their first four letters).
 */
import { createHash } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** What both sides know once they have exchanged keys. Keys and nonces are base64url. */
export interface Exchanged {
  readonly inviterKey: string;
  readonly redeemerKey: string;
  /** The inviter's gateway identity and TLS fingerprint, where it has them. */
  readonly gatewayIdentity: string | null;
  readonly tls: string | null;
  readonly inviterNonce: string;
  readonly redeemerNonce: string;
}

const COUNT = 6;
const BITS = 11n;

/** The words, 66 bits of a SHA-256 over everything. Pure. */
export function sixWords(known: Exchanged): string[] {
  const hash = createHash('sha256').update('peerage-words-1\n');
  const fields = [
    known.inviterKey,
    known.redeemerKey,
    known.gatewayIdentity ?? '',
    known.tls ?? '',
    known.inviterNonce,
    known.redeemerNonce,
  ];
  // Each with its length, so that no two different exchanges read the same.
  for (const field of fields) hash.update(`${Buffer.byteLength(field)}:${field}\n`);
  const digest = hash.digest();
  const bits = (digest.readBigUInt64BE(0) << 8n) | BigInt(digest.readUInt8(8));
  return Array.from({ length: COUNT }, (_, index) => {
    const at = Number((bits >> (BITS * BigInt(index))) & 0x7ffn);
    return wordlist[at] ?? '';
  });
}
