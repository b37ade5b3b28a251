/**
 * An invite as text: `peerage://invite/<base64url>`. Inside: one byte of version, two bytes of length,
 * JSON, and the inviter's signature over it, so that a part that is missing and a part that was
 * changed can be told apart. It holds a one-time code and never a token.
 */
import * as z from 'zod';
import { appError, fail, type InvitePreview, ok, type Result } from '../../contract/index.ts';
import type { Identity } from '../options.ts';
import { fingerprintOf, verifyText } from './signing.ts';

/** What an invite says. */
export interface InviteText {
  readonly for: 'mine' | 'theirs';
  readonly name: string;
  /** `http(s)://host:port`, the best first. */
  readonly origins: readonly string[];
  /** The inviter's device key, base64url of the raw 32 bytes. */
  readonly key: string;
  readonly tls: string | null;
  readonly code: string;
  /** SHA-256 of the inviter's nonce, base64url: fixed before the redeemer's is known. */
  readonly commitment: string;
  /** Ms since the epoch. */
  readonly expiresAt: number;
  /** The only machine that may use it: an address or a name. */
  readonly only: string | null;
}

const PREFIX = 'peerage://invite/';
const VERSION = 2;
const HEAD = 3;
const SIGNATURE = 64;

const origin = z
  .string()
  .max(300)
  .refine((text) => URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text));

const Payload = z.strictObject({
  f: z.enum(['m', 't']),
  n: z.string().min(1).max(80),
  a: z.array(origin).min(1).max(8),
  k: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  t: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  c: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  h: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** Seconds. */
  e: z.number().int().nonnegative(),
  o: z.string().min(1).max(255).optional(),
});

/** Writes an invite. */
export function writeInvite(invite: Omit<InviteText, 'key'>, identity: Identity): string {
  const payload: z.infer<typeof Payload> = {
    f: invite.for === 'mine' ? 'm' : 't',
    n: invite.name,
    a: [...invite.origins],
    k: identity.publicKey,
    c: invite.code,
    h: invite.commitment,
    e: Math.floor(invite.expiresAt / 1000),
    ...(invite.tls === null ? {} : { t: invite.tls }),
    ...(invite.only === null ? {} : { o: invite.only }),
  };
  const json = JSON.stringify(payload);
  const bytes = Buffer.from(json, 'utf8');
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(VERSION, 0);
  head.writeUInt16BE(bytes.byteLength, 1);
  const signature = Buffer.from(identity.sign(signedText(json)), 'base64url');
  return PREFIX + Buffer.concat([head, bytes, signature]).toString('base64url');
}

const signedText = (json: string): string => `peerage-invite-text-2\n${json}`;

const no = (
  code:
    | 'invite.not_an_invite'
    | 'invite.truncated'
    | 'invite.tampered'
    | 'invite.unknown_version'
    | 'invite.expired',
  detail: string,
): Result<never> => fail(appError(code, detail));

/**
 * Reads an invite as pasted: white space that a mail program put in is taken out. Fails with exactly
 * why it cannot be used.
 */
export function readInvite(text: string, now: number): Result<InviteText> {
  const packed = text.replace(/\s+/gu, '');
  const code = packed.toLowerCase().startsWith(PREFIX) ? packed.slice(PREFIX.length) : packed;
  if (code === '' || !/^[A-Za-z0-9_-]+$/.test(code)) {
    return no('invite.not_an_invite', 'It does not begin with peerage://invite/.');
  }
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.byteLength < HEAD) return no('invite.truncated', 'Almost nothing of it is there.');
  const version = bytes.readUInt8(0);
  if (version !== VERSION) {
    return packed.length > code.length
      ? no('invite.unknown_version', `It is of version ${version}.`)
      : no('invite.not_an_invite', 'It is something else.');
  }
  const end = HEAD + bytes.readUInt16BE(1);
  if (bytes.byteLength < end + SIGNATURE) {
    const missing = end + SIGNATURE - bytes.byteLength;
    return no('invite.truncated', `${missing} bytes are missing at its end.`);
  }
  if (bytes.byteLength > end + SIGNATURE)
    return no('invite.tampered', 'Something was added to it.');
  const json = bytes.subarray(HEAD, end).toString('utf8');
  const payload = parse(json);
  if (!payload) return no('invite.tampered', 'It cannot be read.');
  const signature = bytes.subarray(end).toString('base64url');
  if (!verifyText(payload.k, signedText(json), signature)) {
    return no('invite.tampered', 'Its signature does not fit.');
  }
  const expiresAt = payload.e * 1000;
  if (now >= expiresAt) {
    const minutes = Math.max(1, Math.round((now - expiresAt) / 60_000));
    return no('invite.expired', `It expired ${minutes} min ago.`);
  }
  return ok({
    for: payload.f === 'm' ? 'mine' : 'theirs',
    name: payload.n,
    origins: payload.a,
    key: payload.k,
    tls: payload.t ?? null,
    code: payload.c,
    commitment: payload.h,
    expiresAt,
    only: payload.o ?? null,
  });
}

function parse(json: string): z.infer<typeof Payload> | null {
  try {
    const parsed = Payload.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What a window is shown of it. */
export const previewOf = (invite: InviteText): InvitePreview => ({
  for: invite.for,
  name: invite.name,
  addresses: [...invite.origins],
  fingerprint: fingerprintOf(invite.key),
  tls: invite.tls,
  expiresAt: invite.expiresAt,
});
