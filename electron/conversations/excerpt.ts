/** Short forms of a text, cut between characters and free of what could disguise it. */

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu;
const SPACES = /\s+/gu;

/** At most `units` UTF-16 units of the beginning, never half of a surrogate pair. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? units - 1 : units);
}

/** One line of at most `units`, ending in an ellipsis where something was left out. */
export function oneLine(text: string, units: number): string {
  const line = cut(text, units * 4)
    .replace(CONTROLS, ' ')
    .replace(SPACES, ' ')
    .trim();
  return line.length <= units ? line : `${cut(line, units - 1).trimEnd()}…`;
}

/** What comes from a peer may hold halves of characters and NUL, which no store keeps well. */
export const storable = (text: string): string => {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\ufffd') : whole;
};
