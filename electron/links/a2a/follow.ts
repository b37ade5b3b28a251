/** Follows tasks to their end: by a stream where the agent has one, else by asking now and then. */
import type { StreamResponse, Task } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import type { Clock } from '../../clock/clock.ts';
import { type AppError, appError } from '../../contract/index.ts';
import { ASK_MS, IDLE_MS, limit, within } from '../http/limits.ts';
import type { LinkEvent } from '../link.ts';
import { withArtifact } from './content.ts';
import { CallFailure, classify, type Failure } from './failures.ts';
import { type Asked, askIdOf, newsOf, type Running } from './running.ts';
import { lostTask } from './unacknowledged.ts';

/** The agent that tasks run at, while the connection stands. */
export interface Host {
  readonly client: Client;
  readonly streams: boolean;
  /** `submitted` means that a person has to decide: another Peerage. */
  readonly waitsForPerson: boolean;
}

/** What a follower tells. `random`: 0 ≤ n < 1, for jitter; `emit` hears the news of tasks. */
export interface FollowerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  emit(event: LinkEvent): void;
  /** The agent cannot be reached, or refuses us as a whole. */
  failed(failure: Failure): void;
}

/** News of a task as they come, and a way to hang up. */
export interface OpenStream {
  readonly events: AsyncIterator<StreamResponse>;
  close(): void;
}

/** Between two looks at tasks of one agent, ms: OpenClaw takes 30 requests a minute. */
const GAP_MS = 1_000;
const MOST_MS = 10_000;
/** A person over there takes longer than an agent. */
const MOST_WAITING_MS = 30_000;
const LEAST_MS = 250;
/** So many failed looks in a row are no hiccup. */
const HICCUPS = 3;

/** A task before anything was read of it. */
export const unreadTask = (id: string, contextId: string): Task => ({
  id,
  contextId,
  status: undefined,
  artifacts: [],
  history: [],
  metadata: undefined,
});

/** The tasks of one link that go on, by the key of the message that began each. */
export class Follower {
  private readonly options: FollowerOptions;
  private readonly running = new Map<string, Running>();
  /** What a context waits with for our next message. */
  private readonly asked = new Map<string, Asked>();
  private nextLookAt = 0;

  constructor(options: FollowerOptions) {
    this.options = options;
  }

  /** The task of a key, while it goes on. */
  of(key: string): Running | undefined {
    return this.running.get(key);
  }

  /** The question that a context waits with. */
  askedIn(sessionKey: string): Asked | null {
    return this.asked.get(sessionKey) ?? null;
  }

  noteAsked(sessionKey: string, task: Task): void {
    this.asked.set(sessionKey, { taskId: task.id, askId: askIdOf(task) });
  }

  forgetAsked(sessionKey: string): void {
    this.asked.delete(sessionKey);
  }

  /** The connection is gone: nobody is asked until the tasks are settled anew. */
  pause(): void {
    for (const running of this.running.values()) running.stop.abort();
    this.running.clear();
  }

  /**
   * Takes a task as it was just seen and, where it goes on, follows it to its end.
   * @param stream of its news, where one is open already
   */
  follow(
    host: Host,
    { key, sessionKey }: { readonly key: string; readonly sessionKey: string },
    task: Task,
    stream: OpenStream | null = null,
    answered: string | null = null,
  ): void {
    this.running.get(key)?.stop.abort();
    const running: Running = {
      key,
      sessionKey,
      task,
      stop: new AbortController(),
      answered,
      stale: 0,
      text: '',
      waiting: false,
      stands: null,
    };
    this.running.set(key, running);
    if (this.tell(host, running)) {
      stream?.close();
      return;
    }
    void this.run(host, running, stream).catch((error: unknown) =>
      this.options.failed(classify(error)),
    );
  }

  /** @returns whether the run is over. */
  private tell(host: Host, running: Running): boolean {
    if (running.stop.signal.aborted) return true;
    const end = newsOf(running, host.waitsForPerson, this.options.emit);
    if (!end) return false;
    this.drop(running);
    if (end.phase === 'asks') this.noteAsked(running.sessionKey, running.task);
    return true;
  }

  private drop(running: Running): void {
    running.stop.abort();
    if (this.running.get(running.key) === running) this.running.delete(running.key);
  }

  /** Ends a run of which no more can be learnt. */
  private lose(running: Running, error: AppError): void {
    if (running.stop.signal.aborted) return;
    this.drop(running);
    const { key, sessionKey, text } = running;
    this.options.emit({ kind: 'run_ended', key, sessionKey, reason: 'error', text, error });
  }

