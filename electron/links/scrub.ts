/** An agent may echo the token that it was shown; what it says goes to the screen, the disk and the log. */

const MARK = '[token]';

/** A copy without the token, wherever a text holds it. Bytes of files are left as they are. */
export function scrubbed<T>(value: T, token: string | null): T {
  // Shorter ones would be found by chance everywhere.
  if (token === null || token.length < 8) return value;
  return clean(value, token) as T;
}

function clean(value: unknown, token: string): unknown {
  if (typeof value === 'string')
    return value.includes(token) ? value.replaceAll(token, MARK) : value;
  if (Array.isArray(value)) return value.map((entry) => clean(entry, token));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, clean(entry, token)]),
  );
}
