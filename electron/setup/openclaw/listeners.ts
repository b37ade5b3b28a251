/**
 * The sockets that listen on a port, from Linux' own lists. Elsewhere the `openclaw` command tells them
 * (`gateway status`), where it can.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { GatewayListener } from '../../contract/index.ts';

/** `st` of a socket that listens (include/net/tcp_states.h). */
const LISTEN = '0A';

interface Row {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** Reads `/proc/net/tcp` or `tcp6`: addresses are 32-bit words in the machine's byte order. */
export function parseProcNet(text: string): Row[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const cells = line.trim().split(/\s+/);
      const [hex, port] = (cells[1] ?? '').split(':');
      if (cells[3] !== LISTEN || !hex || !port) return [];
      return [{ address: addressOf(hex), port: Number.parseInt(port, 16), inode: cells[9] ?? '' }];
    });
}

function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const full = (bytes.join('').match(/.{4}/g) ?? []).join(':').toLowerCase();
  if (/^(0000:){7}0000$/.test(full)) return '::';
  if (/^(0000:){7}0001$/.test(full)) return '::1';
  const mapped = /^(0000:){5}ffff:(.{2})(.{2}):(.{2})(.{2})$/.exec(full);
  if (mapped)
    return mapped
      .slice(2)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  return new URL(`http://[${full}]/`).hostname.slice(1, -1);
}

/** Null where this system has no such lists. @param proc for tests */
export async function readListeners(
  port: number,
  proc = '/proc',
): Promise<GatewayListener[] | null> {
  const read = (file: string) => readFile(`${proc}/net/${file}`, 'utf8').catch(() => null);
  const [four, six] = await Promise.all([read('tcp'), read('tcp6')]);
  if (four === null && six === null) return null;
  const rows = [four, six]
    .flatMap((text) => (text === null ? [] : parseProcNet(text)))
    .filter((row) => row.port === port);
  const owners =
    rows.length > 0 ? await ownersOf(new Set(rows.map((row) => row.inode)), proc) : new Map();
  return rows.map((row) => {
    const owner = owners.get(row.inode);
    return {
      address: row.address,
      port,
      pid: owner?.pid ?? null,
      process: owner?.name ?? null,
    };
  });
}

/** Which process holds which socket; only processes of this user can be looked into. */
async function ownersOf(
  inodes: ReadonlySet<string>,
  proc: string,
): Promise<Map<string, { pid: number; name: string }>> {
  const found = new Map<string, { pid: number; name: string }>();
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (found.size === inodes.size) break;
    const files = await readdir(`${proc}/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`${proc}/${pid}/fd/${file}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const name = await readFile(`${proc}/${pid}/comm`, 'utf8').catch(() => '');
      found.set(inode, { pid: Number(pid), name: name.trim() });
    }
  }
  return found;
}