  private async run(host: Host, running: Running, stream: OpenStream | null): Promise<void> {
    const { signal } = running.stop;
    let streams = host.streams;
    let failures = 0;
    let looks = 0;
    if (stream && (await this.read(host, running, stream)) === 'over') return;
    while (!signal.aborted) {
      await this.wait(running, looks++);
      if (signal.aborted) return;
      try {
        const before = JSON.stringify(running.task.status ?? null);
        const task = await this.look(host, running);
        if (signal.aborted) return;
        failures = 0;
        running.task = task;
        if (this.tell(host, running)) return;
        if (JSON.stringify(task.status ?? null) !== before) looks = 0;
        if (!streams) continue;
        const how = await this.read(host, running, subscribe(host, task.id));
        if (how === 'over') return;
        if (how === 'refused') streams = false;
      } catch (error) {
        if (this.isEnough(running, classify(error), ++failures)) return;
      }
    }
  }

  private async look(host: Host, running: Running): Promise<Task> {
    const { clock } = this.options;
    const { task, stop } = running;
    const seen = await within(clock, ASK_MS, stop.signal, (signal) =>
      host.client.getTask({ tenant: '', id: task.id }, { signal }),
    );
    if (seen.id === task.id) return seen;
    throw new CallFailure({
      kind: 'invalid',
      detail: 'It told of another task than the one asked for.',
    });
  }

  /** Decides what a failed look means. @returns whether following ends here. */
  private isEnough(running: Running, failure: Failure, failures: number): boolean {
    switch (failure.kind) {
      case 'stopped':
        return true;
      case 'task_unknown':
        this.lose(running, lostTask());
        return true;
      case 'unreached':
      case 'unauthorized':
      case 'tls_changed':
      case 'rate_limited':
      case 'busy':
      case 'version':
        this.options.failed(failure);
        return true;
      case 'not_now':
        return false;
      case 'lost':
        if (failures < HICCUPS) return false;
        this.options.failed(failure);
        return true;
      case 'refused':
      case 'unsupported':
      case 'invalid':
        if (failures < HICCUPS) return false;
        this.lose(running, appError('a2a.invalid_answer', failure.detail));
        return true;
    }
  }

  /** A random time that grows, and never many looks at once. */
  private wait(running: Running, looks: number): Promise<void> {
    const { clock, random } = this.options;
    const most = running.waiting ? MOST_WAITING_MS : MOST_MS;
    const ceiling = Math.min(most, 1_000 * 2 ** Math.min(looks, 6));
    const wished = clock.monotonic() + Math.max(LEAST_MS, ceiling * random());
    const at = this.running.size > 1 ? Math.max(wished, this.nextLookAt) : wished;
    this.nextLookAt = at + GAP_MS;
    const { signal } = running.stop;
    return new Promise((resolve) => {
      const cancel = clock.after(at - clock.monotonic(), () => {
        signal.removeEventListener('abort', end);
        resolve();
      });
      const end = (): void => {
        cancel();
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
    });
  }

  /** Reads a stream to its end. Whatever breaks it, the task can still be asked for. */
  private async read(
    host: Host,
    running: Running,
    { events, close }: OpenStream,
  ): Promise<'over' | 'cut' | 'refused'> {
    const held = limit(this.options.clock, IDLE_MS, running.stop.signal);
    const idle = new Promise<'idle'>((resolve) => {
      held.signal.addEventListener('abort', () => resolve('idle'), { once: true });
    });
    try {
      for (;;) {
        const next = await Promise.race([events.next(), idle]);
        if (next === 'idle' || next.done) return running.stop.signal.aborted ? 'over' : 'cut';
        held.renew(IDLE_MS);
        if (this.take(host, running, next.value)) return 'over';
      }
    } catch (error) {
      const { kind } = classify(error);
      return kind === 'unsupported' || kind === 'refused' || kind === 'invalid' ? 'refused' : 'cut';
    } finally {
      held.done();
      close();
    }
  }

  /** @returns whether the run is over. */
  private take(host: Host, running: Running, { payload }: StreamResponse): boolean {
    const { task } = running;
    switch (payload?.$case) {
      case 'task':
        if (payload.value.id !== task.id) return false;
        running.task = payload.value;
        return this.tell(host, running);
      case 'statusUpdate': {
        const { taskId, status } = payload.value;
        if (taskId !== task.id || !status) return false;
        running.task = { ...task, status };
        return this.tell(host, running);
      }
      case 'artifactUpdate': {
        const { taskId, artifact, append } = payload.value;
        if (taskId !== task.id || !artifact) return false;
        running.task = { ...task, artifacts: withArtifact(task.artifacts, artifact, append) };
        return this.tell(host, running);
      }
      default:
        return false;
    }
  }
}

function subscribe({ client }: Host, id: string): OpenStream {
  const hangUp = new AbortController();
  const events = client.resubscribeTask({ tenant: '', id }, { signal: hangUp.signal });
  return { events, close: () => hangUp.abort() };
}
