/** The relay: opens the storage, the listening address and the sockets, and closes them in order. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CodedError, codedError } from '../contract/index.ts';
import { Agents } from './agents.ts';
import { type Announcer, announce, isLoopback } from './announcer.ts';
import { fingerprintOf } from './certificate.ts';
import type { Caller } from './claims.ts';
import { isAgentId } from './fields.ts';
import { Files } from './files.ts';
import { type Answer, refused, send } from './http/answer.ts';
import { readFields } from './http/body.ts';
import { Door, isModern } from './http/door.ts';
import { answer, type Parts } from './http/handlers.ts';
import { partsOf, routeOf } from './http/routes.ts';
import { Signs } from './http/sign.ts';
import { turnAway } from './http/turn-away.ts';
import { Inboxes } from './inboxes.ts';
import { BROADCAST_LOG, RELAY_LIMITS, type RelayLimits } from './limits.ts';
import { Listening, listenError } from './listening.ts';
import { Messages } from './messages.ts';
import type { Relay, RelayOptions } from './options.ts';
import { Refusal } from './protocol.ts';
import { Rates } from './rates.ts';
import { Sockets } from './sockets.ts';
import { type RelayStatus, statusOf } from './status.ts';

const SWEEP_MS = 600_000;
/** So many of the last errors are kept to be shown. */
const ERRORS = 20;

