/**
 * The door of the running app on macOS and Windows, as far as it can be tried here: where it lies, and who
 * is spoken to. The sockets are real ones of this system; which system it is, is injected.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDoor } from '../../../bin/door.ts';
import { EXIT } from '../../../bin/exits.ts';
import { systemClock } from '../../../electron/clock/clock.ts';
import { ok } from '../../../electron/contract/index.ts';
import { createBoundary } from '../../../electron/shell/boundary.ts';
import { callControl } from '../../../electron/shell/control/control-client.ts';
import { ControlServer } from '../../../electron/shell/control/control-server.ts';
import { isProof, newDoorKey, proofOf } from '../../../electron/shell/control/door-proof.ts';
import { claimHome } from '../../../electron/shell/control/single-instance.ts';
import {
  homeHash,
  keyToProve,
  rememberedSocket,
  rememberSocket,
  socketPathOf,
} from '../../../electron/shell/control/socket-place.ts';
import { homeFolderOf } from '../../../electron/shell/home-place.ts';
import { fakeApp } from './fake-app.ts';

let folder: string;
let home: string;
let socket: string;
const ends: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pd-'));
  home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  socket = join(home, 'control.sock');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** The app, as it listens on every system. */
async function app(): Promise<ControlServer> {
  const claim = await claimHome(home, socket);
  if (!claim.first) throw new Error('the home is taken');
  serve(claim.server);
  return claim.server;
}

function serve(server: ControlServer): void {
  ends.push(() => server.stop());
  server.serve(
    createBoundary({
      port: fakeApp({ 'peer.list': () => ok({ peers: [] }) } as never),
      clock: systemClock(),
      log: () => {},
      redact: (text) => text,
      local: { 'app.show': () => ok({ url: null }) },
    }),
  );
}

