/**
 * Where the control socket of a home folder is. A socket's path may have about 100 bytes only, so on Linux
 * it is named by a hash, in a folder of the user's own. On macOS it lies in the home folder where the path
 * is short enough: what nobody touched for three days is swept from the folder for temporary files there,
 * and with it the socket of an app that runs.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { codedError, DOOR_PROTOCOL } from '../../contract/index.ts';
import { closeToOthers } from '../home-place.ts';

/**
 * What of the process decides about the place, handed in so that each platform can be tested on
 * any.
 */
export interface PlaceSources {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Null where users have no numbers (Windows). */
  readonly uid: number | null;
}

/** What this process was started with. */
export const placeSources = (): PlaceSources => ({
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.() ?? null,
});

/** Linux takes 107 bytes, macOS 103. */
const LONGEST_PATH = 103;
/** Remembers inside the home where its socket is: a second start may have another environment. */
const POINTER = 'control-socket';

/** Names the home without telling it. `home` must be the real path. */
export function homeHash(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 24);
}

/** The folder for sockets: made if need be, owned by us, closed to others. Throws otherwise. */
export function runtimeFolder({ env, platform, uid }: PlaceSources): string {
  const given = env.XDG_RUNTIME_DIR;
  if (platform === 'linux' && given && isAbsolute(given) && ownFolder(given, uid)) {
    return made(join(given, 'peerage'));
  }
  const temporary = platform === 'darwin' ? tmpdir() : '/tmp';
  return made(join(temporary, `peerage-${uid ?? 'user'}`));
}

/** The path to listen at: a socket, or on Windows the name of a pipe, which has up to 256 characters. */
export function socketPathOf(home: string, sources: PlaceSources = placeSources()): string {
  if (sources.platform === 'win32') {
    const user = createHash('sha256').update(userInfo().username).digest('hex').slice(0, 8);
    return `\\\\.\\pipe\\peerage-${user}-${homeHash(home)}`;
  }
  if (sources.platform === 'darwin') {
    const inHome = join(home, 'control.sock');
    if (Buffer.byteLength(inHome) <= LONGEST_PATH) return inHome;
  }
  const path = join(runtimeFolder(sources), `${homeHash(home)}.sock`);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  const short = join(made(`/tmp/peerage-${sources.uid}`), `${homeHash(home)}.sock`);
  return short;
}

/** Writes down where the socket of this home is, what is spoken there, and the key of who listens. */
export function rememberSocket(home: string, path: string, key: string): void {
  writeFileSync(join(home, POINTER), `${path}\n${DOOR_PROTOCOL}\n${key}\n`, { mode: 0o600 });
}

/** A line of what was written down at the last start, or null. */
function remembered(home: string, line: number): string | null {
  try {
    return readFileSync(join(home, POINTER), 'utf8').split('\n')[line] || null;
  } catch {
    return null;
  }
}

/** Where the socket of this home was last, or null. */
export const rememberedSocket = (home: string): string | null => remembered(home, 0);

/**
 * The key that who listens there must show that it knows (door-proof.ts); undefined where the owner of the
 * socket says enough, null where none was written down.
 */
export const keyToProve = (
  home: string,
  platform: NodeJS.Platform = process.platform,
): string | null | undefined => (platform === 'win32' ? remembered(home, 2) : undefined);

/** Absent counts as ours to make. @throws CodedError `door.not_ours` where somebody else put it there */
export function assertOwnSocket(path: string): void {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry && (!entry.isSocket() || entry.uid !== uid)) {
    throw codedError(
      'door.not_ours',
      `${path} is not a control socket of this user. Remove it if you put it there.`,
    );
  }
}

function ownFolder(path: string, uid: number | null): boolean {
  const entry = statSync(path, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && (uid === null || entry.uid === uid);
}

function made(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  closeToOthers(path);
  return path;
}