/**
 * Starts a relay.
 * @throws CodedError relay_server.no_token, relay_server.port_taken, relay_server.listen_failed
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  if (options.token === null && !isLoopback(options.host)) {
    throw codedError(
      'relay_server.no_token',
      `${options.host} can be reached from other machines, and there is no token.`,
    );
  }
  const relay = new RunningRelay(options);
  await relay.start();
  return relay;
}

class RunningRelay implements Relay {
  readonly host: string;
  readonly fingerprint: string | null;
  readonly #options: RelayOptions;
  readonly #limits: RelayLimits;
  readonly #agents: Agents;
  readonly #inboxes: Inboxes;
  readonly #sockets: Sockets;
  readonly #messages: Messages;
  readonly #files: Files;
  readonly #door: Door;
  readonly #signs = new Signs();
  readonly #parts: Parts;
  readonly #upgrades: WebSocketServer;
  readonly #listening: Listening;
  readonly #errors: { readonly at: number; readonly text: string }[] = [];
  readonly #startedAt: number;
  #stopSweep: () => void = () => undefined;
  #announcer: Announcer | null = null;
  #stopping: Promise<void> | null = null;
  #port = 0;

  constructor(options: RelayOptions) {
    const { storage, clock, token, certificate } = options;
    this.#options = options;
    this.host = options.host;
    this.#startedAt = clock.now();
    this.fingerprint =
      options.encryption === 'off' || !certificate ? null : fingerprintOf(certificate.certificate);
    const limits = { ...RELAY_LIMITS, ...options.limits };
    this.#limits = limits;
    const trouble = (error: unknown): void => this.#note(error);
    const rates = new Rates(clock, limits);
    this.#door = new Door(token, clock, limits);
    this.#agents = new Agents({
      storage: storage.registry,
      clock,
      limits,
      isNeeded: (agentId) =>
        this.#sockets.has(agentId) || this.#inboxes.depth(agentId).messages > 0,
      trouble,
    });
    this.#inboxes = new Inboxes({
      storage: storage.inbox,
      broadcasts: storage.broadcasts,
      clock,
      limits,
      isKnown: (agentId) => this.#agents.has(agentId),
      trouble,
    });
    this.#files = new Files(storage.files, clock, limits);
    this.#messages = new Messages({
      agents: this.#agents,
      inboxes: this.#inboxes,
      files: this.#files,
      now: () => clock.now(),
      sockets: () => this.#sockets,
      count: rates.send,
      trouble,
    });
    const forwarded = (agentId: string, forward: () => void): boolean => {
      if (!rates.mayForward(agentId)) return false;
      forward();
      return true;
    };
    this.#sockets = new Sockets({
      inboxes: this.#inboxes,
      clock,
      limits,
      trouble,
      requests: {
        frame: rates.frame,
        heartbeat: (agentId) => void this.#agents.touch(agentId),
        delegate: (agentId, message) =>
          forwarded(agentId, () => this.#messages.forward(agentId, message)),
        broadcast: (agentId, message) =>
          forwarded(agentId, () => this.#messages.forwardToAll(agentId, message)),
      },
    });
    this.#parts = {
      agents: this.#agents,
      inboxes: this.#inboxes,
      messages: this.#messages,
      files: this.#files,
      sockets: this.#sockets,
      signs: this.#signs,
      rates,
      now: () => clock.now(),
      asksForToken: this.#door.asksForToken,
      durable: storage.durable,
      broadcasts: () => storage.broadcasts.count(BROADCAST_LOG),
    };
    this.#upgrades = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: limits.bodyBytes,
      perMessageDeflate: false,
    });
    this.#listening = new Listening({
      encryption: options.encryption,
      certificate,
      connections: limits.connections,
      request: (request, response) => void this.#handle(request, response),
      upgrade: (request, socket, head) => this.#upgrade(request, socket, head),
    });
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const { host, port, clock } = this.#options;
    await this.#agents.start();
    await this.#inboxes.start();
    await this.#inboxes.expire();
    this.#sockets.start();
    this.#stopSweep = clock.every(SWEEP_MS, () => {
      this.#sweep().catch((error: unknown) => this.#note(error));
    });
    try {
      const listens = await this.#listening.listen(host, port);
      this.#port = listens.port;
      this.#announcer = announce({
        ...this.#options,
        ...listens,
        asksForToken: this.#door.asksForToken,
      });
    } catch (error) {
      await this.#close();
      throw new CodedError(listenError(error, host, port), { cause: error });
    }
  }

  status(): Promise<RelayStatus> {
    return statusOf({
      host: this.host,
      port: this.#port,
      fingerprint: this.fingerprint,
      encryption: this.#options.encryption,
      startedAt: this.#startedAt,
      parts: this.#parts,
      announcement: this.#announcer?.state ?? { kind: 'off' },
      errors: this.#errors,
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await this.#announcer?.stop();
    await this.#sockets.stop();
    await this.#listening.stop();
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#stopSweep();
    this.#upgrades.close();
    await this.#inboxes.stop();
    await this.#agents.stop();
    await this.#options.storage.close();
  }

  async #sweep(): Promise<void> {
    await this.#inboxes.expire();
    if ((await this.#agents.forgetSilent()).length > 0) this.#inboxes.recount();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#signs.goesOn(request.socket);
    send(request, response, await this.#answer(request, response));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    const modern = isModern(request);
    try {
      const { path, query } = partsOf(request.url);
      const caller = this.#door.admit(request, query);
      const route = routeOf(request.method ?? 'GET', path, modern);
      const fields =
        request.method === 'POST' ? await readFields(request, this.#limits.bodyBytes) : {};
      return await answer(this.#parts, { route, caller, fields, query, response });
    } catch (error) {
      if (error instanceof Refusal) {
        if (error.status >= 429) this.#note(error);
        return refused(error, modern);
      }
      if (!request.destroyed) this.#note(error);
      const failed = new Refusal(500, 'relay.failed', 'something failed here', { plain: true });
      return refused(failed, modern);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    let agentId: string;
    let caller: Caller;
    try {
      const { path, query } = partsOf(request.url);
      caller = this.#door.admit(request, query);
      const route = routeOf(request.method ?? 'GET', path, caller.modern);
      if (route.name !== 'socket' || !isAgentId(route.subject)) {
        throw new Refusal(400, 'relay.bad_request', 'this is no place for a socket');
      }
      agentId = route.subject;
      this.#agents.prove(agentId, caller);
    } catch (error) {
      turnAway(socket, error, isModern(request), this.#options.clock);
      return;
    }
    this.#upgrades.handleUpgrade(request, socket, head, (opened) => {
      this.#agents.touch(agentId);
      this.#sockets.add(opened, agentId, caller.modern);
    });
  }

  /** Keeps the words of a failure for the status; never what anybody sent. */
  #note(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#options.log(`relay: ${text}`);
    this.#errors.push({ at: this.#options.clock.now(), text });
    if (this.#errors.length > ERRORS) this.#errors.shift();
  }
}