/** Another program that listens where the app did, and answers the greeting as the app would. */
async function stranger(): Promise<string[]> {
  const heard: string[] = [];
  const server: Server = createServer((client) => {
    client.on('error', () => {});
    client.on('data', (bytes) => {
      for (const line of String(bytes).trim().split('\n')) {
        const frame = JSON.parse(line) as { kind: string };
        heard.push(frame.kind);
        const body = { version: '0.1.0', protocol: 1, proof: proofOf(newDoorKey(), 'x') };
        client.write(`${JSON.stringify({ v: 1, id: '', kind: 'hello', name: '', body })}\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  ends.push(async () => void server.close());
  return heard;
}

describe('on macOS', () => {
  const mac = { env: {}, platform: 'darwin' as const, uid: process.getuid?.() ?? null };

  test('the socket lies in the home, from which nothing is swept', () => {
    const usual = homeFolderOf({ ...mac, given: null, userHome: '/Users/a-name-of-20-letters' });
    const path = socketPathOf(usual, mac);
    expect(path).toBe(`${usual}/control.sock`);
    // sockaddr_un.sun_path has 104 bytes there, the last of them 0.
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103);
  });

  test('a home with a long path has it in the folder for temporary files, which is made 0700', () => {
    vi.stubEnv('TMPDIR', folder);
    const long = join(folder, 'ü'.repeat(45));
    const path = socketPathOf(long, mac);
    expect(path).toBe(join(folder, `peerage-${mac.uid}`, `${homeHash(long)}.sock`));
    expect(statSync(join(folder, `peerage-${mac.uid}`)).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103);
  });

  test('it is told apart in bytes, not in letters', () => {
    const room = 103 - Buffer.byteLength('/control.sock') - 1;
    const fits = `/${'a'.repeat(room)}`;
    expect(Buffer.byteLength(socketPathOf(fits, mac))).toBe(103);
    vi.stubEnv('TMPDIR', folder);
    expect(socketPathOf(`/${'a'.repeat(room - 1)}ü`, mac)).not.toContain('ü');
  });

  test('an app listens there with 0600, and what a crash left behind is taken over', async () => {
    const server = await app();
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(rememberedSocket(home)).toBe(socket);
    const door = await openDoor(home, '0.1.0', 'darwin');
    expect(await door?.call('peer.list', {})).toEqual({ peers: [] });
    door?.close();
    await server.stop();
    expect(await openDoor(home, '0.1.0', 'darwin')).toBe(null);
    await app();
  });
});

describe('on Windows', () => {
  const windows = { env: {}, platform: 'win32' as const, uid: null };

  test('the pipe is named for the user and the home, flat, and short enough', () => {
    const path = socketPathOf(`C:\\Users\\${'n'.repeat(200)}\\AppData\\Roaming\\Peerage`, windows);
    expect(path).toMatch(/^\\\\\.\\pipe\\peerage-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(path.length).toBeLessThanOrEqual(256);
    expect(socketPathOf('C:\\A', windows)).not.toBe(socketPathOf('C:\\B', windows));
  });

  test('the home is in the roaming folder of the user', () => {
    const of = { given: null, platform: 'win32' as const, userHome: 'C:\\Users\\Ada' };
    const place = homeFolderOf({ ...of, env: { APPDATA: 'C:\\Users\\Ada\\AppData\\Roaming' } });
    expect(win32.normalize(place)).toBe('C:\\Users\\Ada\\AppData\\Roaming\\Peerage');
  });

  test('each start writes a new key into the home, readable by this user alone', async () => {
    const server = await app();
    const first = keyToProve(home, 'win32');
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(home, 'control-socket')).mode & 0o777).toBe(0o600);
    await server.stop();
    await app();
    expect(keyToProve(home, 'win32')).not.toBe(first);
    expect(keyToProve(home, 'linux')).toBe(undefined);
    expect(keyToProve(join(folder, 'nothing'), 'win32')).toBe(null);
  });

  test('the app that knows the key is spoken to, by a command and by a second start', async () => {
    await app();
    const door = await openDoor(home, '0.1.0', 'win32');
    expect(await door?.call('peer.list', {})).toEqual({ peers: [] });
    door?.close();
    const key = () => keyToProve(home, 'win32');
    expect(await callControl(socket, 'app.show', {}, { key })).toEqual(ok({ url: null }));
  });

  test('a start that comes while the first one begins is not taken in by the key of before', async () => {
    // It listens, and has not written its key down yet: there stands the one of the last start, or none.
    const key = newDoorKey();
    const server = new ControlServer(key);
    await server.listen(socket);
    rememberSocket(home, socket, newDoorKey());
    const door = openDoor(home, '0.1.0', 'win32');
    const second = callControl(socket, 'app.show', {}, { key: () => keyToProve(home, 'win32') });
    rmSync(join(home, 'control-socket'));
    const third = callControl(socket, 'app.show', {}, { key: () => keyToProve(home, 'win32') });
    rememberSocket(home, socket, key);
    serve(server);
    expect(await second).toEqual(ok({ url: null }));
    expect(await third).toEqual(ok({ url: null }));
    expect(await (await door)?.call('peer.list', {})).toEqual({ peers: [] });
    (await door)?.close();
  });

  test('an app of before there were keys is told to be one, and what to do', async () => {
    await app();
    writeFileSync(join(home, 'control-socket'), `${socket}\n1\n`);
    await expect(openDoor(home, '0.1.0', 'win32')).rejects.toMatchObject({
      ...{ exit: EXIT.refused, code: 'door.not_ours' },
      message: expect.stringContaining('older Peerage runs there, quit it'),
    });
    const printed: string[] = [];
    const read = (): string | null => keyToProve(home, 'win32') ?? null;
    const answer = await callControl(socket, 'app.show', {}, { key: read });
    if (!answer.ok) printed.push(answer.error.remedy?.text ?? '');
    expect(printed.join()).toContain('If a Peerage from before an update still runs, quit it');
  });

  test('a program that does not know it hears no more than a greeting', async () => {
    rememberSocket(home, socket, newDoorKey());
    const heard = await stranger();
    const refused = { exit: EXIT.refused, code: 'door.not_ours' };
    await expect(openDoor(home, '0.1.0', 'win32')).rejects.toMatchObject(refused);
    const link = { link: 'peerage://invite/secret' };
    const key = () => keyToProve(home, 'win32');
    expect(await callControl(socket, 'app.show', link, { key })).toMatchObject({
      ok: false,
      error: { code: 'door.not_ours' },
    });
    expect(heard).toEqual(['hello', 'hello']);
  });

  test('where no key was written down nothing is said at all', async () => {
    writeFileSync(join(home, 'control-socket'), `${socket}\n1\n`);
    const heard = await stranger();
    expect(await callControl(socket, 'app.show', {}, { key: () => null })).toMatchObject({
      error: { code: 'door.not_ours' },
    });
    await expect(openDoor(home, '0.1.0', 'win32')).rejects.toMatchObject({ exit: EXIT.refused });
    expect(heard.filter((kind) => kind !== 'hello')).toEqual([]);
  });

  test('a proof is of one key and one challenge', () => {
    const [key, challenge] = [newDoorKey(), newDoorKey()];
    expect(isProof(key, challenge, proofOf(key, challenge))).toBe(true);
    expect(isProof(newDoorKey(), challenge, proofOf(key, challenge))).toBe(false);
    expect(isProof(key, newDoorKey(), proofOf(key, challenge))).toBe(false);
    for (const none of [undefined, null, '', 7, {}, challenge, key]) {
      expect(isProof(key, challenge, none)).toBe(false);
    }
    expect(proofOf(key, challenge)).not.toContain(key);
  });
});

test('who opens the door and says nothing does not keep a place', async () => {
  const server = new ControlServer(newDoorKey(), 50);
  await server.listen(socket);
  serve(server);
  rememberSocket(home, socket, newDoorKey());
  const door = await openDoor(home, '0.1.0', 'linux');
  await door?.greeted();
  const silent = connect(socket);
  silent.on('error', () => {});
  await new Promise<void>((resolve) => silent.once('close', () => resolve()));
  // Who spoke stays for as long as it likes.
  expect(await door?.call('peer.list', {})).toEqual({ peers: [] });
  door?.close();
});
