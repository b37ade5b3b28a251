/** The cable between an app and a gateway: it counts who asks for a connection, and can fail. */
import { createConnection, createServer, type Socket } from 'node:net';

export interface Line {
  readonly url: string;
  /** How often a WebSocket was asked for; looks at the port or at `/health` are not counted. */
  readonly attempts: number;
  /** Lets requests through and keeps back what comes back. */
  keepAnswers(): void;
  /** Lets the next acknowledgement through, and nothing after it until {@link Line.goOn}. */
  waitAfterAck(): void;
  /** Delivers what waited, and passes everything again. */
  goOn(): void;
  /** Takes connections and passes nothing on. */
  freeze(): void;
  /** Cuts what is connected and takes nothing new. */
  takeDown(): void;
  /** Cuts what is connected; the next connection is a good one. */
  cut(): void;
  /** All is well from now on; what was kept back is lost. */
  mend(): void;
  stop(): Promise<void>;
}

/** Puts a line before a gateway that listens at `ws://host:port`. */
export async function startLine(target: string): Promise<Line> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: 'pass' | 'keep' | 'freeze' | 'down' | 'until_ack' | 'wait' = 'pass';
  let attempts = 0;
  let waiting: (() => void)[] = [];
  const answer = (near: Socket, data: Buffer): void => {
    if (mode === 'pass') near.write(data);
    else if (mode === 'wait') waiting.push(() => near.write(data));
    else if (mode === 'until_ack') {
      const ack = data.indexOf('"status":"started"');
      // A frame of text begins with this byte, which no ASCII text holds (RFC 6455, section 5.2).
      const next = ack < 0 ? -1 : data.indexOf(0x81, ack);
      near.write(next < 0 ? data : data.subarray(0, next));
      if (ack < 0) return;
      mode = 'wait';
      if (next >= 0) waiting.push(() => near.write(data.subarray(next)));
    }
  };
  const server = createServer((near) => {
    if (mode === 'down') {
      near.destroy();
      return;
    }
    const far = createConnection({ host: hostname, port: Number(port) });
    near.once('data', (data) => {
      if (/\r\nupgrade: websocket\r\n/i.test(data.toString('latin1'))) attempts += 1;
    });
    near.on('data', (data) => {
      if (mode !== 'freeze') far.write(data);
    });
    far.on('data', (data) => answer(near, data));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      // What was said last, a goodbye, still gets through.
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (from.destroyed && !from.readableEnded) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ws://127.0.0.1:${own}`,
    get attempts() {
      return attempts;
    },
    keepAnswers: () => {
      mode = 'keep';
    },
    waitAfterAck: () => {
      mode = 'until_ack';
    },
    goOn: () => {
      mode = 'pass';
      for (const write of waiting) write();
      waiting = [];
    },
    freeze: () => {
      mode = 'freeze';
    },
    takeDown: () => {
      mode = 'down';
      cut();
    },
    cut,
    mend: () => {
      const was = mode;
      mode = 'pass';
      waiting = [];
      // What was swallowed would be missing in the middle of a stream.
      if (was !== 'pass') cut();
    },
    stop: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
