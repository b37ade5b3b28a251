/**
 * The control socket: a door for the command line, for agents and for a second start of the app. One
 * frame per line. Only calls of door `any` pass; no snapshot, no batch, no event leaves here.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import {
  appError,
  assertNever,
  DOOR_PROTOCOL,
  type Frame,
  frame,
  MAX_FRAME_BYTES,
} from '../../contract/index.ts';
import type { Dispatcher, LocalHandlers } from '../session/dispatcher.ts';
import { decodeFrame, encodeFrame } from '../session/frames.ts';
import type { Refusals } from '../session/refusals.ts';
import { proofOf } from './door-proof.ts';
import { lineReader } from './lines.ts';

/** What answers the calls; known only once the app is up. Callers wait for it. */
export interface ControlTarget {
  readonly dispatcher: Dispatcher;
  readonly refusals: Refusals;
  readonly local: LocalHandlers;
  /** The app's version, for the greeting. */
  readonly version: string;
}

const MAX_CLIENTS = 32;
const MAX_CALLS_IN_FLIGHT = 32;
const MAX_REFUSED_FRAMES = 20;
const FIRST_WORD_MS = 10_000;
/** Unread answers of a client that does not read; more ends it. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** Listens before the app is up: callers are kept waiting until {@link ControlServer.serve}. */
export class ControlServer {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #target: Promise<ControlTarget>;
  readonly #key: string;
  readonly #firstWordMs: number;
  #serve: (target: ControlTarget) => void = () => {};

  /**
   * @param key what is shown to be known to whoever asks for it (door-proof.ts)
   * @param firstWordMs who opened the door says something within this time
   */
  constructor(key: string, firstWordMs = FIRST_WORD_MS) {
    this.#key = key;
    this.#firstWordMs = firstWordMs;
    this.#target = new Promise((resolve) => {
      this.#serve = resolve;
    });
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CLIENTS;
  }

  /** Listens, readable and writable by this user only. Rejects with EADDRINUSE where one is there. */
  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    if (process.platform !== 'win32') chmodSync(path, 0o600);
  }

  /** From now on calls are answered, those that wait first. */
  serve(target: ControlTarget): void {
    this.#serve(target);
  }

  /** Closes all connections and takes the socket away. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#clients) socket.destroySoon();
    const late = setTimeout(() => {
      for (const socket of this.#clients) socket.destroy();
    }, 300);
    await closed;
    clearTimeout(late);
  }

  #accept(socket: Socket): void {
    const ended = new AbortController();
    this.#clients.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      ended.abort();
      this.#clients.delete(socket);
    });
    const client = new ControlClientState(socket, ended.signal, this.#target, this.#key);
    // Others may open a pipe of Windows, and say nothing: they do not keep the places of those who ask.
    socket.setTimeout(this.#firstWordMs, () => socket.destroy());
    socket.once('data', () => socket.setTimeout(0));
    const read = lineReader(
      MAX_FRAME_BYTES,
      (line) => client.take(line),
      () => client.refuse('', appError('call.too_large', `At most ${MAX_FRAME_BYTES} bytes.`)),
    );
    socket.on('data', read);
  }
}

class ControlClientState {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #target: Promise<ControlTarget>;
  readonly #connectionId = `control-${randomUUID()}`;
  /** The same once it is there, so that greetings keep their place among the answers. */
  #known: ControlTarget | null = null;
  /** What the client speaks is not what we do: it could mean something else. */
  #foreign = false;
  #inFlight = 0;
  #refused = 0;

  readonly #key: string;

  constructor(socket: Socket, signal: AbortSignal, target: Promise<ControlTarget>, key: string) {
    this.#key = key;
    this.#socket = socket;
    this.#signal = signal;
    this.#target = target;
    void target.then((known) => {
      this.#known = known;
    });
  }

  take(line: string): void {
    const decoded = decodeFrame(line);
    if (!decoded.ok) {
      this.refuse(decoded.id, decoded.error);
      return;
    }
    const { frame: taken } = decoded;
    switch (taken.kind) {
      case 'hello':
        this.#foreign = isOtherProtocol(taken.body);
        void this.#greet(challengeOf(taken.body));
        return;
      case 'call':
        if (this.#foreign) {
          this.refuse(taken.id, appError('call.not_allowed', 'The versions do not fit.'));
          return;
        }
        void this.#call(taken);
        return;
      case 'snapshot':
      case 'ack':
      case 'result':
      case 'batch':
      case 'event':
      case 'refused':
        this.refuse(taken.id, appError('call.not_allowed', 'Only calls are taken here.'));
        return;
      default:
        assertNever(taken.kind);
    }
  }

  refuse(id: string, error: ReturnType<typeof appError>): void {
    if (this.#refused > MAX_REFUSED_FRAMES) return;
    void this.#target.then(({ refusals }) => refusals.count(error.code));
    this.#refused += 1;
    this.#send(frame('refused', error, '', id));
    if (this.#refused > MAX_REFUSED_FRAMES) this.#socket.destroySoon();
  }

  /** Waits until the app is up, so that a command that started it can wait too. */
  async #greet(challenge: string | null): Promise<void> {
    const { version } = this.#known ?? (await this.#target);
    const proof = challenge === null ? {} : { proof: proofOf(this.#key, challenge) };
    this.#send(frame('hello', { version, protocol: DOOR_PROTOCOL, ...proof }));
  }

  async #call({ id, name, body }: Frame): Promise<void> {
    if (this.#inFlight >= MAX_CALLS_IN_FLIGHT) {
      this.refuse(id, appError('call.too_large', 'Too many requests at once.'));
      return;
    }
    this.#inFlight += 1;
    const { dispatcher, local } = await this.#target;
    const result = await dispatcher.dispatch({
      name,
      input: body,
      context: { door: 'control', connectionId: this.#connectionId, signal: this.#signal },
      local,
    });
    this.#inFlight -= 1;
    this.#send(frame('result', result, name, id));
  }

  #send(out: Frame): void {
    if (this.#signal.aborted || this.#socket.destroyed) return;
    this.#socket.write(`${encodeFrame(out)}\n`);
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#socket.destroy();
  }
}

/** A client may ask us to show that we are who listens for this home. */
const challengeOf = (body: unknown): string | null =>
  typeof body === 'object' &&
  body !== null &&
  'challenge' in body &&
  typeof body.challenge === 'string' &&
  body.challenge.length <= 128
    ? body.challenge
    : null;

/** A client may say what it speaks, so that it need not wait for our greeting before it asks. */
const isOtherProtocol = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  'protocol' in body &&
  body.protocol !== DOOR_PROTOCOL;
