import { createConnection, type Socket } from 'node:net';
import { sleep } from './process.ts';

/** Key codes of the layout that Xvfb starts with (evdev, us). */
const KEYS: Readonly<Record<string, number>> = { Escape: 9, Return: 36, t: 28, e: 26, s: 39 };
const KEY_PRESS = 2;
const KEY_RELEASE = 3;
const MOTION = 6;

/**
 * A person at the keyboard of an X display that has no access control: presses keys in the window at
 * the top left corner, by the XTEST extension. Source: X Window System Protocol (connection setup,
 * QueryExtension) and XTEST Extension Protocol 2.2 (FakeInput).
 */
export async function pressKeys(display: string, keys: readonly string[]): Promise<void> {
  const socket = createConnection(`/tmp/.X11-unix/X${display.slice(1)}`);
  try {
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const setup = await read(socket);
    if (setup[0] !== 1) throw new Error('the display refused us');
    socket.write(Buffer.from([98, 0, 4, 0, 5, 0, 0, 0, ...Buffer.from('XTEST'), 0, 0, 0]));
    const extension = await read(socket);
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
    for (const key of keys) {
      const code = KEYS[key];
      if (code === undefined) throw new Error(`no such key: ${key}`);
      await sleep(60);
      fake(KEY_PRESS, code);
      fake(KEY_RELEASE, code);
    }
    await sleep(100);
  } finally {
    socket.destroy();
  }
}

function read(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('error', reject);
  });
}
