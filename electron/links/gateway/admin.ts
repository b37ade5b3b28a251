/**
 * A connection to the gateway on this machine with more rights than a link has, for as long as one
 * feature needs them. It comes over loopback with the shared secret and without a device, which
 * OpenClaw admits as its own machine's backend (`gateway-client` in mode `backend`): nothing is
 * paired, so nothing is left behind that could be used later.
 */
import type { Clock } from '../../clock/clock.ts';
import { type CodedError, codedError, ok, type Result } from '../../contract/index.ts';
import { classifyEnd, type Failure } from './failures.ts';
import { greet } from './greeting.ts';
import { type Credential, type LinkLog, PEER_CAPS, type Pins } from './options.ts';
import { checkTls } from './trust.ts';
import { Wire, WireError } from './wire.ts';

/** Given for one use. Null pins = nothing was trusted there before. */
export interface AdminOptions {
  /** On loopback: `ws://127.0.0.1:<port>`. */
  readonly url: string;
  readonly credential: Exclude<Credential, { kind: 'unavailable' }>;
  /** Of our own link to it, where there is one: another gateway is refused. */
  readonly pins: Pins;
  /** Beyond operator.read, which asking for the gateway's identity needs. */
  readonly scopes: readonly string[];
  readonly clock: Clock;
  readonly displayName: string;
  readonly appVersion: string;
  readonly onEvent?: (event: string, payload: unknown) => void;
  readonly log?: LinkLog;
  readonly signal?: AbortSignal;
}

/** The connection while it stands; whoever asked for it closes it. */
export interface AdminConnection {
  readonly serverVersion: string;
  /** New with every process of the gateway; null where it does not tell. */
  readonly bootId: string | null;
  /**
   * Asks the gateway.
   * @throws CodedError own_gateway.failed (refused), own_gateway.no_answer
   */
  request(method: string, params: object, limitMs?: number): Promise<unknown>;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const REQUEST_LIMIT_MS = 20_000;

/**
 * Connects once. Fails with own_gateway.not_running, .refused, .too_few_rights, .another, .no_answer,
 * or link.starting while it starts.
 */
export async function openAdmin(options: AdminOptions): Promise<Result<AdminConnection>> {
  const { clock, pins, scopes } = options;
  const signal = options.signal ?? new AbortController().signal;
  try {
    const tls = await checkTls(options.url, pins, clock, signal);
    if (tls.kind === 'changed') return { ok: false, error: another('certificate').error };
    const opened = await connect(options, tls.fingerprint);
    const { wire } = opened;
    try {
      const greeting = await greet(wire, opened.hello, pins, null, clock, signal);
      if (greeting.kind === 'state') throw another('identity');
      if (greeting.kind === 'failure') throw asAdminError(greeting.failure);
      const held = greeting.facts.scopes;
      const missing = scopes.filter((scope) => !covers(held, scope));
      if (missing.length > 0) {
        throw codedError('own_gateway.too_few_rights', `It did not give ${missing.join(', ')}.`);
      }
      return ok({
        serverVersion: greeting.facts.serverVersion,
        bootId: greeting.facts.bootId,
        request: (method, params, limitMs = REQUEST_LIMIT_MS) =>
          ask(wire, method, params, limitMs, options.signal),
        ended: opened.ended,
        close: () => wire.stop().then(opened.end),
      });
    } catch (error) {
      await wire.stop();
      throw error;
    }
  } catch (error) {
    return { ok: false, error: coded(error).error };
  }
}

interface Opened {
  readonly wire: Wire;
  readonly hello: unknown;
  readonly ended: Promise<void>;
  end(): void;
}

function connect(options: AdminOptions, tlsFingerprint: string | null): Promise<Opened> {
  const gone = Promise.withResolvers<void>();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(codedError('own_gateway.no_answer', 'It was cancelled.'));
      void wire.stop();
    };
    const wire = new Wire(
      options.clock,
      {
        greeted: (_, hello) => {
          options.signal?.removeEventListener('abort', onAbort);
          resolve({ wire, hello, ended: gone.promise, end: gone.resolve });
        },
        event: (_, event, payload) => options.onEvent?.(event, payload),
        ended: (_, end) => {
          options.signal?.removeEventListener('abort', onAbort);
          gone.resolve();
          reject(asAdminError(classifyEnd(end)));
        },
        deviceToken: () => {},
      },
      {
        url: options.url,
        credential: options.credential,
        device: null,
        deviceToken: null,
        tlsFingerprint,
        scopes: ['operator.read', ...options.scopes],
        // Nobody's conversations are wanted here.
        caps: PEER_CAPS,
        displayName: options.displayName,
        appVersion: options.appVersion,
        log: options.log,
      },
    );
    options.signal?.addEventListener('abort', onAbort);
    if (options.signal?.aborted) onAbort();
    else wire.start();
  });
}

/** Admin holds everything; write holds read. */
const covers = (held: readonly string[], scope: string): boolean =>
  held.includes(scope) ||
  held.includes('operator.admin') ||
  (scope === 'operator.read' && held.includes('operator.write'));

async function ask(
  wire: Wire,
  method: string,
  params: object,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  try {
    return await wire.request(method, params, { timeoutMs, ...(signal ? { signal } : {}) });
  } catch (error) {
    throw coded(error);
  }
}

const another = (what: string): CodedError =>
  codedError('own_gateway.another', `Its ${what} is not the one that was trusted.`);

function coded(error: unknown): CodedError {
  if (error instanceof WireError) {
    const { failure } = error;
    if (failure.kind === 'refused')
      return codedError('own_gateway.failed', failure.refusal.message.slice(0, 500));
    return codedError('own_gateway.no_answer', failureWords[failure.kind]);
  }
  if (error instanceof Error && 'error' in error) return error as CodedError;
  return codedError('own_gateway.no_answer', error instanceof Error ? error.message : '');
}

const failureWords = {
  timeout: 'No answer came in time.',
  aborted: 'It was cancelled.',
  lost: 'The connection broke.',
} as const;

function asAdminError(failure: Failure): CodedError {
  switch (failure.kind) {
    case 'bad_credential':
    case 'narrow_token':
      return codedError('own_gateway.refused', failure.detail);
    case 'needs_approval':
      return codedError('own_gateway.too_few_rights', 'It asks for a device approval first.');
    case 'starting':
    case 'restarting':
      return codedError('link.starting', 'The gateway is starting.');
    case 'rate_limited':
      return codedError('link.rate_limited', 'It takes no sign-in for a while.');
    case 'revoked':
      return codedError('own_gateway.refused', 'It ended the connection.');
    case 'protocol_mismatch':
      return codedError('link.protocol_mismatch', 'It speaks another version of the protocol.');
    case 'tls_changed':
      return another('certificate');
    case 'offline':
      return failure.cause === 'refused'
        ? codedError('own_gateway.not_running', failure.detail)
        : codedError('own_gateway.no_answer', failure.detail);
  }
}
