import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { frame, MAX_FRAME_BYTES } from '../../../electron/contract/index.ts';
import { readRedirect, redirectPath } from '../../../electron/shell/browser/redirect-file.ts';
import { CLOSE_ABUSE, CLOSE_WRONG_KEY } from '../../../electron/shell/browser/window-socket.ts';
import { CONTENT_SECURITY_POLICY } from '../../../electron/shell/static-files.ts';
import { browserWorld, enter, openSocket, rawRequest } from './browser-world.ts';

let world: Awaited<ReturnType<typeof browserWorld>>;
beforeEach(async () => {
  world = await browserWorld();
});
afterEach(() => world.stop());

const get = (path: string, headers = ''): ReturnType<typeof rawRequest> =>
  rawRequest(
    world.port,
    `GET ${path} HTTP/1.1\nHost: 127.0.0.1:${world.port}\nConnection: close${headers}`,
  );

describe('pages', () => {
  test('are served with a policy that allows nothing inline and nothing foreign', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Peerage</title>');
    const headers = page.headers.toLowerCase();
    expect(headers).toContain(`content-security-policy: ${CONTENT_SECURITY_POLICY}`);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|http/);
    for (const header of [
      'x-content-type-options: nosniff',
      'referrer-policy: no-referrer',
      'cross-origin-opener-policy: same-origin',
      'cross-origin-resource-policy: same-origin',
      'cache-control: no-store',
      'content-type: text/html; charset=utf-8',
    ]) {
      expect(headers).toContain(header);
    }
    expect(headers).not.toContain('set-cookie');
    expect((await get('/assets/app.js?v=1')).headers).toContain('text/javascript');
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/secret.txt%00.js',
    '/%',
    '/assets',
    '/assets/',
    '/missing.js',
  ])('lead nowhere outside their folder: %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('not for the window');
    expect(answer.headers.toLowerCase()).toContain("default-src 'none'");
  });

  test.each([
    ['another name for this machine', 'evil.example:PORT'],
    ['localhost', 'localhost:PORT'],
    ['another port', '127.0.0.1:1'],
    ['no port', '127.0.0.1'],
    ['another loopback address', '127.0.0.2:PORT'],
    ['a name that ends like ours', '127.0.0.1:PORT.evil.example'],
    ['nothing', ''],
  ])('are refused to a Host that is %s (DNS rebinding)', async (_what, host) => {
    const named = host.replace('PORT', String(world.port));
    const answer = await rawRequest(
      world.port,
      `GET / HTTP/1.1\nHost: ${named}\nConnection: close`,
    );
    expect(answer.status).toBe(403);
    expect(world.refusals.of('call.wrong_sender')).toBe(1);
  });

  test('are refused to two Hosts, and to a target with a host of its own', async () => {
    const ours = `127.0.0.1:${world.port}`;
    const two = await rawRequest(
      world.port,
      `GET / HTTP/1.1\nHost: ${ours}\nHost: evil.example\nConnection: close`,
    );
    expect(two.status).toBeGreaterThanOrEqual(400);
    const absolute = await rawRequest(
      world.port,
      `GET http://evil.example/ HTTP/1.1\nHost: ${ours}\nConnection: close`,
    );
    expect(absolute.status).toBe(403);
  });

  test('are refused to other origins and other methods', async () => {
    expect((await get('/', '\nOrigin: http://evil.example')).status).toBe(403);
    expect((await get('/', '\nOrigin: null')).status).toBe(403);
    expect((await get('/', `\nOrigin: http://127.0.0.1:${world.port + 1}`)).status).toBe(403);
    expect((await get('/', `\nOrigin: http://127.0.0.1:${world.port}`)).status).toBe(200);
    const post = await rawRequest(
      world.port,
      `POST / HTTP/1.1\nHost: 127.0.0.1:${world.port}\nContent-Length: 0\nConnection: close`,
    );
    expect(post.status).toBe(403);
  });

  test('may be walked to from anywhere, but fetched by themselves only', async () => {
    const cross = '\nSec-Fetch-Site: cross-site';
    const walk = '\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document';
    expect((await get('/', `${cross}${walk}`)).status).toBe(200);
    expect(
      (await get('/', `${cross}\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: script`)).status,
    ).toBe(403);
    const frameIn = '\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: iframe';
    expect((await get('/', `\nSec-Fetch-Site: same-site${frameIn}`)).status).toBe(403);
  });
});

