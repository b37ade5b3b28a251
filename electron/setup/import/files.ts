/** The files themselves: where they usually lie, reading them carefully, and getting rid of them. */
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, type FileHandle, lstat, open, realpath, unlink } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { codedError, type ImportPlace } from '../../contract/index.ts';
import { MOST_BYTES } from './parse.ts';

/** A file as it was read: enough to tell later whether it is still the same. */
export interface ReadFile {
  /** Where it really is, links followed. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** The permission bits; null on Windows, which has other rules. */
  readonly mode: number | null;
  /** How many names the file has. */
  readonly names: number;
}

/** Where to look, and what to look with. */
export interface FileWorld {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** This machine, as the process sees it. */
export const thisMachine = (): FileWorld => ({
  home: os.homedir(),
  env: process.env,
  platform: process.platform,
});

/** Where the tools put their files (their own documentation); only those that are there. */
export async function usualPlaces({ home, env }: FileWorld): Promise<ImportPlace[]> {
  const workspace = path.join(home, '.openclaw', 'workspace');
  const config = env.XDG_CONFIG_HOME || path.join(home, '.config');
  const skill = ['agent-team-mesh', 'references', 'registry.json'];
  const candidates: ImportPlace[] = [
    { kind: 'peer_config', path: path.join(workspace, 'peer-agent', 'peer-config.md') },
    { kind: 'peer_config', path: path.join(home, 'peer-agent', 'peer-config.md') },
    {
      kind: 'mesh_tokens',
      path: env.MESH_TOKENS_FILE || path.join(config, 'agent-team-mesh', 'tokens.json'),
    },
    { kind: 'mesh_registry', path: path.join(workspace, 'skills', ...skill) },
    { kind: 'mesh_registry', path: path.join(home, '.openclaw', 'skills', ...skill) },
    { kind: 'agent_state', path: path.join(home, '.clawlink', 'agent_state.json') },
  ];
  const there = await Promise.all(
    candidates.map(async (one) => {
      const isThere = await access(one.path).then(
        () => true,
        () => false,
      );
      return isThere ? [one] : [];
    }),
  );
  return there.flat();
}

/** `~` is the home folder; anything else must be a complete path. */
export function completePath(typed: string, home: string): string {
  const text = typed.trim();
  const full = /^~(?=$|[/\\])/.test(text) ? path.join(home, text.slice(1)) : text;
  if (!path.isAbsolute(full) || full.includes('\0'))
    throw codedError('import.not_found', `“${text.slice(0, 200)}” is not a complete path.`);
  return path.normalize(full);
}

/**
 * Reads a whole file of at most {@link MOST_BYTES}.
 * @throws CodedError import.not_found, import.unreadable, import.too_large
 */
export async function readWhole(file: string, platform: NodeJS.Platform): Promise<ReadFile> {
  let handle: FileHandle | undefined;
  try {
    const real = await realpath(file);
    // A pipe would keep the call waiting for ever.
    if (!(await lstat(real)).isFile())
      throw codedError('import.unreadable', `${file} is not a file.`);
    handle = await open(real, 'r');
    const info = await handle.stat();
    if (info.size > MOST_BYTES)
      throw codedError('import.too_large', `${file} has ${info.size} bytes.`);
    const bytes = new Uint8Array(await handle.readFile());
    return {
      path: real,
      bytes,
      sha256: fingerprint(bytes),
      mode: platform === 'win32' ? null : info.mode & 0o777,
      names: info.nlink,
    };
  } catch (error) {
    throw readFailure(error, file);
  } finally {
    await handle?.close();
  }
}

const fingerprint = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function readFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return codedError('import.not_found', `Nothing is at ${file}.`);
    case 'EACCES':
    case 'EPERM':
      return codedError('import.unreadable', `${file} may not be read by this user.`);
    default:
      return codedError('import.unreadable', `${file}: ${String(error.code)}.`);
  }
}

/** The same file with the same content as before. @throws CodedError import.changed, as {@link readWhole} */
export async function readAgain(before: ReadFile, platform: NodeJS.Platform): Promise<ReadFile> {
  const now = await readWhole(before.path, platform);
  if (now.sha256 !== before.sha256 || now.path !== before.path)
    throw codedError('import.changed', `${before.path} was written meanwhile.`);
  return now;
}

/** Leaves a file to its owner alone. @throws CodedError import.unreadable */
export async function protect(file: ReadFile, platform: NodeJS.Platform): Promise<ReadFile> {
  const now = await readAgain(file, platform);
  try {
    await chmod(now.path, 0o600);
  } catch (error) {
    throw readFailure(error, now.path);
  }
  return readAgain(file, platform);
}

/**
 * Overwrites the file's bytes once with random ones, where they lie, and deletes the name.
 * @throws CodedError import.changed, import.not_deleted
 */
export async function overwriteAndDelete(file: ReadFile, platform: NodeJS.Platform): Promise<void> {
  const now = await readAgain(file, platform);
  let handle: FileHandle | undefined;
  try {
    handle = await open(now.path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    const { size } = await handle.stat();
    if (size !== now.bytes.byteLength)
      throw codedError('import.changed', `${now.path} was written meanwhile.`);
    await handle.write(randomBytes(size), 0, size, 0);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await unlink(now.path);
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw codedError('import.not_deleted', `${now.path}: ${String(error.code)}.`);
    throw error;
  } finally {
    await handle?.close();
  }
}
