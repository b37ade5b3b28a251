/** A reception on loopback with everything around it under the test's hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientFactory, JsonRpcTransportFactory } from '@a2a-js/sdk/client';
import { v7 } from 'uuid';
import {
  type AgentView,
  type AppError,
  type CallerContext,
  type CallHandlers,
  type CallOutput,
  type ChangeKey,
  codedError,
  type PeerId,
  type SessionView,
} from '../../../../electron/contract/index.ts';
import { createAudit } from '../../../../electron/reception/audit.ts';
import {
  type AgentDoor,
  type AgentRun,
  type BeginOutcome,
  createReception,
  type FileOutcome,
  type PartnerGateway,
  type PartnerLink,
  type Partners,
  type PeerPlaces,
  type Reception,
  type ReceptionConfig,
  type RunOutcome,
  type Whois,
} from '../../../../electron/reception/index.ts';
import { createTokens } from '../../../../electron/reception/tokens.ts';
import {
  newDeviceIdentity,
  publicKeyRawBase64Url,
  signPayload,
} from '../../../../electron/secrets/index.ts';
import { openStore, type Store } from '../../../../electron/store/store.ts';
import { type FakeClock, fakeClock } from '../../../fakes/clock.ts';
import { PATIENCE_MS } from '../../../patience.ts';

const CONTEXT: CallerContext = {
  door: 'window',
  connectionId: 'test',
  signal: new AbortController().signal,
};

/** An own gateway that does what the test says. */
export class FakeAgents implements AgentDoor {
  readonly begun: AgentRun[] = [];
  readonly stopped: string[] = [];
  /** What is told of a run that was stopped. */
  endsStopped: RunOutcome = { kind: 'aborted' };
  down: AppError | null = null;
  known: AgentView[] = [{ id: 'main', name: 'Main', isDefault: true }];
  /** What the next attempts to begin come to; `taken` where nothing is said. */
  readonly beginnings: BeginOutcome[] = [];
  /** What a run came to, by its key. */
  readonly ends = new Map<string, RunOutcome>();
  /** What the history says, by key; what has begun is there. */
  readonly history = new Map<string, RunOutcome>();
  readonly #ready = new Set<() => void>();
  #waiting: (() => void)[] = [];

