/** Stamps: a hash of what something was made from, kept beside it, so that it is made again only then. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The hash of files and whole folders: names and contents, not times. What is absent counts as such.
 * @param {string} base
 * @param {string[]} paths relative to the base
 */
export function hashOf(base, paths) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const full = join(base, path);
    const entry = lstatSync(full, { throwIfNoEntry: false });
    if (entry?.isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
      return;
    }
    hash.update(`${path.replaceAll('\\', '/')}\0`);
    if (entry?.isFile()) hash.update(readFileSync(full));
    hash.update('\0');
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

/**
 * @param {string} file
 * @returns {string} what it says, or '' where there is none.
 */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * @param {string} file
 * @param {string} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${stamp}\n`);
}
