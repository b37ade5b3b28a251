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

/** What mail programs and chats put in: white space, marks of no width, and the `>` of a quoted line. */
const PUT_IN = /^[\t >|]+|[\s\u00ad\u200b-\u200d\u2060\ufeff]+/gmu;

/** The characters of base64url that so many bytes take, without padding. */
const charactersOf = (bytes: number): number => Math.ceil((bytes * 4) / 3);

/**
 * The invite's own characters in what was pasted: words around it are left out, and so is what a mail
 * program put in. `named` = it began as an invite does. Null where there is nothing of an invite.
 */
function codeIn(text: string): { readonly code: string; readonly named: boolean } | null {
  const from = text.toLowerCase().indexOf(PREFIX);
  const named = from >= 0;
  const lines = named ? text.slice(from + PREFIX.length) : text;
  const joined = lines.replace(PUT_IN, '');
  if (!named) return /^[\w-]+$/.test(joined) ? { code: joined, named } : null;
  const code = /^[\w-]*/.exec(joined)?.[0] ?? '';
  const whole = wholeOf(code);
  // Words on the lines after it are no part of it; what is stuck to its last character was added.
  const own = whole !== null && isApart(lines, whole) ? code.slice(0, whole) : code;
  return { code: own, named };
}

/** How many characters the invite says it has; null where that cannot be read, or they are not all there. */
function wholeOf(code: string): number | null {
  const bytes = Buffer.from(code.slice(0, charactersOf(HEAD)), 'base64url');
  if (bytes.byteLength < HEAD) return null;
  const whole = charactersOf(HEAD + bytes.readUInt16BE(1) + SIGNATURE);
  return code.length > whole ? whole : null;
}

/** Whether something else than more of it stands behind its last character. */
function isApart(lines: string, whole: number): boolean {
  let left = whole;
  for (let at = 0; at < lines.length; at += 1) {
    if (left === 0) return !/[\w-]/.test(lines.charAt(at));
    if (/[\w-]/.test(lines.charAt(at))) left -= 1;
  }
  return true;
}

/**
 * Reads an invite as pasted: words around it, quote marks and the white space that a mail program put in
 * are taken out. Fails with exactly why it cannot be used.
 */
export function readInvite(text: string, now: number): Result<InviteText> {
  const found = codeIn(text);
  if (!found) return no('invite.not_an_invite', 'There is no peerage://invite/ in it.');
  const { code, named } = found;
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.byteLength < HEAD) return no('invite.truncated', 'Almost nothing of it is there.');
  const version = bytes.readUInt8(0);
  if (version !== VERSION) {
    return named
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
