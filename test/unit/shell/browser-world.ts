/** A running browser shell around a fake app, and the hands of a stranger who tries to get in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { systemClock } from '../../../electron/clock/clock.ts';
import { type Frame, frame } from '../../../electron/contract/index.ts';
import { createBoundary } from '../../../electron/shell/boundary.ts';
import { startBrowserShell } from '../../../electron/shell/browser/browser-shell.ts';
import { loadStaticFiles } from '../../../electron/shell/static-files.ts';
import { type FakeApp, fakeApp } from './fake-app.ts';

export async function browserWorld(app: FakeApp = fakeApp()) {
  const home = mkdtempSync(join(tmpdir(), 'peerage-shell-'));
  const pages = join(home, 'pages');
  await mkdir(join(pages, 'assets'), { recursive: true });
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Peerage</title>');
  await writeFile(join(pages, 'assets', 'app.js'), 'export {};');
  await writeFile(join(home, 'secret.txt'), 'not for the window');
  const clock = systemClock();
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
  };
  const redact = (text: string): string => text;
  const boundary = createBoundary({ port: app, clock, log, redact, local: {} });
  const { hub, refusals } = boundary;
  const files = await loadStaticFiles(pages);
  const shell = await startBrowserShell({ home, files, hub, clock, refusals, log });
  const port = Number(new URL(shell.address).port);
  return {
    app,
    home,
    shell,
    port,
    hub,
    refusals,
    lines,
    key: new URL(shell.printedUrl).hash.slice('#key='.length),
    stop: async () => {
      await shell.stop();
      hub.stop();
      clock.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** What comes back on a raw HTTP request: no client helps along, so every header is ours to choose. */
export function rawRequest(
  port: number,
  head: string,
): Promise<{ status: number; headers: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (piece) => {
      text += piece;
    });
    socket.once('error', reject);
    socket.once('close', () => {
      const [headers = '', body = ''] = text.split('\r\n\r\n', 2);
      resolve({ status: Number(headers.split(' ')[1] ?? 0), headers, body });
    });
    socket.write(`${head.replaceAll('\n', '\r\n')}\r\n\r\n`);
  });
}

/** A WebSocket of a test: what it was sent, and how it ended. */
export interface TestSocket {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  /** The close code; 0 where the upgrade was refused. */
  readonly closed: Promise<number>;
  send(frame: Frame): void;
  /** Waits for a frame of this kind. */
  next(kind: Frame['kind']): Promise<Frame>;
}

export function openSocket(port: number, origin = `http://127.0.0.1:${port}`): Promise<TestSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { origin });
  const frames: Frame[] = [];
  let wake = (): void => {};
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => resolve(code));
  });
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  const made: TestSocket = {
    socket,
    frames,
    closed,
    send: (out) => socket.send(JSON.stringify(out)),
    next: async (kind) => {
      for (;;) {
        const found = frames.find((f) => f.kind === kind);
        if (found) return found;
        const more = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const ended = await Promise.race([more.then(() => false), closed.then(() => true)]);
        if (ended && !frames.some((f) => f.kind === kind)) throw new Error(`closed, no ${kind}`);
      }
    },
  };
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(made));
    socket.once('error', reject);
  });
}

/** Says hello with a key, and gives the key of the tab. */
export async function enter(port: number, key: string): Promise<TestSocket & { tabKey: string }> {
  const socket = await openSocket(port);
  socket.send(frame('hello', { key }));
  const { body } = await socket.next('hello');
  return Object.assign(socket, { tabKey: (body as { key: string }).key });
}
