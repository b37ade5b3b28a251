import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFault, folderFault } from '../../../electron/secrets/folder-rules.ts';
import {
  FolderSecretStore,
  MemorySecretStore,
  OverlaySecretStore,
  secretAccount,
} from '../../../electron/secrets/index.ts';

const TOKEN = secretAccount('home', 'gateway-token', 'link-of-alice');
const KEY = secretAccount('home', 'device-key', 'own');

describe.skipIf(process.platform === 'win32')('a mounted folder', () => {
  let dir: string;
  let store: FolderSecretStore;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'peerage-secrets-'));
    store = new FolderSecretStore({
      dir,
      refOfLink: (id) => (id.startsWith('link-of-') ? id.slice('link-of-'.length) : undefined),
    });
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const put = (name: string, text: string, mode = 0o600) =>
    writeFile(join(dir, name), text, { mode });

  it('gives each kind from its file, without the last line break', async () => {
    await put('alice.token', 'the token\n');
    await put('alice.password', 'two\nlines\r\n', 0o400);
    await put('alice.device-token', 'device');
    await put('device-key.pem', 'PEM\n');
    const read = async (kind: Parameters<typeof secretAccount>[1]) =>
      store.get(secretAccount('home', kind, 'link-of-alice'));
    expect(await read('gateway-token')).toEqual({ kind: 'found', value: 'the token' });
    expect(await read('gateway-password')).toEqual({ kind: 'found', value: 'two\nlines' });
    expect(await read('device-token')).toEqual({ kind: 'found', value: 'device' });
    expect(await store.get(KEY)).toEqual({ kind: 'found', value: 'PEM\n' });
    expect(await store.status()).toMatchObject({ kind: 'read_only_folder' });
  });

  it('knows nothing of links without a file or a name', async () => {
    expect(await store.get(TOKEN)).toEqual({ kind: 'absent' });
    expect(await store.get(secretAccount('home', 'gateway-token', 'unnamed'))).toEqual({
      kind: 'absent',
    });
  });

  it('is never written', async () => {
    await expect(store.set(TOKEN, 'x')).rejects.toMatchObject({ code: 'secrets.read_only' });
    await expect(store.delete(TOKEN)).rejects.toMatchObject({ code: 'secrets.read_only' });
  });

  it.each([0o750, 0o705, 0o755, 0o701])('is refused with mode %o', async (mode) => {
    await put('alice.token', 'x');
    await chmod(dir, mode);
    expect(await store.status()).toMatchObject({ kind: 'folder_unsafe' });
    expect(await store.get(TOKEN)).toMatchObject({
      kind: 'unavailable',
      status: { kind: 'folder_unsafe' },
    });
    await expect(store.set(TOKEN, 'x')).rejects.toMatchObject({ code: 'secrets.folder_unsafe' });
  });

  it.each([0o640, 0o604, 0o644])('refuses a file with mode %o', async (mode) => {
    await put('alice.token', 'x');
    await chmod(join(dir, 'alice.token'), mode);
    expect(await store.get(TOKEN)).toMatchObject({
      kind: 'unavailable',
      status: { kind: 'folder_unsafe' },
    });
  });

  it('follows the versioned links of a Kubernetes volume, and judges what they lead to', async () => {
    await mkdir(join(dir, '..2026_01'), { mode: 0o755 });
    await writeFile(join(dir, '..2026_01', 'alice.token'), 'mounted\n', { mode: 0o400 });
    await symlink('..2026_01', join(dir, '..data'));
    await symlink(join('..data', 'alice.token'), join(dir, 'alice.token'));
    await chmod(dir, 0o1777);
    expect(await store.get(TOKEN)).toEqual({ kind: 'found', value: 'mounted' });
    await chmod(join(dir, '..2026_01', 'alice.token'), 0o644);
    expect(await store.get(TOKEN)).toMatchObject({ status: { kind: 'folder_unsafe' } });
    await chmod(dir, 0o777);
    expect(await store.status()).toMatchObject({ kind: 'folder_unsafe' });
  });

  it('refuses links out of the folder, pipes, folders and huge files, without waiting', async () => {
    const outside = `${dir}-outside`;
    await writeFile(outside, 'x', { mode: 0o600 });
    await symlink(outside, join(dir, 'alice.token'));
    expect(await store.get(TOKEN)).toMatchObject({ status: { kind: 'folder_unsafe' } });
    await rm(outside);
    spawnSync('mkfifo', ['-m', '600', join(dir, 'pipe.token')]);
    await mkdir(join(dir, 'folder.token'), { mode: 0o700 });
    await put('huge.token', 'x'.repeat(70_000));
    for (const name of ['pipe', 'folder', 'huge']) {
      const account = secretAccount('home', 'gateway-token', `link-of-${name}`);
      expect(await store.get(account)).toMatchObject({ status: { kind: 'folder_unsafe' } });
    }
  });

  it('says that a missing folder cannot be read, never that a secret is absent', async () => {
    await rm(dir, { recursive: true });
    expect(await store.get(TOKEN)).toMatchObject({
      kind: 'unavailable',
      status: { kind: 'broken' },
    });
  });

  it('takes device tokens into memory when overlaid, and nothing else', async () => {
    await put('alice.device-token', 'mounted');
    const overlay = new OverlaySecretStore(store, new MemorySecretStore());
    const device = secretAccount('home', 'device-token', 'link-of-alice');
    expect(await overlay.get(device)).toEqual({ kind: 'found', value: 'mounted' });
    await overlay.set(device, 'newer');
    expect(await overlay.get(device)).toEqual({ kind: 'found', value: 'newer' });
    await expect(overlay.set(KEY, 'x')).rejects.toMatchObject({ code: 'secrets.read_only' });
    expect(await overlay.status()).toMatchObject({ kind: 'read_only_folder' });
  });
});

describe('who may reach a mounted secret', () => {
  const reader = { uid: 1000, checksModes: true };
  const file = (mode: number, uid: number) => ({
    mode,
    uid,
    isFile: () => true,
    isDirectory: () => false,
  });
  const folder = (mode: number, uid: number) => ({
    mode,
    uid,
    isFile: () => false,
    isDirectory: () => true,
  });

  it.each([
    [0o400, 1000, true],
    [0o600, 1000, true],
    [0o440, 1000, false],
    [0o440, 0, true],
    [0o460, 0, false],
    [0o444, 0, false],
    [0o400, 1001, false],
  ])('a file %o of user %i: %s', (mode, uid, fine) => {
    expect(fileFault(file(mode, uid), reader) === undefined).toBe(fine);
  });

  it.each([
    [0o700, 1000, true],
    [0o500, 0, true],
    [0o550, 0, true],
    [0o570, 0, false],
    [0o750, 1000, false],
    [0o700, 1001, false],
  ])('a folder %o of user %i: %s', (mode, uid, fine) => {
    expect(folderFault(folder(mode, uid), false, reader) === undefined).toBe(fine);
  });
});
