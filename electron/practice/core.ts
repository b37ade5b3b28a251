/**
 * The gateway itself: sockets, handshake, requests, events, restart. The practice peer runs it as
 * it is; the tests' fake gateway adds faults through {@link CoreHooks}.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocketServer } from 'ws';
import type { Cancel, Clock } from '../clock/clock.ts';
import { type AdmissionRules, admit } from './admission.ts';
import { Connection, type FrameTap } from './connection.ts';
import type { GatewayIdentity } from './device-proof.ts';
import type { Devices } from './devices.ts';
import { CloseCode, invalidRequest, isJson, type Json, Refusal } from './frames.ts';
import type { MethodContext, PracticeAgent } from './method-types.ts';
import { methodFor, methodNames } from './methods.ts';
import type { ProtocolChecks } from './protocol-checks.ts';
import { type Leftovers, Runs } from './runs.ts';
import type { Agent } from './script.ts';
import type { Stage } from './speaking.ts';
import type { Transcripts } from './transcripts.ts';

/** Limits that the hello announces: sizes in bytes, the tick in ms. */
export interface Policy {
  maxPayload: number;
  maxBufferedBytes: number;
  tickIntervalMs: number;
  attachments: { maxBytes: number; maxImageBytes: number };
}

/** The limits that OpenClaw 2026.9.6 announced. */
export const DEFAULT_POLICY: Policy = {
  maxPayload: 26_214_400,
  maxBufferedBytes: 52_428_800,
  tickIntervalMs: 30_000,
  attachments: { maxBytes: 19_464_192, maxImageBytes: 6_291_456 },
};

/** Where a test, or a mode of the practice peer, takes hold. All are optional. */
export interface CoreHooks {
  /** Every frame on its way out. */
  tap?: FrameTap;
  /** Before a connect is looked at; throw a {@link Refusal} to refuse it. */
  beforeConnect?: (params: Json) => void;
  /** Before a request is handled. `swallow` = never answer it. */
  beforeRequest?: (method: string, params: Json) => Promise<'go' | 'swallow'> | 'go' | 'swallow';
  stage?: (stage: Stage, key: string) => boolean;
  onConnection?: (connection: Connection) => void;
  /** `tools.exec.mode`; OpenClaw's own default where nobody says. */
  execMode?: () => string;
  /** Sends no challenge: a port that takes connections and says nothing. */
  mute?: () => boolean;
}

/** Given by the practice peer or a test; `changed`: something worth keeping changed. */
export interface CoreOptions {
  readonly clock: Clock;
  readonly checks: ProtocolChecks;
  readonly identity: GatewayIdentity;
  readonly agents: readonly PracticeAgent[];
  readonly rules: AdmissionRules;
  readonly transcripts: Transcripts;
  readonly devices: Devices;
  readonly agent: Agent;
  readonly policy: Policy;
  readonly serverVersion: string;
  readonly hooks: CoreHooks;
  readonly changed: () => void;
}

const EVENTS = [
  'connect.challenge',
  'agent',
  'chat',
  'session.message',
  'sessions.changed',
  'tick',
  'shutdown',
  'health',
  'device.pair.requested',
  'device.pair.resolved',
];

/** One process of a gateway: a restart is another core over the same transcripts and devices. */
export class GatewayCore {
  private readonly options: CoreOptions;
  private readonly sockets: WebSocketServer;
  private readonly connections = new Set<Connection>();
  private readonly startedAt: number;
  private readonly bootId = randomUUID();
  private readonly stopTicks: Cancel;
  readonly runs: Runs;

  constructor(options: CoreOptions) {
    this.options = options;
    this.startedAt = options.clock.now();
    this.sockets = new WebSocketServer({ noServer: true, maxPayload: options.policy.maxPayload });
    this.runs = new Runs(
      options.clock,
      options.transcripts,
      {
        event: (sessionKey, event, payload) => this.broadcast(event, payload, sessionKey),
        stage: (stage, key) => options.hooks.stage?.(stage, key) ?? true,
        changed: options.changed,
      },
      options.agent,
    );
    this.stopTicks = options.clock.every(options.policy.tickIntervalMs, () =>
      this.broadcast('tick', { ts: options.clock.now() }, null),
    );
  }

  /** Takes an HTTP upgrade over. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, local: boolean): void {
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, local, this.options.hooks.tap);
      this.connections.add(connection);
      this.options.hooks.onConnection?.(connection);
      webSocket.on('close', () => this.connections.delete(connection));
      webSocket.on('error', () => connection.cut());
      webSocket.on('message', (data) => void this.receive(connection, data));
      if (this.options.hooks.mute?.()) return;
      const ts = this.options.clock.now();
      connection.event('connect.challenge', { nonce: connection.nonce, ts });
    });
  }

  /** How many sockets are past the handshake. */
  get connected(): number {
    return [...this.connections].filter((connection) => connection.admission !== null).length;
  }

