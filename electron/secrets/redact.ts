/**
 * Takes secrets out of texts before they reach a log, an error or a bug report. Two nets: the values
 * that are known (registered), and the shapes that secrets have.
 */

/** Stands where a secret was. Three characters: no registered value (at least four) fits into it. */
export const REDACTED = '•••';

/** Shorter values are not searched for: replacing "abc" everywhere would ruin every text. */
const SHORTEST_KNOWN = 4;
const DEEPEST = 8;
const SECRET_NAME =
  '(?:[a-z0-9_-]*(?:token|password|passwd|secret|api[_-]?key|auth[_-]?key|private[_-]?key(?:pem)?|setup[_-]?code)|authorization|cookie|pwd)';

interface Shape {
  readonly pattern: RegExp;
  readonly put: string;
}

/** Each pattern is linear in the length of the text. */
const SHAPES: readonly Shape[] = [
  {
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
    put: REDACTED,
  },
  // Tailscale: https://tailscale.com/kb/1277/key-prefixes
  { pattern: /\btskey-[A-Za-z0-9_-]+/g, put: REDACTED },
  // user:password@ (or a token alone) in front of a host
  { pattern: /([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/)[^\s/?#@"'<>]+@/g, put: `$1${REDACTED}@` },
  { pattern: /\b(Bearer|Basic)(\s+|%20|\+)[A-Za-z0-9._~+/=%-]+/gi, put: `$1$2${REDACTED}` },
  // name=value: query parameters, fragments, forms, environment assignments
  {
    pattern: new RegExp(`(?<![A-Za-z0-9_-])(${SECRET_NAME}=)[^\\s&;#"'<>]+`, 'gi'),
    put: `$1${REDACTED}`,
  },
  // "name": "value" in JSON, also when the JSON was put into a JSON string
  {
    pattern: new RegExp(
      `(\\\\?["']${SECRET_NAME}\\\\?["']\\s*:\\s*\\\\?["'])(?:[^"'\\\\]|\\\\[^"'])+`,
      'gi',
    ),
    put: `$1${REDACTED}`,
  },
  // JSON in base64url: JWTs, and the setup codes of OpenClaw
  { pattern: /\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]+)*/g, put: REDACTED },
  // 32 random bytes in base64url: the device tokens of OpenClaw
  { pattern: /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, put: REDACTED },
];

const SECRET_KEY = new RegExp(`^${SECRET_NAME}$`, 'i');

/** Knows the live secrets and removes them. One per app; passed to whoever writes logs or errors. */
export class Redactor {
  readonly #known = new Map<string, readonly string[]>();

  /**
   * Registers a live secret, in all the spellings in which it may show up: plain, percent-encoded,
   * escaped for JSON, base64, base64url, hex. Values shorter than 4 characters are left to the shapes.
   * A secret is never unregistered: an old one may still stand in a text.
   */
  add(secret: string): void {
    if (this.#known.has(secret)) return;
    const spellings = spellingsOf(secret).filter((text) => text.length >= SHORTEST_KNOWN);
    if (spellings.length > 0) this.#known.set(secret, spellings);
  }

  /** The text without secrets. Takes texts of any size; time grows with size times known secrets. */
  redact(text: string): string {
    let result = this.#withoutKnown(text);
    for (const { pattern, put } of SHAPES) result = result.replace(pattern, put);
    return result;
  }

  /**
   * A plain copy of a value for a log: texts redacted, fields with a secret's name emptied, errors
   * as `{name, message, code?, stack?, cause?}`. Deeper than 8 levels, and cycles, become '…'.
   */
  redactValue(value: unknown): unknown {
    return this.#copy(value, 0);
  }

  /** The same error, said without secrets: a new Error with redacted message, stack and cause. */
  redactError(error: unknown): Error {
    if (!(error instanceof Error)) return new Error(this.redact(String(error)));
    const cause = error.cause === undefined ? undefined : this.redactValue(error.cause);
    const said = new Error(this.redact(error.message), cause === undefined ? {} : { cause });
    said.name = error.name;
    if (error.stack !== undefined) said.stack = this.redact(error.stack);
    return said;
  }

  #copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) {
      return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
    }
    if (depth >= DEEPEST) return '…';
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, depth + 1));
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    const entries =
      value instanceof Error
        ? ['name', 'message', 'code', 'stack', 'cause']
            .filter((key) => Reflect.get(value, key) !== undefined)
            .map((key): [string, unknown] => [key, Reflect.get(value, key)])
        : Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [
        this.redact(key),
        SECRET_KEY.test(key) && isSecretive(item) ? REDACTED : this.#copy(item, depth + 1),
      ]),
    );
  }

  /** Replaces the union of all places, so that of two secrets that overlap no end is left over. */
  #withoutKnown(text: string): string {
    const places: [from: number, to: number][] = [];
    for (const spellings of this.#known.values()) {
      for (const spelling of spellings) {
        let from = text.indexOf(spelling);
        while (from !== -1) {
          places.push([from, from + spelling.length]);
          from = text.indexOf(spelling, from + 1);
        }
      }
    }
    places.sort(([a], [b]) => a - b);
    let result = '';
    let done = 0;
    let hidden = -1; // where the last mark ends in the text
    for (const [from, to] of places) {
      if (from > hidden) result += text.slice(done, from) + REDACTED;
      hidden = Math.max(hidden, to);
      done = hidden;
    }
    return result + text.slice(done);
  }
}

function isSecretive(item: unknown): boolean {
  return typeof item === 'string' ? item !== '' : typeof item === 'object' && item !== null;
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const spellings = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
  if (secret.isWellFormed()) {
    spellings.push(
      encodeURIComponent(secret),
      new URLSearchParams([['', secret]]).toString().slice(1),
    );
  }
  return [...new Set(spellings)];
}
