import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/clock/clock.ts';
import { type Frame, frame, ok } from '../../../electron/contract/index.ts';
import { createBoundary } from '../../../electron/shell/boundary.ts';
import { callControl, lookAtSocket } from '../../../electron/shell/control/control-client.ts';
import type { ControlServer } from '../../../electron/shell/control/control-server.ts';
import { lineReader } from '../../../electron/shell/control/lines.ts';
import { claimHome } from '../../../electron/shell/control/single-instance.ts';
import {
  homeHash,
  runtimeFolder,
  socketPathOf,
} from '../../../electron/shell/control/socket-place.ts';
import { tellError } from '../../../electron/shell/first-start.ts';
import { fakeApp, uuid } from './fake-app.ts';

let folder = '';
let home = '';
let servers: ControlServer[] = [];
const clock = systemClock();
const uid = process.getuid?.() ?? null;
const sources = (more: NodeJS.ProcessEnv = {}) => ({
  env: { XDG_RUNTIME_DIR: folder, ...more },
  platform: 'linux' as const,
  uid,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-control-'));
  home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
  rmSync(folder, { recursive: true, force: true });
});

async function first(path = socketPathOf(home, sources())) {
  const claim = await claimHome(home, path);
  if (!claim.first) throw new Error('not the first');
  servers.push(claim.server);
  const app = fakeApp();
  const boundary = createBoundary({
    port: app,
    clock,
    log: () => {},
    redact: (text) => text,
    local: { 'app.show': () => ok({ url: 'http://127.0.0.1:1/' }) },
  });
  claim.server.serve(boundary);
  return { path, app, boundary, server: claim.server };
}

/**
 * Writes bytes and gives the frames that come back, until the other side ends it or has answered all:
 * two calls of ours come after them, the second once the first is answered and `then` has run.
 */
function converse(path: string, bytes: string | Buffer, then = (): void => {}): Promise<Frame[]> {
  const marker = (id: string): string => `${JSON.stringify(frame('call', {}, 'app.about', id))}\n`;
  return new Promise((resolve, reject) => {
    const frames: Frame[] = [];
    const socket = connect(path, () =>
      socket.write(Buffer.concat([Buffer.from(bytes), Buffer.from(marker('first marker'))])),
    );
    const take = (one: Frame): void => {
      if (one.id === 'first marker') {
        then();
        socket.write(marker('last marker'));
      } else if (one.id === 'last marker') socket.destroy();
      else frames.push(one);
    };
    const read = lineReader(
      1e9,
      (line) => take(JSON.parse(line)),
      () => {},
    );
    socket.on('data', (chunk: Buffer) => read(chunk));
    socket.once('error', reject);
    socket.once('close', () => resolve(frames));
  });
}

describe('place of the control socket', () => {
  test('is in the runtime folder, named by a hash, short enough', () => {
    const path = socketPathOf(home, sources());
    expect(path).toBe(join(folder, 'peerage', `${homeHash(home)}.sock`));
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103);
    expect(statSync(join(folder, 'peerage')).mode & 0o777).toBe(0o700);
  });

  test('is elsewhere where the runtime folder has a long path, or is none', () => {
    const long = join(folder, 'x'.repeat(90));
    mkdirSync(long);
    const short = socketPathOf(home, sources({ XDG_RUNTIME_DIR: long }));
    expect(short).toBe(`/tmp/peerage-${uid}/${homeHash(home)}.sock`);
    expect(runtimeFolder(sources({ XDG_RUNTIME_DIR: '/nonexistent' }))).toBe(`/tmp/peerage-${uid}`);
    expect(runtimeFolder(sources({ XDG_RUNTIME_DIR: 'relative' }))).toBe(`/tmp/peerage-${uid}`);
  });

  test('is closed to others again where it was open', () => {
    const open = join(folder, 'peerage');
    mkdirSync(open);
    chmodSync(open, 0o777);
    runtimeFolder(sources());
    expect(statSync(open).mode & 0o777).toBe(0o700);
  });

  test('is refused where it is a link', () => {
    symlinkSync(home, join(folder, 'peerage'));
    expect(() => runtimeFolder(sources())).toThrow('is not a folder');
  });

  // Only root can give a file away, so only root can set this scene.
  test.skipIf(uid !== 0)('is refused where it belongs to somebody else', async () => {
    const { path } = await first();
    chownSync(path, 12_345, 12_345);
    await expect(lookAtSocket(path)).rejects.toThrow('not a control socket of this user');
    expect(await callControl(path, 'app.about', {})).toMatchObject({ ok: false });
    chownSync(path, 0, 0);
    chownSync(join(folder, 'peerage'), 12_345, 12_345);
    expect(() => runtimeFolder(sources())).toThrow('belongs to another user');
    chownSync(folder, 12_345, 12_345);
    expect(runtimeFolder(sources())).toBe(`/tmp/peerage-${uid}`);
  });

  test('is a pipe on Windows', () => {
    expect(socketPathOf(home, { ...sources(), platform: 'win32' })).toMatch(
      /^\\\\\.\\pipe\\peerage-[0-9a-f]{8}-[0-9a-f]{24}$/,
    );
  });
});

