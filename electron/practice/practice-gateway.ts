/**
 * The practice peer: a gateway on loopback with a scripted agent, so that a newcomer has a working
 * peer in ten seconds, and can see what trouble looks like before there is any.
 */
import { randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../clock/clock.ts';
import { type AdmissionRules, applicantOf, refusals } from './admission.ts';
import { type CoreHooks, DEFAULT_POLICY, GatewayCore } from './core.ts';
import { gatewayIdentity } from './device-proof.ts';
import { Devices } from './devices.ts';
import { CloseCode, isJson, type Json, PROTOCOL } from './frames.ts';
import { type Listener, listen } from './listener.ts';
import { loadProtocolChecks } from './protocol-checks.ts';
import { type Agent, newcomerAgent } from './script.ts';
import { type PracticeState, readPracticeState } from './state.ts';
import { Transcripts } from './transcripts.ts';

/** The behaviours of the contract's call `practice.behave`. */
export type PracticeBehaviour =
  | 'well'
  | 'slow'
  | 'refuse_token'
  | 'needs_approval'
  | 'restart'
  | 'disconnect'
  | 'fail_answers';

/** Given by the app, or by a test with an agent of its own. */
export interface PracticeOptions {
  readonly clock: Clock;
  /** A state from {@link PracticeGateway.exportState} of an earlier run; anything else is ignored. */
  readonly state?: unknown;
  /** Default: the stored port if it is free, else any. */
  readonly port?: number;
  /** Called at most once a second while something changed. */
  readonly onState?: (state: PracticeState) => void;
  /** Default: the script for newcomers. */
  readonly agent?: Agent;
}

/** The practice peer while it runs; its token and devices are worth nothing elsewhere. */
export interface PracticeGateway {
  /** `ws://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** What `gateway.identity.get` answers: lower-case hex. */
  readonly identity: string;
  behaviour(): PracticeBehaviour;
  /** Behaves so from now on. `restart` goes back to `well` by itself. */
  behave(behaviour: PracticeBehaviour): Promise<void>;
  /** Lets every waiting device in, as the person over there would. */
  approveAll(): number;
  exportState(): PracticeState;
  stop(): Promise<void>;
}

/** `main` is what a thread goes to where nobody picked an agent. */
const AGENT = { id: 'main', name: 'Practice agent' } as const;
const SAVE_AFTER_MS = 1000;
/** In needs_approval the person over there takes this long to run the command. */
const APPROVES_AFTER_MS = 40_000;
const AWAY_MS = 2500;
const STARTING_MS = 1500;
const SLOW_MS = 3500;

/** Starts the practice peer. Rejects only when no loopback port can be had. */
export async function startPracticeGateway(options: PracticeOptions): Promise<PracticeGateway> {
  const { clock } = options;
  const stored = readPracticeState(options.state);
  const checks = await loadProtocolChecks();
  const identity = gatewayIdentity(stored?.privateKeyPem);
  const token = stored?.token ?? randomBytes(24).toString('base64url');
  const devices = new Devices();
  const transcripts = new Transcripts();
  devices.load(stored?.devices ?? []);
  transcripts.load(stored?.sessions ?? []);
  const rules: AdmissionRules = {
    auth: { mode: 'token', secret: token },
    autoApproveLocal: true,
    scopeLimit: null,
    protocol: PROTOCOL,
  };

  let behaviour: PracticeBehaviour = 'well';
  let core: GatewayCore | null = null;
  let listener: Listener | null = null;
  let stopped = false;
  let startingUntil = 0;
  let saving: Cancel | null = null;
  const timers = new Set<Cancel>();
  const letIn = new Set<string>();

  const exportState = (): PracticeState => ({
    version: 1,
    privateKeyPem: identity.privateKeyPem,
    token,
    port,
    devices: devices.list(),
    sessions: transcripts.list(),
  });
  const save = (): void => {
    saving = null;
    options.onState?.(exportState());
  };
  const changed = (): void => {
    if (options.onState && !stopped) saving ??= clock.after(SAVE_AFTER_MS, save);
  };
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, () => {
        timers.delete(cancel);
        resolve();
      });
      timers.add(cancel);
    });

  /** Makes even a known device wait, until {@link approveAll} let it in. */
  const holdBack = (params: Json): void => {
    const device = isJson(params.device) ? params.device : {};
    const claimed = { id: String(device.id), publicKey: String(device.publicKey) };
    if (letIn.has(claimed.id)) return;
    throw devices.hold(applicantOf(params, claimed), 'not-paired', clock.now());
  };
  const hooks: CoreHooks = {
    beforeConnect: (params) => {
      if (clock.monotonic() < startingUntil) throw refusals.starting();
      if (behaviour === 'refuse_token') throw refusals.tokenMismatch();
      if (behaviour === 'needs_approval') holdBack(params);
    },
    beforeRequest: async (): Promise<'go'> => {
      if (behaviour === 'slow') await wait(SLOW_MS);
      return 'go';
    },
  };
  const script = options.agent ?? newcomerAgent;
  const agent: Agent = (turn) => {
    const reply = script(turn);
    if (behaviour === 'fail_answers') {
      return { ...reply, fail: 'The practice agent was told to fail its answers.' };
    }
    return behaviour === 'slow' ? { ...reply, firstMs: SLOW_MS, chunkMs: 250 } : reply;
  };
  const makeCore = (): GatewayCore =>
    new GatewayCore({
      clock,
      checks,
      identity,
      agents: [AGENT],
      rules,
      transcripts,
      devices,
      agent,
      policy: DEFAULT_POLICY,
      serverVersion: 'practice',
      hooks,
      changed,
    });
  const open = (port: number): Promise<Listener> =>
    listen({ port, tls: null, core: () => core, local: () => true });

  const wished = options.port ?? stored?.port ?? 0;
  listener = await open(wished).catch(() => open(0));
  const { port } = listener;
  core = makeCore();

  const goAway = async (): Promise<void> => {
    core?.kill();
    core = null;
    await listener?.close();
    listener = null;
  };
  const comeBack = async (): Promise<void> => {
    if (stopped || core) return;
    core = makeCore();
    listener = await open(port);
  };
  const restart = async (): Promise<void> => {
    const payload = { reason: 'gateway restarting', restartExpectedMs: AWAY_MS };
    core?.broadcast('shutdown', payload, null);
    core?.closeAll(CloseCode.restart, 'service restart');
    core?.dispose();
    core = null;
    await wait(50);
    await listener?.close();
    listener = null;
    await wait(AWAY_MS);
    startingUntil = clock.monotonic() + STARTING_MS;
    await comeBack();
    if (behaviour === 'restart') behaviour = 'well';
  };
  const approveAll = (): number => {
    const pending = devices.pending();
    for (const request of pending) {
      devices.approve(request.requestId, clock.now());
      letIn.add(request.id);
    }
    changed();
    return pending.length;
  };
  const askApproval = (): void => {
    letIn.clear();
    core?.closeAll(CloseCode.restart, 'service restart');
    void wait(APPROVES_AFTER_MS).then(() => {
      if (behaviour === 'needs_approval') approveAll();
    });
  };

  const behave = async (next: PracticeBehaviour): Promise<void> => {
    if (stopped) return;
    behaviour = next;
    if (next !== 'needs_approval') approveAll();
    if (next === 'disconnect') return goAway();
    if (next === 'restart' && core) return restart();
    await comeBack();
    if (next === 'needs_approval') askApproval();
    if (next === 'refuse_token') core?.closeAll(CloseCode.removed, 'gateway auth changed');
  };

  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    token,
    identity: identity.deviceId,
    behaviour: () => behaviour,
    behave,
    approveAll,
    exportState,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      saving?.();
      for (const cancel of timers) cancel();
      core?.closeAll(CloseCode.restart, 'service restart');
      core?.dispose();
      core = null;
      await listener?.close();
      listener = null;
    },
  };
}
