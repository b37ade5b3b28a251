/**
 * The file that a browser is started with. A key in an argument could be read by every user of the
 * machine (`ps`); the path of a file that only its owner can read tells nothing.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Its name inside the home folder. */
export const REDIRECT_FILE = 'open-window.html';

const ADDRESS = /url=(http:\/\/127\.0\.0\.1:\d{1,5}\/#key=[A-Za-z0-9_-]{43})"/;

/** Where it is. */
export const redirectPath = (home: string): string => join(home, REDIRECT_FILE);

/** Writes it, readable by its owner only, in one step: nobody sees half of it. */
export async function writeRedirect(home: string, address: string): Promise<string> {
  const path = redirectPath(home);
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  const page =
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Peerage</title>' +
    '<meta name="referrer" content="no-referrer">' +
    `<meta http-equiv="refresh" content="0;url=${address}"></head>` +
    `<body><p><a href="${address}">Open Peerage</a></p></body></html>\n`;
  await writeFile(fresh, page, { mode: 0o600, flag: 'wx' });
  await rename(fresh, path);
  return path;
}

/** The address in it, or null where there is none. For a second start by the same person. */
export async function readRedirect(home: string): Promise<string | null> {
  const page = await readFile(redirectPath(home), 'utf8').catch(() => '');
  return ADDRESS.exec(page)?.[1] ?? null;
}

/** Removes it at once, so that it cannot meet a new one; harmless where there is none. */
export function removeRedirect(home: string): void {
  rmSync(redirectPath(home), { force: true });
}
