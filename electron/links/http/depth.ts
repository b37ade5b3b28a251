/** How deep JSON is nested, told without parsing it. */

/** More levels than any honest card or task has, and few enough for any code that walks them. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** True for JSON text nested deeper than 64 levels. */
export function isTooDeep(text: Uint8Array, limit = MAX_DEPTH): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const DATA = [...Buffer.from('data:')];

/**
 * The same for a stream of server-sent events as it comes in: each event by itself, whatever lines it
 * is spread over, and each line by itself, whatever field it claims to be.
 */
export class EventDepth {
  readonly #limit: number;
  /** Of the event's data so far; of the present line. */
  #event = 0;
  #line = 0;
  #column = 0;
  #isData = true;
  #inString = false;
  #escaped = false;
  #afterReturn = false;

  constructor(limit = MAX_DEPTH) {
    this.#limit = limit;
  }

  /** True once something is nested too deep. */
  feed(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      const ends = byte === NEWLINE || byte === RETURN;
      if (byte === NEWLINE && this.#afterReturn) this.#afterReturn = false;
      else if (ends) this.#endLine(byte === RETURN);
      else if (this.#take(byte)) return true;
    }
    return false;
  }

  #endLine(byReturn: boolean): void {
    if (this.#column === 0) this.#event = 0;
    this.#line = 0;
    this.#column = 0;
    this.#isData = true;
    // A string of JSON holds no line end.
    this.#inString = false;
    this.#escaped = false;
    this.#afterReturn = byReturn;
  }

  #take(byte: number): boolean {
    this.#afterReturn = false;
    if (this.#column < DATA.length && byte !== DATA[this.#column]) this.#isData = false;
    this.#column++;
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    const step = byte === 0x7b || byte === 0x5b ? 1 : byte === 0x7d || byte === 0x5d ? -1 : 0;
    if (step === 0) return false;
    this.#line = Math.max(0, this.#line + step);
    if (this.#isData) this.#event = Math.max(0, this.#event + step);
    return this.#line > this.#limit || this.#event > this.#limit;
  }
}

/** True for a value nested deeper than `limit` levels. Stops at the first such place. */
export function isValueTooDeep(value: unknown, limit = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  return Object.values(value).some((entry) => isValueTooDeep(entry, limit - 1));
}
