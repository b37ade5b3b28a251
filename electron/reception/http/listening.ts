/** The addresses on which the reception listens, as the person chose, and what keeps it from it. */
import type { RequestListener } from 'node:http';
import { type AppError, appError } from '../../contract/index.ts';
import type { ReceptionConfig } from '../options.ts';
import { Listener, type ListenerOptions } from './listener.ts';

/** Where it listens now. `error` may be of one address while another is listened on. */
export interface Listening {
  /** `http://address:port`, the one for peers first. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly error: AppError | null;
}

const LOOPBACK = '127.0.0.1';
const NOTHING: Listening = { addresses: [], port: 0, error: null };

const originOf = (address: string, port: number): string =>
  `http://${address.includes(':') ? `[${address}]` : address}:${port}`;

function trouble(error: unknown, address: string, port: number): AppError {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'EADDRINUSE'
    ? appError('reception.port_taken', `Port ${port} of ${address} is used by another program.`)
    : appError('reception.listen_failed', `${address}, port ${port}: ${String(code ?? error)}`);
}

/** Holds the listeners. One change at a time: `set` waits for the one before. */
export class ListeningSet {
  readonly #options: ListenerOptions;
  readonly #handle: (listener: Listener) => RequestListener;
  #held: Listener[] = [];
  #now: Listening = NOTHING;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: ListenerOptions, handle: (listener: Listener) => RequestListener) {
    this.#options = options;
    this.#handle = handle;
  }

  get now(): Listening {
    return this.#now;
  }

  /** Listens as `config` says, and nowhere else any more. Never rejects: see {@link Listening.error}. */
  set(config: ReceptionConfig, tailnet: readonly string[]): Promise<Listening> {
    const done = this.#queue.then(() => this.#apply(config, tailnet));
    this.#queue = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #apply(config: ReceptionConfig, tailnet: readonly string[]): Promise<Listening> {
    await Promise.all(this.#held.splice(0).map((listener) => listener.close()));
    this.#now = NOTHING;
    if (config.listen === 'off') return this.#now;
    let { port } = config;
    const addresses: string[] = [];
    let error: AppError | null = null;
    try {
      port = await this.#add(false, LOOPBACK, port);
      addresses.push(originOf(LOOPBACK, port));
    } catch (reason) {
      this.#now = { addresses: [], port, error: trouble(reason, LOOPBACK, port) };
      return this.#now;
    }
    if (config.listen === 'tailnet') {
      if (tailnet.length === 0) {
        error = appError('reception.no_tailnet', 'Tailscale gave this machine no address.');
      }
      for (const address of tailnet.toReversed()) {
        try {
          await this.#add(true, address, port);
          addresses.unshift(originOf(address, port));
        } catch (reason) {
          error = trouble(reason, address, port);
        }
      }
    }
    this.#now = { addresses, port, error };
    return this.#now;
  }

  async #add(onTailnet: boolean, address: string, port: number): Promise<number> {
    const listener: Listener = new Listener(onTailnet, this.#options, (request, response) =>
      this.#handle(listener)(request, response),
    );
    const got = await listener.listen(address, port);
    this.#held.push(listener);
    return got;
  }
}
