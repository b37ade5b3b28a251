/** A plain HTTP client: what it gets is told as it came. */
import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as JSON; throws where it is none. */
  json<T = Record<string, unknown>>(): T;
}

export interface ClientOptions {
  readonly token?: string | null;
  /** Sends the header of the second version. */
  readonly modern?: boolean;
  readonly secret?: string;
  /** The address to call from, for example 127.0.0.2. */
  readonly from?: string;
  /** One connection for all requests; else one for each, as the published client does. */
  readonly agent?: Agent;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpClient {
  readonly options: ClientOptions;
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  raw(method: string, path: string, body?: string | Buffer): Promise<Reply>;
}

export function client(base: string, options: ClientOptions = {}): HttpClient {
  const url = new URL(base);
  const raw = (method: string, path: string, body?: string | Buffer): Promise<Reply> =>
    new Promise((resolve, reject) => {
      // Like requests: the connection may be kept, and is ended once the answer was read.
      const own = options.agent ? null : new Agent({ keepAlive: true, maxSockets: 1 });
      const call = request(
        {
          host: url.hostname,
          port: url.port,
          method,
          path,
          agent: options.agent ?? own ?? false,
          ...(options.from ? { localAddress: options.from } : {}),
          headers: {
            'Content-Type': 'application/json',
            ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}),
            ...(options.modern ? { 'X-Relay-Version': '2' } : {}),
            ...(options.secret ? { 'X-Agent-Secret': options.secret } : {}),
            ...options.headers,
            ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            // The socket is free again a moment after the end; then it is closed.
            if (own) setImmediate(() => own.destroy());
            resolve({
              status: response.statusCode ?? 0,
              type: response.headers['content-type'] ?? '',
              text,
              headers: response.headers,
              json: <T>() => JSON.parse(text) as T,
            });
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  return {
    options,
    raw,
    get: (path) => raw('GET', path),
    post: (path, body) => raw('POST', path, JSON.stringify(body)),
  };
}
