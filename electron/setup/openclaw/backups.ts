/**
 * Copies of the OpenClaw configuration from before each change, byte for byte. They hold what the file
 * holds, its token too, so they lie in the app's home, readable by this user alone.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { GatewayBackup } from '../../contract/index.ts';

/** Kept; the oldest go. */
const KEPT = 10;
const NAME = /^(\d{13})-[0-9a-f]{8}$/;

/** The copies in one folder: the last ten are kept, each with the path that it is of. */
export interface Backups {
  /** Newest first. */
  list(): Promise<GatewayBackup[]>;
  /** Keeps these bytes as what the file held. Rejects where they cannot be written. */
  keep(configPath: string, bytes: Buffer, at: number): Promise<GatewayBackup>;
  /** The bytes of one, or null where it is gone. */
  read(backupId: string): Promise<{ configPath: string; bytes: Buffer } | null>;
}

/** Backups in `folder`, which is made on first use. */
export function createBackups(folder: string): Backups {
  const file = (id: string): string => path.join(folder, `${id}.json`);
  const origin = (id: string): string => path.join(folder, `${id}.path`);

  const list = async (): Promise<GatewayBackup[]> => {
    const names = await readdir(folder).catch(() => []);
    const ids = names.flatMap((name) => {
      const id = name.endsWith('.json') ? name.slice(0, -5) : '';
      return NAME.test(id) ? [id] : [];
    });
    const found = await Promise.all(
      ids.map(async (backupId): Promise<GatewayBackup[]> => {
        const [info, configPath] = await Promise.all([
          stat(file(backupId)).catch(() => null),
          readFile(origin(backupId), 'utf8').catch(() => null),
        ]);
        if (info === null || configPath === null) return [];
        return [{ backupId, at: Number(NAME.exec(backupId)?.[1]), bytes: info.size, configPath }];
      }),
    );
    return found.flat().sort((a, b) => b.at - a.at);
  };

  return {
    list,
    keep: async (configPath, bytes, at) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const backupId = `${at}-${randomBytes(4).toString('hex')}`;
      await writeFile(origin(backupId), configPath, { mode: 0o600 });
      await writeFile(file(backupId), bytes, { mode: 0o600, flush: true });
      for (const old of (await list()).slice(KEPT)) {
        await rm(file(old.backupId), { force: true });
        await rm(origin(old.backupId), { force: true });
      }
      return { backupId, at, bytes: bytes.length, configPath };
    },
    read: async (backupId) => {
      if (!NAME.test(backupId)) return null;
      try {
        const [configPath, bytes] = await Promise.all([
          readFile(origin(backupId), 'utf8'),
          readFile(file(backupId)),
        ]);
        return { configPath, bytes };
      } catch {
        return null;
      }
    },
  };
}

/** Replaces a file in one step, with the mode that it had. A link to it stays a link to it. */
export async function replaceFile(named: string, bytes: Buffer): Promise<void> {
  const target = await realpath(named).catch(() => named);
  const mode = (await stat(target).catch(() => null))?.mode ?? 0o600;
  const beside = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(beside, bytes, { mode: mode & 0o777, flush: true });
  await rename(beside, target);
}
