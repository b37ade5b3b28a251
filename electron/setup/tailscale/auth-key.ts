/** Auth keys: which are taken, and how one reaches `tailscale` without standing anywhere else. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { type AppError, appError } from '../../contract/index.ts';

const FOLDER = 'peerage-join-';
/** No joining takes longer: what is older was left by one that was killed, ms. */
const LEFT_OVER_MS = 600_000;

const KEYS_PAGE = {
  kind: 'link',
  label: 'Open the keys page',
  url: 'https://login.tailscale.com/admin/settings/keys',
} as const;

/**
 * Why a key is not taken; null where it is. Keys of a login server of one's own may look otherwise.
 * Prefixes: https://tailscale.com/kb/1277/key-prefixes
 */
export function keyRefusal(key: string, ownServer: boolean): AppError | null {
  const remedy = { remedy: { actions: [KEYS_PAGE] } };
  if (key.startsWith('tskey-api-')) {
    return appError('setup.join_api_key', 'It begins with tskey-api-.', remedy);
  }
  if (key.startsWith('tskey-client-')) {
    return appError('setup.join_oauth_secret', 'It begins with tskey-client-.', remedy);
  }
  if (/[\s\p{Cc}]/u.test(key)) {
    return appError('setup.join_key_form', 'It has spaces or control characters inside.', remedy);
  }
  if (!ownServer && !/^tskey-auth-[A-Za-z0-9-]+$/.test(key)) {
    return appError('setup.join_key_form', 'It does not begin with tskey-auth-.', remedy);
  }
  return null;
}

/** An auth key in a file of its own, which this user alone may read, for `--auth-key=file:…`. */
export interface KeyFile {
  readonly file: string;
  /** Deletes it, with its folder. Calling it again is harmless. */
  remove(): Promise<void>;
}

/** Writes a key where only this user reads it: a 0600 file in a 0700 folder of its own. */
export async function writeKeyFile(folder: string, key: string): Promise<KeyFile> {
  const own = await mkdtemp(path.join(folder, FOLDER));
  const file = path.join(own, 'key');
  const remove = (): Promise<void> => rm(own, { recursive: true, force: true });
  try {
    await writeFile(file, key, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, remove };
}

/** Deletes what a killed app may have left. Never rejects. */
export async function sweepKeyFiles(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names.filter((one) => one.startsWith(FOLDER))) {
    const left = path.join(folder, name);
    try {
      if (now - (await stat(left)).mtimeMs > LEFT_OVER_MS) {
        await rm(left, { recursive: true, force: true });
      }
    } catch {
      // Another one was faster, or it is not ours.
    }
  }
}
