/** What a message must pass before it is stored: its size, and no secret in it unless a person says so. */
import { codedError } from '../contract/index.ts';
import { describeFindings, findSecrets } from '../send-guard/index.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentRow } from './rows.ts';

/** How much of a file is looked through at a time, bytes. */
const PIECE_BYTES = 256 * 1024;
/** Pieces overlap by so much, so that a secret on their border is seen. Longer ones are seen anyway. */
const OVERLAP_BYTES = 8 * 1024;

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
    let line = 0;
    for (let offset = 0; offset < row.bytes; offset += PIECE_BYTES) {
      const data = await files.read(row.id, offset, PIECE_BYTES + OVERLAP_BYTES);
      if (!data || data.includes(0)) break;
      const text = Buffer.from(data).toString('utf8');
      const found = findSecrets(text).map((one) => ({ ...one, line: one.line + line }));
      if (found.length > 0) {
        const detail = describeFindings(found, `“${row.name}”`);
        throw codedError('message.looks_secret', detail);
      }
      for (const byte of data.subarray(0, PIECE_BYTES)) if (byte === 10) line += 1;
    }
  }
}
