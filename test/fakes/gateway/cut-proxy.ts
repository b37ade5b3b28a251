/** A cable between a link and a gateway that can be cut in either direction, at a chosen moment. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export interface CutProxy {
  readonly url: string;
  /** Passes everything again. */
  mend(): void;
  /** Cuts both ways at once. */
  cut(): void;
  /** Lets requests through and swallows what comes back: an acknowledgement is lost. */
  loseAnswers(): void;
  /** Takes connections and passes nothing. */
  freeze(): void;
  stop(): Promise<void>;
}

/** Stands before a gateway at `ws://host:port`. */
export async function startCutProxy(target: string): Promise<CutProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let mode: 'pass' | 'lose' | 'freeze' = 'pass';
  const server: Server = createServer((near) => {
    const far = createConnection({ host: hostname, port: Number(port) });
    const pair = { near, far };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('data', (data) => {
      if (mode !== 'freeze') far.write(data);
    });
    far.on('data', (data) => {
      if (mode === 'pass') near.write(data);
    });
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  return {
    url: `ws://127.0.0.1:${own}`,
    cut,
    mend: () => {
      mode = 'pass';
    },
    loseAnswers: () => {
      mode = 'lose';
    },
    freeze: () => {
      mode = 'freeze';
    },
    stop: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