describe('window socket', () => {
  test('opens with the printed key, gives a key for the tab, and that one works for a reload', async () => {
    const tab = await enter(world.port, world.key);
    expect((await tab.next('snapshot')).body).toMatchObject({ epoch: 'epoch-1' });
    expect(tab.tabKey).toMatch(/^[\w-]{43}$/);
    expect(tab.tabKey).not.toBe(world.key);
    tab.socket.close();
    await tab.closed;
    const reloaded = await enter(world.port, tab.tabKey);
    expect(reloaded.tabKey).toBe(tab.tabKey);
    const second = await enter(world.port, world.key);
    expect(second.tabKey).not.toBe(tab.tabKey);
    expect(world.hub.size).toBe(2);
    reloaded.socket.close();
    second.socket.close();
  });

  test('answers calls', async () => {
    const tab = await enter(world.port, world.key);
    tab.send(frame('call', {}, 'app.about', '1'));
    expect((await tab.next('result')).body).toEqual({ ok: true, value: { text: 'a fake app' } });
    tab.socket.close();
  });

  test.each([
    ['no key', {}],
    ['an empty key', { key: '' }],
    ['a wrong key', { key: 'A'.repeat(43) }],
    ['a key of another type', { key: 7 }],
    ['a list of keys', { key: ['A'.repeat(43)] }],
  ])('is refused with %s, after one attempt', async (_what, body) => {
    const socket = await openSocket(world.port);
    socket.send(frame('hello', body));
    socket.send(frame('hello', { key: world.key }));
    expect((await socket.next('refused')).body).toMatchObject({ code: 'call.wrong_sender' });
    expect(await socket.closed).toBe(CLOSE_WRONG_KEY);
    expect(world.refusals.of('call.wrong_sender')).toBe(1);
    expect(world.hub.size).toBe(0);
    expect(socket.frames.map((f) => f.kind)).toEqual(['refused']);
  });

  test('takes nothing before the hello', async () => {
    const socket = await openSocket(world.port);
    socket.send(frame('call', {}, 'app.about', '1'));
    expect(await socket.closed).toBe(CLOSE_WRONG_KEY);
    expect(socket.frames.map((f) => f.kind)).toEqual(['refused']);
  });

  test('ends a stranger who sends more than a hello', async () => {
    const socket = await openSocket(world.port);
    socket.socket.send('x'.repeat(100_000));
    await socket.closed;
    expect(world.refusals.of('call.too_large')).toBe(1);
  });

  test('turns strangers away when many wait', async () => {
    const waiting = await Promise.all(Array.from({ length: 8 }, () => openSocket(world.port)));
    await expect(openSocket(world.port)).rejects.toThrow('503');
    for (const { socket } of waiting) socket.close();
    await Promise.all(waiting.map(({ closed }) => closed));
    const tab = await enter(world.port, world.key);
    tab.socket.close();
  });

  test.each([
    ['another service on this machine', 'http://127.0.0.1:8080'],
    ['a site', 'https://evil.example'],
    ['our name with https', 'https://127.0.0.1:PORT'],
    ['localhost', 'http://localhost:PORT'],
    ['a file', 'null'],
  ])('is refused to a page of %s, whatever key it has', async (_what, origin) => {
    const from = origin.replace('PORT', String(world.port));
    await expect(openSocket(world.port, from)).rejects.toThrow('403');
    expect(world.refusals.of('call.wrong_sender')).toBe(1);
  });

  test('is refused without an Origin, under another Host, and at another path', async () => {
    const upgrade = (path: string, host: string, origin: string): Promise<number> =>
      rawRequest(
        world.port,
        `GET ${path} HTTP/1.1\nHost: ${host}\nConnection: Upgrade\nUpgrade: websocket\n` +
          `Sec-WebSocket-Version: 13\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}${origin}`,
      ).then(({ status }) => status);
    const host = `127.0.0.1:${world.port}`;
    expect(await upgrade('/socket', host, '')).toBe(403);
    expect(await upgrade('/socket', `evil.example:${world.port}`, `\nOrigin: http://${host}`)).toBe(
      403,
    );
    expect(await upgrade('/socket', 'evil.example', '\nOrigin: http://evil.example')).toBe(403);
    expect(await upgrade('/other', host, `\nOrigin: http://${host}`)).toBe(403);
  });

  test('gives another service on this machine nothing: it is sent no cookie, and has no key', async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(JSON.stringify(request.headers));
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const page = await fetch(world.shell.address);
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
    // What such a service can do by itself: connect, with any headers it likes, without a key.
    const socket = await openSocket(world.port);
    socket.send(frame('hello', { key: Buffer.from(String(port)).toString('base64url') }));
    expect(await socket.closed).toBe(CLOSE_WRONG_KEY);
    other.close();
  });

  test('refuses frames that are malformed, binary or too large, and counts them', async () => {
    const tab = await enter(world.port, world.key);
    tab.socket.send('{"v":1');
    tab.socket.send(Buffer.from([1, 2, 3]));
    tab.socket.send(JSON.stringify({ v: 1, id: 'x', kind: 'shout', name: '', body: {} }));
    tab.send(frame('call', {}, 'app.about', 'still there'));
    await tab.next('result');
    expect(world.refusals.of('call.malformed')).toBe(3);
    const refused = tab.frames.filter((f) => f.kind === 'refused');
    expect(refused.map((f) => f.id)).toEqual(['', '', 'x']);
    tab.socket.send(Buffer.alloc(MAX_FRAME_BYTES + 1, 0x20).toString());
    expect(await tab.closed).toBe(1009);
    expect(world.refusals.of('call.too_large')).toBe(1);
  });

  test('ends a window that sends nothing but rubbish', async () => {
    const tab = await enter(world.port, world.key);
    for (let i = 0; i < 200; i++) tab.socket.send('rubbish');
    expect(await tab.closed).toBe(CLOSE_ABUSE);
  });

  test('survives bytes that are no WebSocket at all', async () => {
    const tab = await enter(world.port, world.key);
    const raw = connect(world.port, '127.0.0.1');
    raw.on('error', () => {}).resume();
    raw.write(Buffer.from('\u0000\u0001\u0002 nonsense\r\n\r\n'));
    await new Promise((resolve) => raw.once('close', resolve));
    tab.send(frame('call', {}, 'app.about', '1'));
    await tab.next('result');
    tab.socket.close();
  });
});

