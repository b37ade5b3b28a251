/** Where a person's Peerage keeps everything: one folder, made when the app starts. */
import { mkdirSync, realpathSync } from 'node:fs';
import { codedError } from '../contract/index.ts';
import { closeToOthers } from './home-place.ts';

export { closeToOthers, type HomeSources, homeFolderOf, homeSources } from './home-place.ts';

/**
 * Makes the folder, closed to others, and gives its real path, so that one home has one name.
 * Throws `store.not_writable` where it cannot be had.
 */
export function openHomeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const real = realpathSync.native(path);
    closeToOthers(real);
    return real;
  } catch (error) {
    throw codedError('store.not_writable', `${path}: ${(error as Error).message}`);
  }
}
