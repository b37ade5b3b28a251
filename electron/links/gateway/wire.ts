/**
 * One connection attempt: an official GatewayClient that lives exactly as long as its socket. The
 * schedule of attempts is ours, so the client is stopped when its socket closes.
 */
import { GatewayClient, isGatewayProtocolResponseError } from '@openclaw/gateway-client';
import { onAbort } from '../../clock/aborting.ts';
import type { Cancel, Clock } from '../../clock/clock.ts';
import type { Credential, DeviceSigner, DeviceToken, LinkLog } from './options.ts';
import { forgetSilence, watchSilence } from './silence.ts';

/** The wire protocol that we speak. */
export const PROTOCOL = 4;
/** A whole attempt, from the first packet to the hello. */
export const CONNECT_LIMIT_MS = 15_000;
/** A gateway sends a tick this often unless its hello says otherwise. */
const TICK_MS = 30_000;
const NEVER_MS = 2_000_000_000;
/** The client's own limits lie behind ours, so that ours decide. */
const CLIENT_LIMIT_MS = 30_000;

/** An error object of the gateway. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** Present where the gateway had begun and then failed. */
  readonly payload: unknown;
}

/** Why a request came to nothing. `sent` = it may have reached the other side. */
export type WireFailure =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'timeout' | 'aborted' | 'lost'; readonly sent: boolean };

/** Thrown by {@link Wire.request}. `failure` says whether the request may have arrived. */
export class WireError extends Error {
  readonly failure: WireFailure;
  constructor(failure: WireFailure, message: string) {
    super(message);
    this.name = 'WireError';
    this.failure = failure;
  }
}

/** How an attempt, or the connection that came of it, ended. */
export interface WireEnd {
  readonly code: number;
  readonly reason: string;
  /** The hello had come. */
  readonly greeted: boolean;
  readonly socketOpened: boolean;
  readonly error: Error | null;
  /** Our own limit ended it. */
  readonly timedOut: boolean;
}

/** Who holds the connection. Kept as one object, since there may be hundreds of connections. */
export interface WireOwner {
  greeted(wire: Wire, hello: unknown): void;
  event(wire: Wire, event: string, payload: unknown): void;
  ended(wire: Wire, end: WireEnd): void;
  /** The gateway gave our device a token, or refused the one that we had (null). */
  deviceToken(token: DeviceToken | null): void;
}

/** What one attempt shows of us. `tlsFingerprint` null = an authority vouches, or no TLS. */
export interface WireOptions {
  readonly url: string;
  readonly credential: Credential;
  /** Null = none: only a loopback backend with the shared secret keeps its scopes then. */
  readonly device: DeviceSigner | null;
  readonly deviceToken: DeviceToken | null;
  readonly tlsFingerprint: string | null;
  readonly scopes: readonly string[];
  readonly caps: readonly string[];
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: LinkLog | undefined;
}

/** Reads an error of the official client as a refusal of the gateway, where it is one. */
export function refusalOf(error: unknown): Refusal | null {
  if (!isGatewayProtocolResponseError(error)) return null;
  return {
    code: error.gatewayCode,
    message: error.message,
    details: error.details,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    payload: error.responsePayload,
  };
}

/** One attempt and what comes of it, used once; its end is told once, by `WireOwner.ended`. */
export class Wire {
  private readonly clock: Clock;
  private readonly owner: WireOwner;
  private readonly client: GatewayClient;
  private limit: Cancel | null;
  private tickMs = 0;
  private lastHeard = 0;
  private state: 'new' | 'started' | 'greeted' | 'ended' = 'new';

  constructor(clock: Clock, owner: WireOwner, options: WireOptions) {
    this.clock = clock;
    this.owner = owner;
    this.client = new GatewayClient({ ...clientOptions(options), ...this.hooks(options) });
    this.limit = clock.after(CONNECT_LIMIT_MS, () => {
      this.limit = null;
      this.end({ code: 1006, reason: '', socketOpened: false, error: null, timedOut: true });
    });
  }

  private hooks({ device, deviceToken, log }: WireOptions): ClientOptions {
    const token =
      deviceToken === null ? null : { token: deviceToken.token, scopes: [...deviceToken.scopes] };
    return {
      hostDeps: {
        signDevicePayload: (_pem, payload) => device?.sign(payload) ?? '',
        publicKeyRawBase64UrlFromPem: asItIs,
        loadDeviceAuthToken: token === null ? none : () => token,
        storeDeviceAuthToken: ({ token, scopes }) => this.owner.deviceToken({ token, scopes }),
        clearDeviceAuthToken: () => this.owner.deviceToken(null),
        ...(log ? { logDebug: (text: string) => log('debug', text) } : {}),
        ...(log ? { logError: (text: string) => log('debug', text) } : {}),
      },
      onHelloOk: (hello) => this.hello(hello),
      onEvent: ({ event, payload }) => {
        if (this.state === 'ended') return;
        this.heard();
        this.owner.event(this, event, payload);
      },
      onConnectError: (error) => {
        // Without a socket (bad options, a refused transport) no close will ever follow.
        if (this.state === 'new') this.end({ code: 1006, reason: '', socketOpened: false, error });
      },
      onClose: (code, reason, info) => {
        const error = info?.connectError ?? null;
        this.end({ code, reason, socketOpened: info?.socketOpened ?? false, error });
      },
    };
  }

