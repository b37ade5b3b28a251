/**
 * Characters that nobody sees and a model reads all the same: zero width, direction controls, tags,
 * stray selectors and joiners. In a stranger's text they are shown as marks, and taken out before an
 * agent gets it. What scripts and emoji need stays: joiners between their letters, one selector each.
 */

/** A stretch of a text: as it is, or characters that cannot be seen. */
export interface TextPiece {
  readonly hidden: boolean;
  readonly text: string;
}

/** Controls besides tab and line ends; Default_Ignorable_Code_Point and Bidi_Control of Unicode. */
const NEVER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each by itself
  /^[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]$/u;
const SELECTOR = /^[\ufe00-\ufe0f]$/u;
const SELECTABLE = /^[\p{Extended_Pictographic}0-9#*\p{Script=Han}\p{Sm}]$/u;
const PICTURE = /^\p{Extended_Pictographic}$/u;
const JOINS_PICTURES = /^(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f)$/u;
/** Letters and marks of the scripts whose shapes depend on joiners. */
const JOINING =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]$/u;

function isHidden(before: string, one: string, after: string): boolean {
  // Most of any text, told without a table.
  if (one >= ' ' && one <= '~') return false;
  if (SELECTOR.test(one)) return !SELECTABLE.test(before);
  if (one !== '\u200d' && one !== '\u200c') return NEVER.test(one);
  if (JOINING.test(before)) return false;
  return !(one === '\u200d' && JOINS_PICTURES.test(before) && PICTURE.test(after));
}

/** The text in pieces, in order; a text without anything hidden is one. Pure. */
export function piecesOf(text: string): TextPiece[] {
  const pieces: { hidden: boolean; text: string }[] = [];
  const all = [...text];
  all.forEach((one, index) => {
    const hidden = isHidden(all[index - 1] ?? '', one, all[index + 1] ?? '');
    const last = pieces.at(-1);
    if (last?.hidden === hidden) last.text += one;
    else pieces.push({ hidden, text: one });
  });
  return pieces;
}

/** The text without what is hidden in it, and how many characters that was. Pure. */
export function withoutHidden(text: string): { readonly text: string; readonly count: number } {
  let count = 0;
  const seen = piecesOf(text).filter((piece) => {
    if (piece.hidden) count += [...piece.text].length;
    return !piece.hidden;
  });
  return { text: seen.map((piece) => piece.text).join(''), count };
}

/** What hidden characters are, for a person: their codes, and what tag characters spell. */
export function hiddenWords(hidden: string): string {
  const all = [...hidden];
  const codes = all
    .slice(0, 8)
    .map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  const spelled = all
    .map((one) => (one.codePointAt(0) ?? 0) - 0xe0000)
    .filter((code) => code >= 0x20 && code <= 0x7e)
    .map((code) => String.fromCharCode(code))
    .join('')
    .slice(0, 200);
  const more = all.length > codes.length ? ` and ${all.length - codes.length} more` : '';
  return `${codes.join(' ')}${more}${spelled === '' ? '' : `, which spell “${spelled}”`}`;
}
