import {
  appError,
  type Batch,
  type CallHandlers,
  type CallName,
  type Change,
  calls,
  Frame,
  frame,
  isCallName,
  type Result,
  type Snapshot,
  type WindowEvent,
} from '../../../electron/contract/index.ts';
import type { World } from './world.ts';

export type MockHandlers = Partial<CallHandlers>;

/**
 * Speaks the frames of the contract for a world: hello, snapshot, batches with at most one
 * unacknowledged, calls checked on both sides. What breaks the contract lands in `faults`.
 */
export class MockSession {
  readonly faults: string[] = [];
  readonly called: { readonly name: string; readonly input: unknown }[] = [];
  readonly #world: World;
  readonly #handlers: MockHandlers;
  readonly #send: (frame: Frame) => void;
  readonly #epoch = `epoch-${Math.random()}`;
  #revision = 1;
  #waiting: Change[] = [];
  #unacknowledged = false;
  #greeted = false;
  readonly #answered = new Map<string, number>();
  readonly #held = new Map<string, { readonly until: Promise<void>; readonly answered: boolean }>();

  constructor(world: World, handlers: MockHandlers, send: (frame: Frame) => void) {
    this.#world = world;
    this.#handlers = handlers;
    this.#send = send;
    world.listen((change) => this.#change(change));
  }

  /** Takes a frame from the window. */
  async take(raw: unknown): Promise<void> {
    const parsed = Frame.safeParse(raw);
    if (!parsed.success) {
      this.faults.push(`malformed frame: ${parsed.error.message}`);
      return;
    }
    const { kind, id, name, body } = parsed.data;
    switch (kind) {
      case 'hello':
        this.#greeted = true;
        return this.snapshot();
      case 'snapshot':
        return this.snapshot();
      case 'ack':
        this.#unacknowledged = false;
        return this.#flush();
      case 'call':
        return this.#call(id, name, body);
      case 'result':
      case 'batch':
      case 'event':
      case 'refused':
        this.faults.push(`the window sent ${kind}`);
    }
  }

  /** Sends everything anew. */
  snapshot(): void {
    this.#waiting = [];
    this.#unacknowledged = false;
    const {
      app,
      settings,
      tailnet,
      gateway,
      relays,
      peers,
      warnings,
      notices,
      delegations,
      outgoing,
      invites,
      groups,
      broadcasts,
      requests,
    } = this.#world;
    const body: Snapshot = {
      epoch: this.#epoch,
      revision: this.#revision,
      app,
      settings,
      tailnet,
      gateway,
      relays,
      peers: [...peers.values()],
      warnings: [...warnings.values()],
      notices: [...notices.values()],
      delegations: [...delegations.values()],
      outgoing: [...outgoing.values()],
      unasked: [...this.#world.unasked.values()],
      invites: [...invites.values()],
      groups: [...groups.values()],
      broadcasts: [...broadcasts.values()],
      requests: [...requests.values()],
    };
    this.#send(frame('snapshot', body));
  }

  /** Something that happens in the window, as when a notification is clicked. */
  tell(event: WindowEvent): void {
    this.#send(frame('event', event));
  }

  /**
   * Keeps back the answers of a call until the returned function is called. @param answered the app has
   * answered by then, and only the way to the window is long
   */
  hold(name: CallName, answered = false): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(name, { until: promise, answered });
    return () => {
      this.#held.delete(name);
      resolve();
    };
  }

  /** How many answers to a call are on their way to the window: it has them before it is asked anything else. */
  answered(name: string): number {
    return this.#answered.get(name) ?? 0;
  }

  /** Nothing is left that the window has not taken. */
  get allTaken(): boolean {
    return !this.#unacknowledged && this.#waiting.length === 0;
  }

  /** Skips a number, so that the window sees a gap and asks for a snapshot. */
  skipNumber(): void {
    this.#revision += 1;
  }

  #change(change: Change): void {
    if (!this.#greeted) return;
    this.#waiting.push(change);
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    if (this.#unacknowledged || this.#waiting.length === 0) return;
    const base = this.#revision;
    this.#revision += 1;
    const body: Batch = {
      epoch: this.#epoch,
      base,
      revision: this.#revision,
      changes: this.#waiting,
    };
    this.#waiting = [];
    this.#unacknowledged = true;
    this.#send(frame('batch', body));
  }

  async #call(id: string, name: string, body: unknown): Promise<void> {
    this.called.push({ name, input: body });
    const held = this.#held.get(name);
    if (!held?.answered) await held?.until;
    const answer = await this.#answer(name, body);
    await held?.until;
    this.#send(frame('result', answer, name, id));
    this.#answered.set(name, this.answered(name) + 1);
  }

  async #answer(name: string, body: unknown): Promise<Result<unknown>> {
    if (!isCallName(name)) {
      this.faults.push(`unknown call ${name}`);
      return { ok: false, error: appError('call.unknown', name) };
    }
    const input = calls[name].input.safeParse(body);
    if (!input.success) {
      this.faults.push(`${name} input: ${input.error.message}`);
      return { ok: false, error: appError('call.invalid_input', input.error.message) };
    }
    const result = await this.#run(name, input.data);
    if (!result.ok) return result;
    const output = calls[name].output.safeParse(result.value);
    if (!output.success) this.faults.push(`${name} output: ${output.error.message}`);
    return result;
  }

  async #run(name: CallName, input: unknown): Promise<Result<unknown>> {
    // The schema of this very name has parsed the input just above.
    const handler = this.#handlers[name] as
      | ((input: unknown, context: unknown) => Promise<Result<unknown>> | Result<unknown>)
      | undefined;
    if (!handler) {
      this.faults.push(`no handler for ${name}`);
      return { ok: false, error: appError('app.internal', `The mock has no ${name}.`) };
    }
    return handler(input, {
      door: 'window',
      connectionId: 'mock',
      signal: new AbortController().signal,
    });
  }
}
