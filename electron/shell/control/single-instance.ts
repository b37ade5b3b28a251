/**
 * One app per home folder. Whoever can listen at the home's control socket is the first; everybody
 * after it finds the socket alive. A socket that a crash left behind is taken away, by one at a time.
 */
import { mkdir, rmdir, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookAtSocket } from './control-client.ts';
import { ControlServer } from './control-server.ts';
import { newDoorKey } from './door-proof.ts';
import { rememberedSocket, rememberSocket, socketPathOf } from './socket-place.ts';

/** Who has the home. The first one's server listens at `path` already. */
export type Claim =
  | { readonly first: true; readonly server: ControlServer; readonly path: string }
  /** Another one has this home; `path` is where it listens. */
  | { readonly first: false; readonly path: string };

const TRIES = 100;
const PAUSE_MS = 50;
/** A takeover lasts milliseconds; one that is older belongs to a process that died in it. */
const STALE_TAKEOVER_MS = 5_000;

/** @param home its real path (openHomeFolder). */
export async function claimHome(home: string, path = socketPathOf(home)): Promise<Claim> {
  const remembered = rememberedSocket(home);
  if (remembered !== null && remembered !== path) {
    // The first was started with another environment, so its socket lies elsewhere.
    const state = await lookAtSocket(remembered).catch(() => 'absent' as const);
    if (state === 'live') return { first: false, path: remembered };
  }
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const key = newDoorKey();
    const server = new ControlServer(key);
    try {
      await server.listen(path);
      rememberSocket(home, path, key);
      return { first: true, server, path };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    }
    if ((await lookAtSocket(path)) === 'live') return { first: false, path };
    await sleep(PAUSE_MS);
    await removeStale(path);
  }
  throw new Error(`the control socket ${path} could not be taken`);
}

/** Looks again with the lock held: between two looks somebody else may have begun to listen. */
async function removeStale(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const lock = `${path}.takeover`;
  try {
    await mkdir(lock);
  } catch {
    const held = await stat(lock).catch(() => null);
    if (held && Date.now() - held.mtimeMs > STALE_TAKEOVER_MS) await rmdir(lock).catch(() => {});
    return;
  }
  try {
    if ((await lookAtSocket(path)) === 'stale') await unlink(path);
  } finally {
    await rmdir(lock).catch(() => {});
  }
}
