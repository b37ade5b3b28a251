/** The send guard for files that are shared on a relay: everybody on it reads them, and the relay too. */
import { codedError } from '../contract/index.ts';
import { describeFindings, findSecrets } from '../send-guard/index.ts';

/** Content that is not text is base64, and its type says so. */
const BASE64 = /;base64$/;
const BASE64_TEXT = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/** What there is to read in it; null where it is no text. */
function textIn(content: string, type: string): string | null {
  // A type is what somebody said: text that calls itself base64 is text.
  if (!BASE64.test(type) || !BASE64_TEXT.test(content)) return content;
  const bytes = Buffer.from(content, 'base64');
  return bytes.includes(0) ? null : bytes.toString('utf8');
}

/**
 * Its name and, where it is text, what is in it.
 * @throws CodedError message.looks_secret, which says what and where, and never the secret.
 */
export function checkSharedFile(file: {
  readonly key: string;
  readonly content: string;
  readonly type: string;
}): void {
  const named = findSecrets(file.key);
  if (named.length > 0) {
    throw codedError('message.looks_secret', describeFindings(named, 'its name'));
  }
  const text = textIn(file.content, file.type);
  const found = text === null ? [] : findSecrets(text);
  if (found.length > 0) {
    throw codedError('message.looks_secret', describeFindings(found, `“${file.key}”`));
  }
}