  private hello(hello: { policy?: { tickIntervalMs?: unknown } }): void {
    if (this.state === 'ended') return;
    this.state = 'greeted';
    this.limit?.();
    this.limit = null;
    const announced = hello.policy?.tickIntervalMs;
    const sane = typeof announced === 'number' && announced >= 100 && announced <= 600_000;
    this.tickMs = sane ? announced : TICK_MS;
    this.heard();
    watchSilence(this.clock, this.tickMs, this);
    this.owner.greeted(this, hello);
  }

  /** True the first time: what ends once cannot end again. */
  private finish(): boolean {
    if (this.state === 'ended') return false;
    this.state = 'ended';
    this.limit?.();
    this.limit = null;
    forgetSilence(this.clock, this.tickMs, this);
    return true;
  }

  private end(end: Omit<WireEnd, 'greeted' | 'timedOut'> & { timedOut?: true }): void {
    const greeted = this.state === 'greeted';
    if (!this.finish()) return;
    this.client.stop();
    this.owner.ended(this, { timedOut: false, ...end, greeted });
  }

  /** Something was heard, or silence has another reason than the other side. */
  heard(): void {
    this.lastHeard = this.clock.monotonic();
  }

  /** Two ticks missed: nobody is there any more, whatever the socket thinks. */
  checkSilence(now: number, tickMs: number): void {
    if (now - this.lastHeard <= 2 * tickMs) return;
    this.end({ code: 4000, reason: 'silence', socketOpened: true, error: null });
  }

  start(): void {
    try {
      this.client.start();
      if (this.state === 'new') this.state = 'started';
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.end({ code: 1006, reason: '', socketOpened: false, error: cause });
    }
  }

  /** Closes without a word to its owner. */
  async stop(): Promise<void> {
    this.finish();
    await this.client.stopAndWait({ timeoutMs: 1000 }).catch(() => {});
  }

  /** Sends a request; rejects with a {@link WireError}. Times are those of our clock. */
  async request(
    method: string,
    params: object,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<unknown> {
    let sent = false;
    let timedOut = false;
    const stop = new AbortController();
    const release = options.signal && onAbort(options.signal, () => stop.abort());
    const cancel = this.clock.after(options.timeoutMs, () => {
      timedOut = true;
      stop.abort();
    });
    try {
      const answer = await this.client.request<unknown>(method, params, {
        timeoutMs: null,
        signal: stop.signal,
        onSent: () => {
          sent = true;
        },
      });
      this.heard();
      return answer;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal)
        throw new WireError({ kind: 'refused', refusal }, `${method}: ${refusal.message}`);
      const kind = timedOut ? 'timeout' : options.signal?.aborted ? 'aborted' : 'lost';
      throw new WireError({ kind, sent }, `${method}: ${kind}`);
    } finally {
      cancel();
      release?.();
    }
  }
}

type ClientOptions = ConstructorParameters<typeof GatewayClient>[0];

const asItIs = (value: string): string => value;
const none = (): null => null;
/** Nothing of the process's environment may loosen or redirect a connection. */
const NO_ENV = {};

function clientOptions(options: WireOptions): ClientOptions {
  const { credential, device, deviceToken } = options;
  const secret =
    deviceToken !== null || credential.kind === 'none' || credential.kind === 'unavailable'
      ? {}
      : { [credential.kind === 'setup' ? 'bootstrapToken' : credential.kind]: credential.value };
  return {
    url: options.url,
    env: NO_ENV,
    clientName: 'gateway-client',
    mode: device === null ? 'backend' : 'ui',
    clientDisplayName: options.displayName,
    clientVersion: options.appVersion,
    // Part of the device's pairing: it must stay the same over app versions.
    platform: process.platform,
    role: 'operator',
    scopes: options.scopes as string[],
    caps: options.caps as string[],
    minProtocol: PROTOCOL,
    maxProtocol: PROTOCOL,
    ...secret,
    ...(options.tlsFingerprint === null ? {} : { tlsFingerprint: options.tlsFingerprint }),
    connectChallengeTimeoutMs: CLIENT_LIMIT_MS,
    preauthHandshakeTimeoutMs: CLIENT_LIMIT_MS,
    notifyOnStartupRetry: true,
    // Its own watch says goodbye and waits for an answer, which the dead do not give.
    tickWatchTimeoutMs: NEVER_MS,
    deviceIdentity:
      device === null
        ? null
        : { deviceId: device.deviceId, publicKeyPem: device.publicKey, privateKeyPem: '' },
  };
}
