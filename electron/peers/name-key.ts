/** Names as people mean them: case, width, accents' spelling and invisible characters do not count. */

/**
 * The form in which two names are compared. Compatibility forms, case, runs of white space and
 * characters without a glyph (zero-width spaces, joiners) are levelled, so that no two peers can
 * look alike by such means. May be empty where a name has nothing to see.
 * Source: Unicode Standard Annex 15 (NFKC); full case folding is approached by upper then lower case.
 */
export function nameKey(name: string): string {
  let key = name;
  // One pass settles nearly everything; a few characters need the next to settle (Turkish dotted I).
  for (let pass = 0; pass < 4; pass++) {
    const next = fold(key);
    if (next === key) break;
    key = next;
  }
  return key;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('ς', 'σ')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}
