import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** The program that opens a file in the person's browser, and its arguments. */
export function openerOf(platform: NodeJS.Platform, path: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [path]];
  if (platform === 'win32') return ['explorer.exe', [pathToFileURL(path).href]];
  return ['xdg-open', [path]];
}

/** Opens the redirect file. Resolves to false where no browser could be started. */
export function openInBrowser(path: string): Promise<boolean> {
  const [program, args] = openerOf(process.platform, path);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, windowsHide: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
