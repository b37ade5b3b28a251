/**
 * The gateway for tests: the practice gateway's own core, and everything that can go wrong with one,
 * on command and repeatable. Nothing here sleeps unless it is told to.
 */

import { type Clock, systemClock } from '../../../electron/clock/clock.ts';
import { type AdmissionRules, refusals } from '../../../electron/practice/admission.ts';
import type { Connection, FrameTap } from '../../../electron/practice/connection.ts';
import { DEFAULT_POLICY, GatewayCore, type Policy } from '../../../electron/practice/core.ts';
import { gatewayIdentity } from '../../../electron/practice/device-proof.ts';
import { Devices } from '../../../electron/practice/devices.ts';
import type { Json, Refusal } from '../../../electron/practice/frames.ts';
import { type Listener, listen } from '../../../electron/practice/listener.ts';
import { loadProtocolChecks } from '../../../electron/practice/protocol-checks.ts';
import type { Leftovers } from '../../../electron/practice/runs.ts';
import { type AgentReply, type AgentTurn, words } from '../../../electron/practice/script.ts';
import type { Stage } from '../../../electron/practice/speaking.ts';
import { Transcripts } from '../../../electron/practice/transcripts.ts';
import { type Certificate, selfSigned } from './certificate.ts';
import { type FrameFaults, faultyTap } from './frame-faults.ts';

export interface FakeOptions {
  readonly clock?: Clock;
  readonly auth?: AdmissionRules['auth'];
  readonly tls?: boolean;
  readonly agents?: readonly string[];
  readonly policy?: Partial<Policy>;
}

export type Reply = Partial<AgentReply> & { readonly text?: string };

const TOKEN = 'fake-token-0123456789';
const realClock = systemClock();

export class FakeGateway {
  readonly token = TOKEN;
  readonly devices = new Devices();
  readonly transcripts = new Transcripts();
  /** Loosen or tighten at will; the next connect goes by it. */
  readonly rules: AdmissionRules;
  /** How often the model was called for each key: the measure of work done. */
  readonly modelCalls = new Map<string, number>();
  /** Every request that came in, in order. */
  readonly requests: { readonly method: string; readonly params: Json }[] = [];
  /** Refuses every connect with this, until it is null again. */
  refuseConnect: (() => Refusal) | null = null;
  /** Methods that are refused, and how. */
  readonly refused = new Map<string, () => Refusal>();
  /** Methods that are never answered. */
  readonly swallowed = new Set<string>();
  /** Every answer waits for this. */
  answersAfter: Promise<void> | null = null;
  /** A new process repeats what was cut off this long after its start; a real one takes 5 s. */
  recoverAfterMs = 30;
  /** Takes connections and says nothing. */
  mute = false;
  private readonly clock: Clock;
  private readonly options: FakeOptions;
  private readonly checks: Awaited<ReturnType<typeof loadProtocolChecks>>;
  private readonly scripts: { match: string; reply: (turn: AgentTurn) => Reply }[] = [];
  /** `tools.exec.mode` of its agents. */
  execMode = 'full';
  /** The sockets that are open, greeted or not. */
  readonly connections = new Set<Connection>();
  private identityKey = gatewayIdentity();
  private certificate: Certificate | null;
  private core: GatewayCore | null = null;
  private listener: Listener | null = null;
  private tap: FrameTap | null = null;
  private killStage: Stage | null = null;
  private ackLost = false;
  private portNumber = 0;
  private leftovers: Leftovers | null = null;

  private constructor(
    options: FakeOptions,
    checks: Awaited<ReturnType<typeof loadProtocolChecks>>,
  ) {
    this.options = options;
    this.checks = checks;
    this.clock = options.clock ?? realClock;
    this.certificate = options.tls ? selfSigned() : null;
    this.rules = {
      auth: options.auth ?? { mode: 'token', secret: TOKEN },
      autoApproveLocal: true,
      scopeLimit: null,
      protocol: 4,
    };
  }

  static async start(options: FakeOptions = {}): Promise<FakeGateway> {
    const gateway = new FakeGateway(options, await loadProtocolChecks());
    await gateway.revive();
    return gateway;
  }

  get url(): string {
    return `${this.certificate ? 'wss' : 'ws'}://127.0.0.1:${this.portNumber}`;
  }

  get identity(): string {
    return this.identityKey.deviceId;
  }

  get fingerprint(): string {
    return this.certificate?.fingerprint ?? '';
  }

  /** How many sockets are past the handshake. */
  get connected(): number {
    return this.core?.connected ?? 0;
  }

  connects = (): number => this.requests.filter(({ method }) => method === 'connect').length;

  callsFor(key: string): number {
    return this.modelCalls.get(key) ?? 0;
  }

  /** What the model says to prompts that contain `match`; the newest that fits wins. */
  script(match: string, reply: Reply | ((turn: AgentTurn) => Reply)): void {
    this.scripts.unshift({ match, reply: typeof reply === 'function' ? reply : () => reply });
  }

  private agent(turn: AgentTurn): AgentReply {
    this.modelCalls.set(turn.key, this.callsFor(turn.key) + 1);
    const script = this.scripts.find((entry) => turn.text.includes(entry.match));
    const reply = script?.reply(turn) ?? {};
    const chunks = reply.chunks ?? words(reply.text ?? `echo: ${turn.text}`);
    return { firstMs: 0, chunkMs: 0, ...reply, chunks };
  }

