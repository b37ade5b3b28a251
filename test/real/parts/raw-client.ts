import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import { PATIENCE_MS } from '../../patience.ts';
import { until } from './process.ts';

/** JSON as it came from the wire. */
export type Json = Record<string, unknown>;

/** An event frame. */
export interface EventFrame {
  type: 'event';
  event: string;
  payload: Json;
  seq?: number;
}

/** A refused request, with the gateway's own error object. */
export class WireError extends Error {
  readonly error: Json;
  constructor(method: string, error: Json) {
    super(`${method}: ${String(error.message)}`);
    this.error = error;
  }
  get detailCode(): string | undefined {
    return (this.error.details as Json | undefined)?.code as string | undefined;
  }
}

/** An Ed25519 device of our own making. */
export interface DeviceKey {
  id: string;
  publicKey: string;
  sign(payload: string): string;
}

/** Makes a fresh device key. */
export function createDevice(): DeviceKey {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    id: createHash('sha256').update(raw).digest('hex'),
    publicKey: raw.toString('base64url'),
    sign: (payload) => sign(null, Buffer.from(payload), pair.privateKey).toString('base64url'),
  };
}

/** How to connect. Without `device` only loopback backends keep their scopes. */
export interface RawClientOptions {
  url: string;
  token?: string;
  password?: string;
  device?: DeviceKey;
  scopes?: string[];
  caps?: string[];
  mode?: 'ui' | 'backend' | 'cli';
  displayName?: string;
  timeoutMs?: number;
}

/** Every operator scope. */
export const ALL_SCOPES = [
  'operator.read',
  'operator.write',
  'operator.admin',
  'operator.pairing',
  'operator.approvals',
];

/** A bare protocol 4 client that can do what a good client never does, such as cutting its own wire. */
export class RawClient {
  readonly events: EventFrame[] = [];
  /** Every frame in both directions, for fixtures. */
  readonly trace: { dir: 'in' | 'out'; frame: Json }[] = [];
  hello: Json = {};
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly socket: WebSocket;
  private readonly waiting = new Map<string, (frame: Json) => void>();
  private readonly challenge = Promise.withResolvers<Json>();

  private constructor(url: string) {
    this.socket = new WebSocket(url, { maxPayload: 64 * 1024 * 1024, perMessageDeflate: false });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        const error = { code: 'CLOSED', message: `closed ${code} ${reason.toString()}` };
        for (const settle of this.waiting.values()) settle({ ok: false, error });
        this.waiting.clear();
        this.challenge.reject(new WireError('connect', error));
      });
    });
    this.challenge.promise.catch(() => {});
    this.socket.on('error', (error) => this.challenge.reject(error));
    this.socket.on('message', (data) => this.receive(JSON.parse(data.toString()) as Json));
  }

  /** Connects and shakes hands; rejects with a WireError when refused. */
  static async connect(options: RawClientOptions): Promise<RawClient> {
    const client = new RawClient(options.url);
    const timer = setTimeout(() => client.cut(), options.timeoutMs ?? PATIENCE_MS);
    try {
      const challenge = await client.challenge.promise;
      client.hello = await client.request('connect', connectParams(options, challenge));
      return client;
    } catch (error) {
      client.cut();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private receive(frame: Json): void {
    this.trace.push({ dir: 'in', frame });
    if (frame.type === 'event') {
      if (frame.event === 'connect.challenge') this.challenge.resolve(frame.payload as Json);
      this.events.push(frame as unknown as EventFrame);
      return;
    }
    const id = String(frame.id);
    this.waiting.get(id)?.(frame);
    this.waiting.delete(id);
  }

  /** Sends a request and gives its payload. */
  async request(method: string, params: Json = {}, timeoutMs = PATIENCE_MS): Promise<Json> {
    const id = randomUUID();
    const answer = new Promise<Json>((resolve) => this.waiting.set(id, resolve));
    const timer = setTimeout(() => {
      const error = { code: 'CLIENT_TIMEOUT', message: `no answer within ${timeoutMs} ms` };
      this.waiting.get(id)?.({ ok: false, error });
    }, timeoutMs);
    await this.write({ type: 'req', id, method, params });
    const frame = await answer;
    clearTimeout(timer);
    if (frame.ok === true) return (frame.payload ?? {}) as Json;
    throw new WireError(method, (frame.error ?? {}) as Json);
  }

  /** Hands a request to the kernel and does not wait for the answer. */
  post(method: string, params: Json): Promise<void> {
    return this.write({ type: 'req', id: randomUUID(), method, params });
  }

  private write(frame: Json): Promise<void> {
    this.trace.push({ dir: 'out', frame });
    return new Promise((resolve) => this.socket.send(JSON.stringify(frame), () => resolve()));
  }

  /** Waits for an event, also one that came already. */
  event(
    name: string,
    test: (payload: Json) => boolean,
    timeoutMs = PATIENCE_MS,
  ): Promise<EventFrame> {
    const find = (): EventFrame | undefined =>
      this.events.find((frame) => frame.event === name && test(frame.payload));
    return until(`event ${name}`, find, timeoutMs, 10);
  }

  /** Waits for the end of a run, whatever it is. */
  runEnd(runId: string, timeoutMs = PATIENCE_MS): Promise<EventFrame> {
    const ends = ['final', 'aborted', 'error'];
    const isEnd = (payload: Json): boolean =>
      payload.runId === runId && ends.includes(String(payload.state));
    return this.event('chat', isEnd, timeoutMs);
  }

  /** Drops the connection without a goodbye. */
  cut(): void {
    this.socket.terminate();
  }

  /** Closes politely. */
  async close(): Promise<void> {
    this.socket.close(1000);
    const timer = setTimeout(() => this.cut(), 2_000);
    await this.closed;
    clearTimeout(timer);
  }
}

function connectParams(options: RawClientOptions, challenge: Json): Json {
  const mode = options.mode ?? (options.device ? 'ui' : 'backend');
  const scopes = options.scopes ?? ['operator.read', 'operator.write'];
  const clientId = mode === 'cli' ? 'cli' : 'gateway-client';
  const platform = process.platform;
  const auth: Json = {};
  if (options.token !== undefined) auth.token = options.token;
  if (options.password !== undefined) auth.password = options.password;
  const params: Json = {
    minProtocol: 4,
    maxProtocol: 4,
    client: {
      id: clientId,
      displayName: options.displayName ?? 'Peerage test',
      version: '0.1.0',
      platform,
      mode,
    },
    role: 'operator',
    scopes,
    caps: options.caps ?? [],
    auth,
  };
  if (options.device !== undefined) {
    const { device } = options;
    const signedAt = Number(challenge.ts);
    const nonce = String(challenge.nonce);
    const token = options.token ?? '';
    const fields = ['v3', device.id, clientId, mode, 'operator', scopes.join(',')];
    const payload = [...fields, String(signedAt), token, nonce, platform, ''].join('|');
    const signature = device.sign(payload);
    params.device = { id: device.id, publicKey: device.publicKey, signature, signedAt, nonce };
  }
  return params;
}
