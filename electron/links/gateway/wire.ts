/**
 * One connection attempt: an official GatewayClient that lives exactly as long as its socket. The
 * schedule of attempts is ours, so the client is stopped when its socket closes.
 */
import {
  GatewayClient,
  type GatewayClientCloseInfo,
  isGatewayProtocolResponseError,
} from '@openclaw/gateway-client';
import type { Cancel, Clock } from '../../clock/clock.ts';
import type { Credential, DeviceSigner, DeviceToken, LinkLog } from './options.ts';

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

export interface WireOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly credential: Credential;
  readonly device: DeviceSigner;
  readonly deviceToken: DeviceToken | null;
  readonly onDeviceToken: (token: DeviceToken | null) => void;
  readonly tlsFingerprint: string | null;
  readonly scopes: readonly string[];
  readonly caps: readonly string[];
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: LinkLog | undefined;
  readonly onHello: (hello: unknown) => void;
  readonly onEvent: (event: string, payload: unknown) => void;
  readonly onEnd: (end: WireEnd) => void;
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

export class Wire {
  private readonly options: WireOptions;
  private readonly client: GatewayClient;
  private readonly cancelLimit: Cancel;
  private stopListening: Cancel | null = null;
  private lastHeard = 0;
  private ended = false;
  private greeted = false;
  private timedOut = false;
  private started = false;

  constructor(options: WireOptions) {
    this.options = options;
    this.client = new GatewayClient(this.clientOptions());
    this.cancelLimit = options.clock.after(CONNECT_LIMIT_MS, () => {
      if (this.greeted || this.ended) return;
      this.timedOut = true;
      this.end({ code: 1006, reason: '', socketOpened: false, error: null });
    });
  }

  private clientOptions(): ConstructorParameters<typeof GatewayClient>[0] {
    const { options } = this;
    const { credential, device, deviceToken, log } = options;
    return {
      url: options.url,
      // Nothing of the process's environment may loosen or redirect a connection.
      env: {},
      clientName: 'gateway-client',
      mode: 'ui',
      clientDisplayName: options.displayName,
      clientVersion: options.appVersion,
      // Part of the device's pairing: it must stay the same over app versions.
      platform: process.platform,
      role: 'operator',
      scopes: [...options.scopes],
      caps: [...options.caps],
      minProtocol: PROTOCOL,
      maxProtocol: PROTOCOL,
      ...(deviceToken === null && credential.kind === 'token' ? { token: credential.value } : {}),
      ...(deviceToken === null && credential.kind === 'password'
        ? { password: credential.value }
        : {}),
      ...(options.tlsFingerprint === null ? {} : { tlsFingerprint: options.tlsFingerprint }),
      connectChallengeTimeoutMs: CLIENT_LIMIT_MS,
      preauthHandshakeTimeoutMs: CLIENT_LIMIT_MS,
      notifyOnStartupRetry: true,
      // Its own watch says goodbye and waits for an answer, which the dead do not give: see listen().
      tickWatchTimeoutMs: NEVER_MS,
      deviceIdentity: {
        deviceId: device.deviceId,
        publicKeyPem: device.publicKey,
        privateKeyPem: '',
      },
      hostDeps: {
        signDevicePayload: (_pem, payload) => device.sign(payload),
        publicKeyRawBase64UrlFromPem: (publicKey) => publicKey,
        loadDeviceAuthToken: () =>
          deviceToken === null
            ? null
            : { token: deviceToken.token, scopes: [...deviceToken.scopes] },
        storeDeviceAuthToken: ({ token, scopes }) => options.onDeviceToken({ token, scopes }),
        clearDeviceAuthToken: () => options.onDeviceToken(null),
        ...(log
          ? {
              logDebug: (text: string) => log('debug', text),
              logError: (text: string) => log('debug', text),
            }
          : {}),
      },
      onHelloOk: (hello) => {
        if (this.ended) return;
        this.greeted = true;
        this.cancelLimit();
        this.listen(hello.policy?.tickIntervalMs);
        options.onHello(hello);
      },
      onEvent: (event) => {
        if (this.ended) return;
        this.heard();
        options.onEvent(event.event, event.payload);
      },
      onConnectError: (error) => {
        // Without a socket (bad options, a refused transport) no close will ever follow.
        if (!this.started) this.end({ code: 1006, reason: '', socketOpened: false, error });
      },
      onClose: (code, reason, info) => this.closed(code, reason, info),
    };
  }

  private closed(code: number, reason: string, info: GatewayClientCloseInfo | undefined): void {
    this.end({
      code,
      reason,
      socketOpened: info?.socketOpened ?? false,
      error: info?.connectError ?? null,
    });
  }

  private end(end: Omit<WireEnd, 'greeted' | 'timedOut'>): void {
    if (this.ended) return;
    this.ended = true;
    this.cancelLimit();
    this.stopListening?.();
    this.client.stop();
    this.options.onEnd({ ...end, greeted: this.greeted, timedOut: this.timedOut });
  }

  /** Something was heard, or silence has another reason than the other side. */
  heard(): void {
    this.lastHeard = this.options.clock.monotonic();
  }

  /** Two ticks missed: nobody is there any more, whatever the socket thinks. */
  private listen(announced: unknown): void {
    const tickMs =
      typeof announced === 'number' && announced >= 100 && announced <= 600_000
        ? announced
        : TICK_MS;
    this.heard();
    this.stopListening = this.options.clock.every(tickMs, () => {
      if (this.options.clock.monotonic() - this.lastHeard <= 2 * tickMs) return;
      this.end({ code: 4000, reason: 'silence', socketOpened: true, error: null });
    });
  }

  start(): void {
    try {
      this.client.start();
      this.started = true;
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.end({ code: 1006, reason: '', socketOpened: false, error: cause });
    }
  }

  /** Closes without a word to {@link WireOptions.onEnd}. */
  async stop(): Promise<void> {
    this.ended = true;
    this.cancelLimit();
    this.stopListening?.();
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
    const onAbort = (): void => stop.abort();
    options.signal?.addEventListener('abort', onAbort);
    if (options.signal?.aborted) stop.abort();
    const cancel = this.options.clock.after(options.timeoutMs, () => {
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
      options.signal?.removeEventListener('abort', onAbort);
    }
  }
}
