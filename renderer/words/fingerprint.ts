/** A fingerprint in groups of four, which two people can read to each other. */
export const grouped = (fingerprint: string): string =>
  (fingerprint.match(/.{1,4}/g) ?? []).join(' ');