describe('redirect file', () => {
  test('is for its owner only, works once, and goes away when it was used', async () => {
    const path = await world.shell.prepareOpening();
    expect(path).toBe(redirectPath(world.home));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const url = await readRedirect(world.home);
    const key = new URL(url ?? '').hash.slice('#key='.length);
    expect(key).not.toBe(world.key);
    expect(readFileSync(path, 'utf8')).not.toContain('<script');
    await world.shell.prepareOpening();
    expect(await readRedirect(world.home)).toBe(url);
    const tab = await enter(world.port, key);
    expect(existsSync(path)).toBe(false);
    const again = await openSocket(world.port);
    again.send(frame('hello', { key }));
    expect(await again.closed).toBe(CLOSE_WRONG_KEY);
    await world.shell.prepareOpening();
    expect(await readRedirect(world.home)).not.toBe(url);
    tab.socket.close();
  });

  test('is gone after the stop, and every window is told', async () => {
    const path = await world.shell.prepareOpening();
    const tab = await enter(world.port, world.key);
    world.hub.announceStop();
    expect((await tab.next('event')).body).toEqual({ type: 'stopping' });
    await world.shell.stop();
    expect(existsSync(path)).toBe(false);
    expect(await tab.closed).toBe(1001);
    const socket = new WebSocket(`ws://127.0.0.1:${world.port}/socket`);
    await expect(
      new Promise((_resolve, reject) => {
        socket.once('error', reject);
      }),
    ).rejects.toThrow('ECONNREFUSED');
  });
});
