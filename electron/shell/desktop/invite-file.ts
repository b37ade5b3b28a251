/**
 * An invite as a file (`.peerage-invite`): one line, the same link. It is read by the same rules as a
 * link, and leads to the same place; nothing is done by opening it.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MAX_LINK_UNITS } from '../../contract/index.ts';
import { parseDeepLink } from './deep-link.ts';

const ENDING = '.peerage-invite';
/** A link is ASCII; an end of line may follow. */
const MAX_BYTES = MAX_LINK_UNITS + 2;

/** The link in a file, or '' where it is not exactly an invite: then the person is told so. */
export function readInviteFile(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const entry = fstatSync(file);
      // A pipe or a device could keep us waiting for ever; a cut file could look like a whole one.
      if (!entry.isFile() || entry.size > MAX_BYTES) return '';
      const bytes = Buffer.alloc(MAX_BYTES);
      const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0)).trim();
      return parseDeepLink(text)?.kind === 'invite' ? text : '';
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** The link of an invite file among the arguments of a start: Linux and Windows put its path there. */
export function inviteAmong(args: readonly string[]): string | undefined {
  const path = args.find((arg) => !arg.startsWith('-') && arg.endsWith(ENDING));
  return path === undefined ? undefined : readInviteFile(path);
}
