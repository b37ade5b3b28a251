/**
 * Looks for secrets in what is about to be sent. Pure. A finding says what it is and where, and never
 * holds the secret itself: so it can be shown, logged and sent on.
 */
import { looksRandom } from './random-text.ts';
import { SECRET_SHAPES } from './shapes.ts';

/** What looks like a secret, and where; never the secret itself. */
export interface SecretFinding {
  /** What it looks like, for a person: *GitHub token*, *Value after "password"*. */
  readonly label: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Where it begins and how long it is, in UTF-16 units of the text. */
  readonly offset: number;
  readonly length: number;
}

/** At most so many are told: one is reason enough to stop. */
const MOST_FINDINGS = 20;

/** A key word, an assignment, and what is assigned. The name may have more words around it. */
const ASSIGNED =
  /(?<![A-Za-z])(?:[A-Za-z0-9]{1,40}[_-]){0,4}(pass(?:word|wd|phrase|code)|pwd|secret|token|api[_ -]?key|apikey|access[_ -]?key|private[_ -]?key|auth[_ -]?key|signing[_ -]?key|encryption[_ -]?key|client[_ -]?secret|credentials?)["'`]?[ \t]{0,3}(?::=|=>|[:=]|\bis\b)[ \t]{0,3}["'`]?([A-Za-z0-9+/_=.~!@#%^&*-]{12,512})(?![A-Za-z0-9(]|:\/\/)/gi;
const BEARER = /\b(?:bearer|basic)[ \t]{1,3}["'`]?([A-Za-z0-9+/_=.~-]{16,4096})/gi;
/** A camel-cased name such as `gatewayToken` counts as its last word. */
const CAMEL =
  /(?<=[a-z0-9])(?=(?:Password|Passphrase|Secret|Token|ApiKey|AccessKey|PrivateKey|Credential)s?\b)/g;
/** User and password inside an address. */
const ADDRESS =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"`<>]{0,100}:([^\s:@/'"`<>]{4,200})@[A-Za-z0-9[]/gi;
/** What stands in examples where a secret would be. */
const PLACEHOLDER =
  /^(?:[x*.#-]+|<.*>|\[.*\]|\$.*|%.*%|\{.*\}|.*(?:example|placeholder|changeme|change-me|redacted|your[_-]).*|pass(?:word)?|pw|secret|token|hunter2)$/i;

/**
 * Everything in the text that looks like a secret, in order. Empty for usual prose and code. Takes time
 * in proportion to the text.
 */
export function findSecrets(text: string): SecretFinding[] {
  const found: { label: string; offset: number; length: number }[] = [];
  for (const { label, hint, pattern } of SECRET_SHAPES) {
    if (!text.includes(hint)) continue;
    for (const hit of text.matchAll(pattern)) {
      if (!isPlaceholder(hit[0])) found.push({ label, offset: hit.index, length: hit[0].length });
    }
  }
  for (const hit of text.matchAll(BEARER)) {
    const value = hit[1] ?? '';
    if (looksRandom(value)) {
      const offset = hit.index + hit[0].length - value.length;
      found.push({ label: 'Value of an authorization header', offset, length: value.length });
    }
  }
  for (const hit of text.matchAll(ADDRESS)) {
    const value = hit[1] ?? '';
    if (!PLACEHOLDER.test(value)) {
      found.push({ label: 'Password in an address', offset: hit.index, length: hit[0].length });
    }
  }
  found.push(...assigned(text));
  return settle(text, found);
}

function* assigned(text: string): Iterable<{ label: string; offset: number; length: number }> {
  // A mark of one unit at each name's last word keeps the search simple; offsets are counted back.
  const marks: number[] = [];
  const marked = text.replace(CAMEL, (_, at: number) => {
    marks.push(at);
    return '_';
  });
  for (const hit of marked.matchAll(ASSIGNED)) {
    const word = (hit[1] ?? '').toLowerCase();
    const value = hit[2] ?? '';
    if (isPlaceholder(value) || !(looksRandom(value) || looksTyped(word, value))) continue;
    const at = hit.index + hit[0].length - value.length;
    const offset = at - marks.filter((mark, index) => mark + index < at).length;
    yield { label: `Value after “${word.replaceAll(/[_-]/g, ' ')}”`, offset, length: value.length };
  }
}

/** A password that a person, or a password keeper, made: shorter, and of every kind of character. */
function looksTyped(word: string, value: string): boolean {
  if (!/^(?:pass|pwd)/.test(word) || value.length < 12) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!@#%^&*~+]/].filter((kind) => kind.test(value));
  return kinds.length === 4 && !/^[\w.]+@[\w.]+$/.test(value);
}

/** An example's key says so, or repeats itself. */
const isPlaceholder = (value: string): boolean =>
  PLACEHOLDER.test(value) ||
  /(.)\1{7}/.test(value) ||
  /0123456789|1234567890|abcdefghijkl/i.test(value);

/** In order, each place once, with its line. */
function settle(
  text: string,
  found: readonly { label: string; offset: number; length: number }[],
): SecretFinding[] {
  const settled: SecretFinding[] = [];
  let line = 1;
  let counted = 0;
  let end = -1;
  for (const one of found.toSorted((a, b) => a.offset - b.offset || b.length - a.length)) {
    if (one.offset < end) continue;
    for (; counted < one.offset; counted += 1) if (text.charCodeAt(counted) === 10) line += 1;
    settled.push({ ...one, line });
    end = one.offset + one.length;
    if (settled.length === MOST_FINDINGS) break;
  }
  return settled;
}

/** How much of a file is looked through at a time, bytes. */
const PIECE_BYTES = 256 * 1024;
/** Pieces overlap by so much, so that a secret on their border is seen. Longer ones are seen anyway. */
const OVERLAP_BYTES = 8 * 1024;

/**
 * The same for a file that is text, piece by piece until something is found; one that is not is let
 * through unread.
 * @param bytes how many it has
 * @param read gives at most `length` bytes from `offset`; null where there is nothing to be read
 */
export async function findSecretsInFile(
  bytes: number,
  read: (offset: number, length: number) => Promise<Uint8Array | null> | Uint8Array | null,
): Promise<SecretFinding[]> {
  let line = 0;
  for (let offset = 0; offset < bytes; offset += PIECE_BYTES) {
    const data = await read(offset, PIECE_BYTES + OVERLAP_BYTES);
    if (!data || data.includes(0)) break;
    const found = findSecrets(new TextDecoder().decode(data));
    if (found.length > 0) return found.map((one) => ({ ...one, line: one.line + line }));
    for (const byte of data.subarray(0, PIECE_BYTES)) if (byte === 10) line += 1;
  }
  return [];
}

/** The findings in one sentence, without anything of the text: *GitHub token on line 3*. */
export function describeFindings(findings: readonly SecretFinding[], where = ''): string {
  const place = where === '' ? '' : ` of ${where}`;
  const named = findings.slice(0, 3).map((one) => `${one.label} on line ${one.line}${place}`);
  const rest = findings.length - named.length;
  return `${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}
