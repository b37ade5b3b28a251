import {
  createDevice,
  createGate,
  type Gate,
  type GatewayOptions,
  type Json,
  RawClient,
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
  WireError,
} from '../parts/openclaw.ts';
import { sleep, until } from '../parts/process.ts';

/** Time limit of anything that takes a second on a machine that does nothing else. */
export const SLOW_MACHINE_MS = 60_000;

/** One message whose fate is looked at: a session, a key and a text of its own. */
export interface Probe {
  session: string;
  key: string;
  text: string;
  gate: Gate;
}

/** What a gateway lets us know of a key. */
export interface Evidence {
  /** Names the gateway's process: it changes with every start. */
  bootId: string;
  /** Rows with `<key>:user`. */
  userRows: number;
  /** Assistant rows after the first row with the key, empty ones included. */
  answers: number;
  answerText: string;
  /** State of our entry in `pendingInputs`. */
  pending: string | undefined;
  /** `inFlightRun.runId` is our key. */
  inFlight: boolean;
  status: string | undefined;
  /** Requests to the model for the session so far. */
  modelCalls: number;
}

/** How the gateway answered a `chat.send`, or refused it. */
export type Answer = { status: string; summary?: string } | { refused: Json };

/** A gateway, a counting model and clients, to lose messages in every way there is. */
export class Lab {
  readonly model: StubModel;
  readonly gateway: RealGateway;
  private readonly device = createDevice();
  private connection: Promise<RawClient> | undefined;
  private next = 0;

  private constructor(model: StubModel, gateway: RealGateway) {
    this.model = model;
    this.gateway = gateway;
  }

  /** Starts the model and the gateway. */
  static async open(name: string, options: Partial<GatewayOptions> = {}): Promise<Lab> {
    const model = await startStubModel();
    model.fallback = {};
    const gateway = await startGateway({ name, model, ...options });
    return new Lab(model, gateway);
  }

  /** A new connection of our one device. */
  async connect(): Promise<RawClient> {
    const { url, token = '' } = this.gateway;
    const options = { url, token, device: this.device, timeoutMs: 45_000 };
    for (let tries = 1; ; tries += 1) {
      try {
        return await RawClient.connect(options);
      } catch (error) {
        // A busy machine may not finish a handshake within the gateway's 15 s.
        if (tries === 4) throw error;
        await sleep(1_000);
      }
    }
  }

  /** The connection that watches; made anew after the gateway was gone. */
  watcher(): Promise<RawClient> {
    if (this.connection === undefined) {
      const made = this.connect();
      const forget = (): void => {
        if (this.connection === made) this.connection = undefined;
      };
      this.connection = made;
      made.then((client) => client.closed).then(forget, forget);
    }
    return this.connection;
  }

  /** A fresh probe, in a session that is new or has one finished turn. Its answer is held until the gate opens. */
  async probe(label: string, age: 'new' | 'old' = 'old'): Promise<Probe> {
    this.next += 1;
    const id = `${label}-${this.next}`.toLowerCase();
    const session = `agent:main:${id}`;
    if (age === 'old') {
      const client = await this.watcher();
      const first = { sessionKey: session, message: 'good morning', idempotencyKey: `first-${id}` };
      await client.request('chat.send', first);
      await client.runEnd(`first-${id}`, SLOW_MACHINE_MS);
      const calls = this.model.callsIn(session);
      for (const call of calls) call.session = 'warm-up';
    }
    const text = `do the work ${id}`;
    const gate = createGate();
    this.model.script(text, { text: 'one two three four', gate, gateAfter: 2 });
    return { session, key: `peerage:${id}`, text, gate };
  }

  /** The parameters of `chat.send` for a probe: the same on each try. */
  params(probe: Probe): Json {
    return { sessionKey: probe.session, message: probe.text, idempotencyKey: probe.key };
  }

  /**
   * Sends on a connection of its own that is cut as soon as the frame is with the kernel, and waits until
   * the gateway is seen to have it. A cut can overtake the frame on a busy machine; then it is sent anew.
   */
  async sendAndCut(probe: Probe): Promise<void> {
    const arrived = async (): Promise<boolean> => {
      const { userRows, pending, inFlight } = await this.look(probe);
      return userRows > 0 || pending !== undefined || inFlight;
    };
    for (let tries = 1; ; tries += 1) {
      const client = await this.connect();
      await client.post('chat.send', this.params(probe));
      client.cut();
      try {
        await until(`${probe.key} accepted`, arrived, 15_000, 2);
        return;
      } catch (error) {
        if (tries === 4) throw error;
      }
    }
  }

