import { createConnection, type Socket } from 'node:net';
import { PATIENCE_MS } from '../../patience.ts';
import { sleep, until } from './process.ts';

/** Key codes of the layout that Xvfb starts with (evdev, us). */
const KEYS: Readonly<Record<string, number>> = {
  Escape: 9,
  Tab: 23,
  Return: 36,
  t: 28,
  e: 26,
  s: 39,
};
const KEY_PRESS = 2;
const KEY_RELEASE = 3;
const MOTION = 6;
const REPLY_BYTES = 32;

/** How long a window that has just appeared may take until it listens. ms. */
const SETTLING_MS = 400;

/**
 * A person at the keyboard of an X display that has no access control: presses keys in the window at
 * the top left corner, by the XTEST extension; false if there is no window yet. Source: X Window System
 * Protocol (connection setup, QueryExtension, QueryPointer) and XTEST Extension Protocol 2.2 (FakeInput).
 */
export async function pressKeys(display: string, keys: readonly string[]): Promise<boolean> {
  const socket = createConnection(`/tmp/.X11-unix/X${display.slice(1)}`);
  socket.on('error', () => {}); // an answer that does not come says it
  try {
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const head = await read(socket, 8);
    const setup = Buffer.concat([head, await read(socket, head.readUInt16LE(6) * 4)]);
    if (setup[0] !== 1) throw new Error('the display refused us');
    socket.write(Buffer.from([98, 0, 4, 0, 5, 0, 0, 0, ...Buffer.from('XTEST'), 0, 0, 0]));
    const extension = await read(socket, REPLY_BYTES);
    const opcode = extension[9] ?? 0;
    if (extension[8] !== 1) throw new Error('the display has no XTEST');
    const fake = (type: number, detail: number): void => {
      const request = Buffer.alloc(36);
      request.set([opcode, 2, 9, 0, type, detail]);
      request.writeInt16LE(60, 24);
      request.writeInt16LE(40, 26);
      socket.write(request);
    };
    fake(MOTION, 0);
    const screens = 40 + Math.ceil(setup.readUInt16LE(24) / 4) * 4 + 8 * (setup[29] ?? 0);
    const where = Buffer.from([38, 0, 2, 0, 0, 0, 0, 0]);
    where.writeUInt32LE(setup.readUInt32LE(screens), 4);
    socket.write(where);
    const windowBelow = (await read(socket, REPLY_BYTES)).readUInt32LE(12);
    if (windowBelow === 0) return false;
    await sleep(SETTLING_MS);
    for (const key of keys) {
      const code = KEYS[key];
      if (code === undefined) throw new Error(`no such key: ${key}`);
      await sleep(60);
      fake(KEY_PRESS, code);
      fake(KEY_RELEASE, code);
    }
    await sleep(100);
    return true;
  } finally {
    socket.destroy();
  }
}

/** Exactly `size` bytes: what the display sends may come in pieces. */
async function read(socket: Socket, size: number): Promise<Buffer> {
  const what = 'an answer of the display';
  return until(what, () => (socket.read(size) as Buffer | null) ?? undefined, PATIENCE_MS, 5);
}