  trouble(): AppError | null {
    return this.down;
  }
  onReady(listener: () => void): () => void {
    this.#ready.add(listener);
    return () => this.#ready.delete(listener);
  }
  comeBack(): void {
    this.down = null;
    for (const listener of this.#ready) listener();
  }
  async agents(): Promise<readonly AgentView[]> {
    if (this.down) throw codedError('reception.gateway_down', this.down.detail);
    return this.known;
  }
  /** Why nothing may reach an agent without the person; null = it asks before it runs commands. */
  problem: AppError | null = null;
  looks = 0;
  async unasked(): Promise<AppError | null> {
    this.looks++;
    return this.problem;
  }
  async sessions(): Promise<readonly SessionView[]> {
    return [];
  }
  async begin(run: AgentRun): Promise<BeginOutcome> {
    this.begun.push(run);
    return this.beginnings.shift() ?? { kind: 'taken' };
  }
  async follow(key: string, _session: string, signal: AbortSignal): Promise<RunOutcome> {
    while (!signal.aborted) {
      const end = this.ends.get(key);
      if (end) return end;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return { kind: 'not_now' };
  }
  async settle(key: string): Promise<RunOutcome> {
    return this.history.get(key) ?? { kind: 'absent' };
  }
  /** What lies in the workspaces, by path. */
  readonly files = new Map<string, FileOutcome>();
  /** Which of them were asked for. */
  readonly asked: string[] = [];
  async file(_session: string, path: string): Promise<FileOutcome> {
    this.asked.push(path);
    return this.files.get(path) ?? { kind: 'missing' };
  }
  async abort(key: string): Promise<boolean> {
    this.stopped.push(key);
    this.end(key, this.endsStopped);
    return true;
  }
  /** A run ends. */
  end(key: string, outcome: RunOutcome): void {
    this.ends.set(key, outcome);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A peer book with nothing behind it but rows in the store, which tokens refer to. */
export class FakePartners implements Partners {
  readonly names = new Map<PeerId, string>();
  readonly held = new Map<PeerId, PartnerLink[]>();
  readonly told: PeerId[] = [];
  readonly gateways: PartnerGateway[] = [];
  readonly noted: { peerId: PeerId | null; device: string; byCode: boolean }[] = [];
  readonly dropped: [PeerId, 'all' | 'reception'][] = [];
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }
  /** What the configuration file says. */
  readonly fixed = new Map<PeerId, 'ask' | 'block'>();
  fixedPolicy(peerId: PeerId): 'ask' | 'block' | null {
    return this.fixed.get(peerId) ?? null;
  }
  name(peerId: PeerId): string | null {
    return this.names.get(peerId) ?? null;
  }
  async add(name: string, link: PartnerLink | null, given?: PeerId): Promise<PeerId> {
    const id = given ?? (v7() as PeerId);
    const put = this.#store.prepare<never, [string, string, string, number]>(
      'INSERT INTO peers (id, name, name_key, created_at) VALUES (?, ?, ?, ?)',
    );
    await this.#store.write(() => put.run(id, name, `${name}:${id}`, 1));
    this.names.set(id, name);
    this.held.set(id, link ? [link] : []);
    return id;
  }
  async addGateway(name: string, gateway: PartnerGateway, peerId: PeerId): Promise<PeerId> {
    this.gateways.push(gateway);
    return this.add(name, null, peerId);
  }
  async setLink(peerId: PeerId, link: PartnerLink): Promise<void> {
    this.held.set(peerId, [link]);
  }
  links(peerId: PeerId): readonly string[] {
    return (this.held.get(peerId) ?? []).map((link) => link.origin);
  }
  staysThere(): readonly string[] {
    return [];
  }
  async tellEnded(peerId: PeerId): Promise<boolean> {
    this.told.push(peerId);
    return true;
  }
  async dropLinks(peerId: PeerId, which: 'all' | 'reception'): Promise<void> {
    this.dropped.push([peerId, which]);
    this.held.set(peerId, []);
  }
  async noteDevice(peerId: PeerId | null, device: string, byCode: boolean): Promise<void> {
    this.noted.push({ peerId, device, byCode });
  }
  async remove(peerId: PeerId): Promise<void> {
    this.names.delete(peerId);
  }
}

export interface Rig {
  readonly reception: Reception;
  readonly clock: FakeClock;
  readonly agents: FakeAgents;
  readonly partners: FakePartners;
  readonly store: Store;
  readonly settings: { incomingPaused: boolean; retentionDays: number; capabilities: string[] };
  readonly changes: ChangeKey[];
  readonly notices: string[];
  readonly home: string;
  readonly name: string;
  readonly audit: () => { what: string; detail: string; peer_id: string | null }[];
  /** `http://127.0.0.1:<port>`. */
  origin(): string;
  /** Adds a peer with a token. */
  peer(name: string, machine?: Whois | null): Promise<{ peerId: PeerId; token: string }>;
  call<N extends Extract<keyof Reception['handlers'], keyof CallHandlers>>(
    name: N,
    input: Parameters<CallHandlers[N]>[0],
  ): Promise<CallOutput<N>>;
  /** Stops it and opens it anew on the same home and port, as after a crash or a restart. */
  restart(): Promise<Rig>;
  stop(): Promise<void>;
}

/** No gateway, and no tailnet. */
export const NO_PLACES: PeerPlaces = {
  devices: async () => [],
  removeDevice: async () => undefined,
  machine: () => null,
};

export interface RigOptions {
  readonly name?: string;
  readonly home?: string;
  readonly clock?: FakeClock;
  readonly agents?: FakeAgents;
  readonly names?: ReadonlyMap<PeerId, string>;
  readonly config?: ReceptionConfig;
  readonly identity?: ReturnType<typeof newDeviceIdentity>;
  readonly tailnet?: {
    addresses?: () => readonly string[];
    names?: () => readonly string[];
    whois?: (address: string, port: number) => Promise<Whois | null>;
  };
  readonly places?: PeerPlaces;
  readonly gatewayCode?: () => Promise<string>;
  readonly ownGateway?: { url: string; identity: string | null; tls: string | null } | null;
}

/** Opens a reception that listens on loopback, on a free port. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'peerage-reception-'));
  const clock = options.clock ?? fakeClock();
  const store = openStore(home, clock.now());
  const agents = options.agents ?? new FakeAgents();
  const partners = new FakePartners(store);
  for (const [id, name] of options.names ?? []) partners.names.set(id, name);
  const settings = { incomingPaused: false, retentionDays: 0, capabilities: [] as string[] };
  const places = options.places ?? NO_PLACES;
  const changes: ChangeKey[] = [];
  const notices: string[] = [];
  const identity = options.identity ?? newDeviceIdentity();
  let config = options.config ?? { listen: 'loopback' as const, port: 0 };
  const name = options.name ?? 'Peerage on test';
  const reception = createReception({
    store,
    clock,
    changed: (key) => changes.push(key),
    config: {
      read: () => config,
      write: async (next) => {
        config = next;
      },
    },
    settings: () => settings,
    tailnet: {
      addresses: options.tailnet?.addresses ?? (() => []),
      names: options.tailnet?.names ?? (() => []),
      whois: options.tailnet?.whois ?? (async () => null),
    },
    identity: async () => ({
      deviceId: identity.deviceId,
      publicKey: publicKeyRawBase64Url(identity.publicKeyPem),
      sign: (text) => signPayload(identity.privateKeyPem, text),
    }),
    partners,
    places,
    agents,
    attention: {
      delegation: ({ id, caller, quiet }) =>
        notices.push(`delegation ${id} ${caller}${quiet ? ' quietly' : ''}`),
      ended: ({ name }) => notices.push(`ended ${name}`),
      chainEnded: ({ caller, text }) => notices.push(`chain ${caller}: ${text}`),
      invite: ({ id, name: who }) => notices.push(`invite ${id} ${who}`),
      settle: (kind, id) => notices.push(`settled ${kind} ${id}`),
    },
    ownGateway: async () => options.ownGateway ?? null,
    gatewayCode:
      options.gatewayCode ??
      (async () => {
        throw codedError('own_gateway.not_running', 'There is none.');
      }),
    displayName: name,
    appVersion: '0.1.0',
    log: () => undefined,
  });
  await reception.start();
  const audit = createAudit(store, clock, () => undefined);
  const tokens = createTokens(store, clock, audit);
  const rows = store.prepare<{ what: string; detail: string; peer_id: string | null }>(
    'SELECT what, detail, peer_id FROM audit ORDER BY row',
  );

  const stop = async (): Promise<void> => {
    await reception.stop();
    await store.close();
  };
  return {
    reception,
    clock,
    agents,
    partners,
    store,
    settings,
    changes,
    notices,
    home,
    name,
    audit: () => rows.all(),
    origin: () => {
      const [first] = reception.view().addresses;
      if (!first) throw new Error('it does not listen');
      return first;
    },
    peer: async (who, machine = null) => {
      const peerId = await partners.add(who, null);
      const token = await store.write(() => tokens.issue(peerId, machine));
      return { peerId, token };
    },
    call: async (call, input) => {
      const handler = reception.handlers[call] as (
        input: unknown,
        context: CallerContext,
      ) => Promise<{ ok: boolean; value?: unknown; error?: AppError }>;
      const result = await handler(input, CONTEXT);
      if (!result.ok) throw new Error(result.error?.code);
      return result.value as never;
    },
    restart: async () => {
      const port = reception.view().port;
      await stop();
      return startRig({
        ...options,
        home,
        clock,
        agents,
        identity,
        names: partners.names,
        config: { listen: config.listen, port },
      });
    },
    stop: async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The SDK's own client, as a foreign agent would use it. */
export async function foreignClient(origin: string, token: string) {
  const withToken: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory({ fetchImpl: withToken })],
  });
  return factory.createFromUrl(origin);
}

/** A raw JSON-RPC call; nothing is checked on the way. */
export async function rpc(
  origin: string,
  token: string | null,
  method: string,
  params: unknown,
  headers: Record<string, string> = {},
): Promise<{
  status: number;
  headers: Headers;
  body: { result?: never; error?: { code: number; message: string } } & Record<string, never>;
}> {
  const response = await fetch(`${origin}/a2a/v1`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as never,
  };
}

/** A message as A2A wants it. */
export const userMessage = (text: string, more: Record<string, unknown> = {}) => ({
  messageId: v7(),
  contextId: '',
  taskId: '',
  role: 'ROLE_USER',
  parts: [{ text }],
  ...more,
});

/**
 * Waits, in real time, until something is so. With clocks, time goes on for all of them meanwhile: long
 * polls and retries are due by a clock, their answers come by real sockets.
 */
export async function until<T>(
  find: () => T | null | undefined | false,
  clocks: readonly FakeClock[] = [],
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const clock of clocks) await clock.advance(500);
  }
}
