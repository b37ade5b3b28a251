/** Where a home is, by the platform's custom. Loads nothing of the contract: a command must start fast. */
import { chmodSync, lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** What of the process decides where the home is. `given` is null without the argument. */
export interface HomeSources {
  /** `--home`. */
  readonly given: string | null;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly userHome: string;
}

/** What this process was started with. */
export const homeSources = (given: string | null): HomeSources => ({
  given,
  env: process.env,
  platform: process.platform,
  userHome: homedir(),
});

/** `--home`, then `PEERAGE_HOME`, then the platform's place. Makes nothing. */
export function homeFolderOf({ given, env, platform, userHome }: HomeSources): string {
  const named = given ?? env.PEERAGE_HOME;
  if (named !== undefined && named !== '') return resolve(named);
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', 'Peerage');
  if (platform === 'win32') {
    return join(env.APPDATA ?? join(userHome, 'AppData', 'Roaming'), 'Peerage');
  }
  // XDG: a relative path in the variable is to be ignored.
  const data = env.XDG_DATA_HOME;
  const base = data && isAbsolute(data) ? data : join(userHome, '.local', 'share');
  return join(base, 'peerage');
}

/** Takes away the rights of group and others; refuses what is no folder or belongs to somebody else. */
export function closeToOthers(folder: string): void {
  const entry = lstatSync(folder);
  if (!entry.isDirectory()) throw new Error(`${folder} is not a folder`);
  const uid = process.getuid?.();
  if (uid === undefined) return;
  if (entry.uid !== uid) throw new Error(`${folder} belongs to another user`);
  if ((entry.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
