import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** The program that opens a file in the person's browser, and its arguments. */
export function openerOf(platform: NodeJS.Platform, path: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [path]];
  if (platform === 'win32') return ['explorer.exe', [pathToFileURL(path).href]];
  return ['xdg-open', [path]];
}

/** Without a display xdg-open would look for a browser in text mode, and find us no person. */
export const hasDisplay = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean =>
  platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/** Opens the redirect file. Resolves to false where no browser could be started. */
export function openInBrowser(path: string): Promise<boolean> {
  if (!hasDisplay(process.platform, process.env)) return Promise.resolve(false);
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
