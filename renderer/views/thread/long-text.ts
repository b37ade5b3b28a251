/** Longer than this, a pasted text goes along as a file: laying it out would stall the field, UTF-16 units. */
export const LONG_TEXT = 64 * 1024;

/** The most that a field grows to by typing on, UTF-16 units. */
const FIELD_MOST = 4 * LONG_TEXT;

/** Whether a text is to be a file: it came in one long piece, or outgrew the field. */
export const isLongText = (text: string, before = ''): boolean =>
  text.length - before.length > LONG_TEXT || text.length > FIELD_MOST;

/** A long text as a file. */
export const pastedFile = (text: string): File =>
  new File([text.toWellFormed()], 'pasted.txt', { type: 'text/plain' });
