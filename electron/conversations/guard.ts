/** What a message must pass before it is stored: its size, and no secret in it unless a person says so. */
import { codedError } from '../contract/index.ts';
import { describeFindings, findSecrets, findSecretsInFile } from '../send-guard/index.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentRow } from './rows.ts';

/** What Settings say of a message's size, in bytes of UTF-8. */
export interface SizeLimits {
  readonly softLimitBytes: number;
  readonly hardLimitBytes: number;
}

/**
 * Exactly at a limit passes.
 * @throws CodedError message.too_large
 */
export function checkSize(bytes: number, limits: SizeLimits): 'none' | 'over_soft_limit' {
  if (bytes > limits.hardLimitBytes) {
    throw codedError(
      'message.too_large',
      `It has ${bytes} bytes of UTF-8; the limit is ${limits.hardLimitBytes}.`,
    );
  }
  return bytes > limits.softLimitBytes ? 'over_soft_limit' : 'none';
}

/** @throws CodedError message.looks_secret, which says what and where, and never the secret. */
export function checkText(text: string): void {
  const found = findSecrets(text);
  if (found.length > 0) throw codedError('message.looks_secret', describeFindings(found));
}

/**
 * The same for files that are text; others are let through unread.
 * @throws CodedError message.looks_secret
 */
export async function checkFiles(
  rows: readonly AttachmentRow[],
  files: Pick<AttachmentFiles, 'read'>,
): Promise<void> {
  for (const row of rows) {
    const found = await findSecretsInFile(row.bytes, (offset, length) =>
      files.read(row.id, offset, length),
    );
    if (found.length > 0) {
      throw codedError('message.looks_secret', describeFindings(found, `“${row.name}”`));
    }
  }
}
