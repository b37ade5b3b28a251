/** Looks for secrets in every place where none may be. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });

/** The spellings in which a secret could be written down. */
const spellings = (secret: string): string[] => [
  secret,
  // Files and processes are read byte by byte.
  Buffer.from(secret).toString('latin1'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
];

const holds = (text: string, secret: string): boolean =>
  spellings(secret).some((spelling) => text.includes(spelling));

/** The files of a folder that hold one of the secrets, whatever their kind. */
export const filesWithSecrets = (folder: string, secrets: readonly string[]): string[] =>
  filesUnder(folder).filter((path) => {
    const bytes = readFileSync(path).toString('latin1');
    return secrets.some((secret) => holds(bytes, secret));
  });

/** The files and folders of a home that somebody else may read. */
export const openToOthers = (home: string): string[] =>
  [home, ...filesUnder(home)].filter((path) => (statSync(path).mode & 0o077) !== 0);

/** Texts that hold one of the secrets, shortened. */
export const textsWithSecrets = (texts: readonly string[], secrets: readonly string[]): string[] =>
  texts
    .filter((text) => secrets.some((secret) => holds(text, secret)))
    .map((text) => text.slice(0, 200));

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** The processes that `pid` started, and those that they started. Linux only; empty elsewhere. */
export function descendants(pid: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  // The second field is a name in parentheses and may hold blanks; the parent is the fourth.
  const parentOf = (name: string): number =>
    Number(read(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')[1] ?? 0);
  const children = all.filter((name) => parentOf(name) === pid).map(Number);
  return [...children, ...children.flatMap(descendants)];
}

/** The processes among `pids` whose arguments or environment hold one of the secrets. */
export const processesWithSecrets = (
  pids: readonly number[],
  secrets: readonly string[],
): number[] =>
  pids.filter((pid) => {
    const seen = read(`/proc/${pid}/cmdline`) + read(`/proc/${pid}/environ`);
    return secrets.some((secret) => holds(seen, secret));
  });