  /** Sends an event to every socket that may see it. */
  broadcast(event: string, payload: Json, sessionKey: string | null): void {
    for (const connection of this.connections) {
      if (connection.sees(event, sessionKey)) connection.event(event, payload);
    }
  }

  private async receive(connection: Connection, data: RawData): Promise<void> {
    let frame: unknown;
    try {
      frame = JSON.parse(data.toString());
    } catch {
      if (!connection.admission) connection.close(CloseCode.normal, '');
      return;
    }
    if (!this.options.checks.requestFrame(frame) || !isJson(frame)) {
      if (!connection.admission) connection.close(CloseCode.policy, 'invalid request frame');
      return;
    }
    const { id, method } = frame as { id: string; method: string };
    const params = isJson(frame.params) ? frame.params : {};
    try {
      if (!connection.admission) await this.handshake(connection, id, method, params);
      else await this.request(connection, id, method, params);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      connection.refuse(id, error.shape);
      if (!connection.admission) connection.close(error.closeCode, error.shape.message);
    }
  }

  private check(method: string, params: Json): void {
    const problem = this.options.checks.params(method, params);
    if (problem !== null) throw invalidRequest(`invalid ${method} params: ${problem}`);
  }

  private async handshake(
    connection: Connection,
    id: string,
    method: string,
    params: Json,
  ): Promise<void> {
    if (method !== 'connect')
      throw invalidRequest('invalid handshake: first request must be connect');
    this.check('connect', params);
    this.options.hooks.beforeConnect?.(params);
    if ((await this.options.hooks.beforeRequest?.('connect', params)) === 'swallow') return;
    const { clock, rules, devices, policy } = this.options;
    connection.admission = admit(params, {
      nonce: connection.nonce,
      now: clock.now(),
      local: connection.local,
      rules,
      devices,
    });
    this.options.changed();
    const { scopes, deviceToken } = connection.admission;
    const auth = { role: 'operator', scopes, ...(deviceToken ? { deviceToken } : {}) };
    connection.respond(id, {
      type: 'hello-ok',
      protocol: rules.protocol,
      server: {
        version: this.options.serverVersion,
        bootId: this.bootId,
        connId: connection.id,
      },
      features: { methods: methodNames, events: EVENTS, capabilities: [] },
      snapshot: {
        presence: [],
        health: {},
        stateVersion: { presence: 1, health: 1 },
        uptimeMs: Math.max(Math.round(clock.now() - this.startedAt), 0),
        sessionDefaults: {
          defaultAgentId: this.options.agents[0]?.id ?? 'main',
          mainKey: 'main',
          mainSessionKey: `agent:${this.options.agents[0]?.id ?? 'main'}:main`,
        },
      },
      auth,
      policy,
    });
  }

  private async request(
    connection: Connection,
    id: string,
    method: string,
    params: Json,
  ): Promise<void> {
    const handler = methodFor(method, connection);
    this.check(method, params);
    if ((await this.options.hooks.beforeRequest?.(method, params)) === 'swallow') return;
    const key = typeof params.idempotencyKey === 'string' ? params.idempotencyKey : '';
    const runs = method === 'chat.send' || method === 'agent';
    if (runs && this.options.hooks.stage?.('received', key) === false) return;
    const answer = await handler(this.context(), params, connection);
    connection.respond(id, answer.payload);
    answer.after?.();
  }

  private context(): MethodContext {
    const { clock, identity, agents, transcripts, devices, policy, changed } = this.options;
    return {
      clock,
      identity,
      agents,
      transcripts,
      devices,
      changed,
      runs: this.runs,
      startedAt: this.startedAt,
      maxAttachmentBytes: policy.attachments.maxBytes,
      execMode: this.options.hooks.execMode?.() ?? 'full',
      dropDevice: (deviceId) => this.dropDevice(deviceId),
    };
  }

  /** Closes the sockets of a device whose token or pairing was taken away. */
  dropDevice(deviceId: string): void {
    for (const connection of this.connections) {
      if (connection.admission?.deviceId === deviceId) {
        connection.close(CloseCode.removed, 'device removed');
      }
    }
  }

  /** Closes every socket politely. */
  closeAll(code: number, reason: string): void {
    for (const connection of this.connections) connection.close(code, reason);
  }

  /** Ends at once: no goodbye, nothing more is recorded. */
  kill(): Leftovers {
    const leftovers = this.dispose();
    for (const connection of this.connections) connection.cut();
    return leftovers;
  }

  /** Stops the runs and the ticks; sockets are left to the caller. */
  dispose(): Leftovers {
    this.stopTicks();
    return this.runs.dispose();
  }
}