describe('one app per home', () => {
  test('the first listens, with 0600; the next one finds it', async () => {
    const { path } = await first();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await claimHome(home, path)).toEqual({ first: false, path });
    expect(await lookAtSocket(path)).toBe('live');
  });

  test('is found from another environment as well', async () => {
    const { path } = await first();
    const elsewhere = join(folder, 'elsewhere.sock');
    expect(await claimHome(home, elsewhere)).toEqual({ first: false, path });
    expect(existsSync(elsewhere)).toBe(false);
  });

  test('a socket that a crash left behind is taken over, by one of many', async () => {
    const path = socketPathOf(home, sources());
    // A listener that is killed leaves its file; here a second name keeps it when the server closes.
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(`${path}.old`, resolve));
    linkSync(`${path}.old`, path);
    await new Promise((resolve) => dead.close(resolve));
    expect(await lookAtSocket(path)).toBe('stale');
    const claims = await Promise.all(Array.from({ length: 6 }, () => claimHome(home, path)));
    for (const claim of claims) if (claim.first) servers.push(claim.server);
    expect(claims.filter((claim) => claim.first)).toHaveLength(1);
  });

  test('a takeover that died is not waited for', async () => {
    const path = socketPathOf(home, sources());
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(`${path}.old`, resolve));
    linkSync(`${path}.old`, path);
    await new Promise((resolve) => dead.close(resolve));
    mkdirSync(`${path}.takeover`);
    utimesSync(`${path}.takeover`, 1, 1);
    await first(path);
  });

  test('what is no socket is not touched', async () => {
    const path = socketPathOf(home, sources());
    writeFileSync(path, 'precious');
    await expect(claimHome(home, path)).rejects.toThrow('not a control socket');
    expect(existsSync(path)).toBe(true);
  });

  test('who cannot listen because of that is told what to do', async () => {
    const path = socketPathOf(home, sources());
    writeFileSync(path, 'precious');
    const error: unknown = await claimHome(home, path).catch((thrown: unknown) => thrown);
    const told = tellError(error);
    expect(told).toContain(`${path} is not a control socket of this user. Remove it`);
    expect(told).toContain('then start Peerage again');
    expect(await callControl(path, 'app.show', {})).toMatchObject({
      error: { code: 'door.not_ours' },
    });
  });

  test('goes away with the app', async () => {
    const { path, server } = await first();
    await server.stop();
    expect(existsSync(path)).toBe(false);
    expect(await lookAtSocket(path)).toBe('absent');
  });
});

describe('control socket', () => {
  test('answers what is for any door', async () => {
    const { path } = await first();
    expect(await callControl(path, 'app.show', {})).toEqual(ok({ url: 'http://127.0.0.1:1/' }));
    expect(await callControl(path, 'app.about', {})).toEqual(ok({ text: 'a fake app' }));
  });

  test('refuses what needs the window', async () => {
    const { path, boundary } = await first();
    const answer = await callControl(path, 'peer.remove', { peerId: uuid(1) as never });
    expect(answer).toMatchObject({ ok: false, error: { code: 'call.not_allowed' } });
    expect(boundary.refusals.of('call.not_allowed')).toBe(1);
  });

  test('gives no snapshot, and no window', async () => {
    const { path, app } = await first();
    const lines = [frame('snapshot', {}), frame('hello', { key: 'x' }), frame('ack', {})];
    const text = lines.map((f) => `${JSON.stringify(f)}\n`).join('');
    const frames = await converse(path, text, () => app.changed({ type: 'app' }));
    expect(frames.map((f) => f.kind)).toEqual(['refused', 'hello', 'refused']);
  });

  test('takes frames in any pieces, and several at once', async () => {
    const { path } = await first();
    const call = `${JSON.stringify(frame('call', {}, 'app.about', 'ä'))}\r\n`;
    const frames = await converse(path, Buffer.from(`\n${call}${call}`));
    expect(frames.map((f) => f.id)).toEqual(['ä', 'ä']);
  });

  test('refuses rubbish, counts it, and ends who sends only that', async () => {
    const { path, boundary } = await first();
    const frames = await converse(path, 'rubbish\n'.repeat(100));
    expect(frames.every((f) => f.kind === 'refused')).toBe(true);
    expect(frames).toHaveLength(21);
    expect(boundary.refusals.of('call.malformed')).toBe(21);
  });

  test('drops a line that is too long, and reads on after it', () => {
    const lines: string[] = [];
    let tooLong = 0;
    const read = lineReader(
      10,
      (line) => lines.push(line),
      () => {
        tooLong += 1;
      },
    );
    for (const piece of ['1234567', '890123', '45\nab', 'c\n', '12345678901\n', 'd\n']) {
      read(Buffer.from(piece));
    }
    expect(lines).toEqual(['abc', 'd']);
    expect(tooLong).toBe(2);
  });

  test('says so where nobody listens', async () => {
    const answer = await callControl(join(folder, 'nobody.sock'), 'app.about', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'app.connection_lost' } });
  });
});
