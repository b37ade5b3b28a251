import * as z from 'zod';
import {
  AppError,
  appError,
  Batch,
  type CallInput,
  type CallName,
  type CallOutput,
  calls,
  Frame,
  frame,
  MAX_FRAME_BYTES,
  type Result,
  Snapshot,
  WindowEvent,
} from '../../electron/contract/index.ts';
import type { Connection, ConnectionStatus, Transport } from './connection.ts';
import { tooLarge } from './frame-size.ts';
import { Listeners } from './listeners.ts';

interface Pending {
  readonly name: CallName;
  settle(result: Result<unknown>): void;
}

const ResultBody = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: AppError }),
]);

/**
 * The part of a connection that is the same on every wire: hello, snapshot, batches without gaps,
 * calls paired with results. All that comes in is checked against the contract here, and only here.
 */
export class Session implements Connection {
  readonly #transport: Transport;
  readonly #pending = new Map<string, Pending>();
  readonly #snapshots = new Listeners<Snapshot>();
  readonly #batches = new Listeners<Batch>();
  readonly #events = new Listeners<WindowEvent>();
  readonly #statuses = new Listeners<ConnectionStatus>();
  #status: ConnectionStatus = { kind: 'connecting' };
  #open = false;
  #epoch: string | null = null;
  #revision = 0;
  #asked = false;
  #nextId = 1;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Starts the wire. Listeners are to be there before. */
  start(): void {
    this.#transport.start({
      opened: () => this.#opened(),
      frame: (raw) => this.#take(raw),
      closed: () => this.#closed(),
      refused: (error) => this.#setStatus({ kind: 'refused', error }),
    });
  }

  readonly call = <N extends CallName>(
    name: N,
    input: CallInput<N>,
  ): Promise<Result<CallOutput<N>>> => {
    if (!this.#open) return Promise.resolve(lost());
    const id = String(this.#nextId++);
    const asked = frame('call', input, name, id);
    if (tooLarge(asked)) return Promise.resolve(over(name));
    return new Promise((resolve) => {
      // The result was parsed with this call's own output schema before it gets here.
      this.#pending.set(id, { name, settle: (result) => resolve(result as Result<CallOutput<N>>) });
      this.#transport.send(asked);
    });
  };

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    return this.#snapshots.add(listener);
  }

  onBatch(listener: (batch: Batch) => void): () => void {
    return this.#batches.add(listener);
  }

  onEvent(listener: (event: WindowEvent) => void): () => void {
    return this.#events.add(listener);
  }

  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    listener(this.#status);
    return this.#statuses.add(listener);
  }

  ack(revision: number): void {
    if (this.#open) this.#transport.send(frame('ack', { revision }));
  }

  close(): void {
    this.#transport.close();
  }

  #opened(): void {
    this.#open = true;
    this.#asked = true;
    this.#transport.send(frame('hello', this.#transport.helloBody()));
  }

  #closed(): void {
    this.#open = false;
    this.#epoch = null;
    for (const pending of this.#pending.values()) pending.settle(lost());
    this.#pending.clear();
    if (this.#status.kind === 'ready') this.#setStatus({ kind: 'lost', since: Date.now() });
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    this.#statuses.tell(status);
  }

  #take(raw: unknown): void {
    const parsed = Frame.safeParse(raw);
    if (!parsed.success) return;
    const { kind, id, body } = parsed.data;
    switch (kind) {
      case 'snapshot':
        this.#takeSnapshot(body);
        return;
      case 'batch':
        this.#takeBatch(body);
        return;
      case 'result':
        this.#takeResult(id, body);
        return;
      case 'event': {
        const event = WindowEvent.safeParse(body);
        if (event.success) this.#events.tell(event.data);
        return;
      }
      case 'refused':
        this.#takeRefusal(id, body);
        return;
      case 'hello':
        this.#transport.welcomed(body);
        return;
      case 'call':
      case 'ack':
        return;
    }
  }

  #takeSnapshot(body: unknown): void {
    const parsed = Snapshot.safeParse(body);
    if (!parsed.success) {
      this.#setStatus({
        kind: 'refused',
        error: appError('call.invalid_output', where(parsed.error)),
      });
      return;
    }
    this.#asked = false;
    this.#epoch = parsed.data.epoch;
    this.#revision = parsed.data.revision;
    this.#snapshots.tell(parsed.data);
    if (this.#status.kind !== 'ready') this.#setStatus({ kind: 'ready' });
  }

  #takeBatch(body: unknown): void {
    if (this.#asked) return;
    const parsed = Batch.safeParse(body);
    const fits =
      parsed.success && parsed.data.epoch === this.#epoch && parsed.data.base === this.#revision;
    if (!fits) {
      this.#asked = true;
      this.#transport.send(frame('snapshot', {}));
      return;
    }
    this.#revision = parsed.data.revision;
    this.#batches.tell(parsed.data);
  }

  #takeResult(id: string, body: unknown): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    const parsed = ResultBody.safeParse(body);
    if (!parsed.success) {
      pending.settle(invalidOutput(pending.name, parsed.error));
      return;
    }
    if (!parsed.data.ok) {
      pending.settle(parsed.data);
      return;
    }
    const value = calls[pending.name].output.safeParse(parsed.data.value);
    pending.settle(
      value.success ? { ok: true, value: value.data } : invalidOutput(pending.name, value.error),
    );
  }

  #takeRefusal(id: string, body: unknown): void {
    const parsed = AppError.safeParse(body);
    const error = parsed.success ? parsed.data : appError('call.malformed', 'No reason was given.');
    const pending = this.#pending.get(id);
    if (pending) {
      this.#pending.delete(id);
      pending.settle({ ok: false, error });
    } else if (this.#epoch === null) {
      this.#transport.close();
      this.#setStatus({ kind: 'refused', error });
    }
  }
}

const over = (name: string): Result<never> => ({
  ok: false,
  error: appError('call.too_large', `${name}: at most ${MAX_FRAME_BYTES} bytes.`),
});

const lost = (): Result<never> => ({
  ok: false,
  error: appError('app.connection_lost', 'There is no connection to the app at the moment.'),
});

const where = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'Unreadable.';
};

const invalidOutput = (name: string, error: z.ZodError): Result<never> => ({
  ok: false,
  error: appError('call.invalid_output', `${name}: ${where(error)}`),
});
