/** Where things are. These scripts run before anything is installed: plain Node 20, no packages. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const modules = join(root, 'node_modules');
export const out = join(root, 'out');

/** Node 24, whatever the machine's own Node is: the app needs `node:sqlite`. */
export const pinnedNode = join(
  modules,
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
