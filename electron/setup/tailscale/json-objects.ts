/**
 * JSON objects one after another without anything between, as `up --json` and `debug watch-ipn` print
 * them (cmd/tailscale/cli/up.go and debug.go of v1.102.3: indented, over many lines).
 */

/** The longest object that is waited for, in UTF-16 units. */
const LONGEST = 32_000_000;

/** A reader that is fed text in pieces of any length, as a program prints it. */
export interface JsonObjects {
  /** Takes the next piece of text; gives the objects that are complete with it. */
  push(text: string): unknown[];
  /** What stands outside of objects, and is not white space: warnings, or no JSON at all. */
  readonly strayText: string;
  /** An object that has begun and not ended, or that could not be read. */
  readonly broken: boolean;
}

const STRAY_LIMIT = 4_000;

/** Splits a stream into its top-level objects. Braces in strings do not count. */
export function jsonObjects(): JsonObjects {
  let held = '';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let stray = '';
  let unreadable = false;

  const take = (found: unknown[]): void => {
    try {
      found.push(JSON.parse(held));
    } catch {
      unreadable = true;
    }
    held = '';
  };

  return {
    push: (text) => {
      const found: unknown[] = [];
      let begun = 0;
      for (let i = 0; i < text.length; i++) {
        const unit = text[i];
        if (depth === 0) {
          if (unit === '{') {
            depth = 1;
            begun = i;
          } else if (stray.length < STRAY_LIMIT) stray += unit;
        } else if (inString) {
          if (escaped) escaped = false;
          else if (unit === '\\') escaped = true;
          else if (unit === '"') inString = false;
        } else if (unit === '"') inString = true;
        else if (unit === '{') depth++;
        else if (unit === '}') {
          depth--;
          if (depth === 0) {
            held += text.slice(begun, i + 1);
            take(found);
          }
        }
      }
      if (depth > 0) held += text.slice(begun);
      if (held.length > LONGEST) {
        unreadable = true;
        held = '';
        depth = 0;
        inString = false;
      }
      return found;
    },
    get strayText() {
      return stray.trim();
    },
    get broken() {
      return unreadable || depth > 0;
    },
  };
}
