import { codedError } from '../../contract/index.ts';

/** What a relay and every file system can bear, UTF-16 units. */
const LONGEST = 400;
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u;

/**
 * Refuses names that lead out of a folder, hide what they say, or cannot be written down. A name is a
 * label at the relay and never a path here; it becomes one where somebody saves the file.
 * @throws CodedError files.bad_name
 */
export function assertFileName(key: string): void {
  const refuse = (why: string): never => {
    throw codedError('files.bad_name', why);
  };
  if (key.trim() === '' || key !== key.trim())
    refuse('It is empty, or begins or ends with a space.');
  if (key.length > LONGEST) refuse(`It is longer than ${LONGEST} characters.`);
  if (UNSEEN.test(key) || !key.isWellFormed()) refuse('It holds characters that cannot be seen.');
  const steps = key.split(/[\\/]/);
  if (steps.some((step) => step === '..' || step === '.' || step === '')) {
    refuse('A step of it is empty, “.” or “..”.');
  }
}