  private makeCore(): GatewayCore {
    const ids = this.options.agents ?? ['main', 'helper'];
    return new GatewayCore({
      clock: this.clock,
      checks: this.checks,
      identity: this.identityKey,
      agents: ids.map((id) => ({ id, name: `Agent ${id}` })),
      rules: this.rules,
      transcripts: this.transcripts,
      devices: this.devices,
      agent: (turn) => this.agent(turn),
      policy: { ...DEFAULT_POLICY, ...this.options.policy },
      serverVersion: '2026.9.6-fake',
      changed: () => {},
      hooks: {
        mute: () => this.mute,
        execMode: () => this.execMode,
        tap: (text, write, frame) => this.outgoing(text, write, frame),
        onConnection: (connection) => this.connections.add(connection),
        beforeConnect: (params) => {
          this.requests.push({ method: 'connect', params });
          if (this.refuseConnect) throw this.refuseConnect();
        },
        beforeRequest: async (method, params) => {
          if (method !== 'connect') this.requests.push({ method, params });
          const refusal = this.refused.get(method);
          if (refusal) throw refusal();
          await this.answersAfter;
          return this.swallowed.has(method) ? 'swallow' : 'go';
        },
        stage: (stage) => this.reached(stage),
      },
    });
  }

  private outgoing(text: string, write: (text: string) => void, frame: Json): void {
    const payload = frame.payload as Json | undefined;
    if (this.ackLost && frame.type === 'res' && payload?.status === 'started') {
      this.ackLost = false;
      this.cut();
      return;
    }
    if (this.tap) this.tap(text, write, frame);
    else write(text);
  }

  private reached(stage: Stage): boolean {
    if (this.killStage !== stage) return true;
    this.killStage = null;
    this.kill();
    return false;
  }

  /** The process dies when the next message reaches this stage. */
  killAt(stage: Stage): void {
    this.killStage = stage;
  }

  /** The next acknowledgement is lost with its connection; the message itself was taken. */
  loseNextAck(): void {
    this.ackLost = true;
  }

  /** Spoils frames from now on; null = no more. */
  spoil(faults: FrameFaults | null): void {
    this.tap = faults ? faultyTap(faults) : null;
  }

  /** Cuts every socket without a goodbye (1006). */
  cut(): void {
    for (const connection of this.connections) connection.cut();
    this.connections.clear();
  }

  close(code: number, reason = ''): void {
    this.core?.closeAll(code, reason);
    this.connections.clear();
  }

  /** An event to every socket that may see it. */
  event(event: string, payload: Json, sessionKey: string | null = null): void {
    this.core?.broadcast(event, payload, sessionKey);
  }

  /** Text or bytes to every socket, past every rule. */
  raw(data: string | Uint8Array): void {
    for (const connection of this.connections) connection.raw(data);
  }

  /** Dies at once: sockets cut, runs gone, used keys forgotten. The history stays. */
  kill(): void {
    this.leftovers = this.core?.kill() ?? this.leftovers;
    this.core = null;
    this.connections.clear();
    const { listener } = this;
    this.listener = null;
    this.closing = listener?.close() ?? null;
  }

  private closing: Promise<void> | null = null;

  /** Comes back on the same port, as a new process. */
  async revive(): Promise<void> {
    await this.closing;
    if (!this.core) {
      this.core = this.makeCore();
      if (this.leftovers) this.core.runs.inherit(this.leftovers, this.recoverAfterMs);
      this.leftovers = null;
    }
    this.listener ??= await listen({
      port: this.portNumber,
      tls: this.certificate,
      core: () => this.core,
      local: () => true,
    });
    this.portNumber = this.listener.port;
  }

  /** Goes away politely: `shutdown`, 1012. */
  async shutdown(expectedMs: number | null = 1500): Promise<void> {
    const payload =
      expectedMs === null
        ? { reason: 'gateway stopping' }
        : { reason: 'gateway restarting', restartExpectedMs: expectedMs };
    this.core?.broadcast('shutdown', payload, null);
    this.core?.closeAll(1012, 'service restart');
    this.core?.dispose();
    this.core = null;
    this.connections.clear();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { listener } = this;
    this.listener = null;
    await listener?.close();
  }

  async restart(): Promise<void> {
    await this.shutdown();
    await this.revive();
  }

  /** Another gateway at the same address. */
  becomeAnother(): void {
    this.identityKey = gatewayIdentity();
    this.kill();
  }

  /** Another certificate at the same address. */
  changeCertificate(): void {
    this.certificate = selfSigned();
    this.kill();
  }

  /** Connects are refused as by a gateway that starts, or that locks us out for a while. */
  refuseAs(what: 'starting' | 'rateLimited', retryAfterMs: number): void {
    this.refuseConnect = () => refusals[what](retryAfterMs);
  }

  approve = (requestId: string): boolean => this.devices.approve(requestId, this.clock.now());

  /** Takes a device's token away; its sockets close with 4001. */
  revoke(deviceId: string): void {
    this.devices.revokeToken(deviceId);
    this.core?.dropDevice(deviceId);
  }

  async stop(): Promise<void> {
    this.kill();
    await this.closing;
  }
}