  /** Sends (again) and gives the gateway's answer. */
  async send(probe: Probe, client?: RawClient): Promise<Answer> {
    try {
      const payload = await (client ?? (await this.watcher())).request(
        'chat.send',
        this.params(probe),
      );
      return payload as Answer;
    } catch (error) {
      if (error instanceof WireError) return { refused: error.error };
      throw error;
    }
  }

  /** Waits until the model works on the probe and its answer is held. */
  async held(probe: Probe): Promise<void> {
    await until(
      `held ${probe.key}`,
      () => this.model.callsIn(probe.session).some((call) => call.state === 'held'),
      SLOW_MACHINE_MS,
    );
  }

  /** Opens the gate and waits until the answer stands in the history. */
  async finish(probe: Probe): Promise<void> {
    probe.gate.release();
    await until(
      `final ${probe.key}`,
      async () => {
        const { answers, inFlight, status } = await this.look(probe);
        return answers > 0 && !inFlight && status === 'done';
      },
      SLOW_MACHINE_MS,
    );
  }

  /** Waits until nothing moves any more in the probe's session; gives the last look. */
  async settle(probe: Probe, quietMs = 2_000, limitMs = 30_000): Promise<Evidence> {
    const end = performance.now() + limitMs;
    let seen = '';
    let since = performance.now();
    for (;;) {
      const evidence = await this.look(probe);
      const now = JSON.stringify(evidence);
      if (now !== seen) since = performance.now();
      seen = now;
      const busy = evidence.inFlight || evidence.status === 'running';
      if (!busy && performance.now() - since > quietMs) return evidence;
      if (performance.now() > end) return evidence;
      await sleep(200);
    }
  }

  /** Kills the gateway's process and starts another on the same state. */
  async restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.connection = undefined;
    await this.gateway.restart(signal);
  }

  /** All that can be known of a probe from outside. */
  async look(probe: Probe): Promise<Evidence> {
    const client = await this.watcher();
    const history = await client.request('chat.history', {
      sessionKey: probe.session,
      limit: 200,
    });
    const rows = history.messages as Json[];
    const isOurs = (row: Json): boolean => row.idempotencyKey === `${probe.key}:user`;
    const first = rows.findIndex(isOurs);
    const after = first === -1 ? [] : rows.slice(first).filter((row) => row.role === 'assistant');
    const items = ((history.pendingInputs as Json | undefined)?.items ?? []) as Json[];
    const pending = items.find((item) => item.runId === probe.key);
    return {
      bootId: String((client.hello.server as Json).bootId),
      userRows: rows.filter(isOurs).length,
      answers: after.length,
      answerText: JSON.stringify(after.map((row) => row.content)),
      pending: pending?.state as string | undefined,
      inFlight: (history.inFlightRun as Json | undefined)?.runId === probe.key,
      status: (history.sessionInfo as Json | undefined)?.status as string | undefined,
      modelCalls: this.model.callsIn(probe.session).length,
    };
  }

  /** Uses up `count` keys: each is sent and aborted at once, so that no model works. */
  async spendKeys(count: number): Promise<void> {
    const client = await this.watcher();
    const batch = 20;
    for (let done = 0; done < count; done += batch) {
      const pairs = Array.from({ length: batch }, (_, index) => {
        const sessionKey = `agent:main:filler-${index % 8}`;
        const runId = `filler-${this.next}-${done + index}`;
        const text = { sessionKey, message: 'filler', idempotencyKey: runId };
        return [
          client.request('chat.send', text),
          client.request('chat.abort', { sessionKey, runId }),
        ];
      });
      await Promise.allSettled(pairs.flat());
    }
    this.next += 1;
  }

  /** Stops everything. */
  async close(): Promise<void> {
    (await this.connection?.catch(() => undefined))?.cut();
    await this.gateway.stop();
    await this.model.close();
  }
}
