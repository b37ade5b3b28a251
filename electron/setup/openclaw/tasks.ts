/**
 * Changes of the own gateway that take a while: one at a time, told step by step, and undone where
 * they fail. What connecting, storing and restarting mean is passed in.
 */
import type { Clock } from '../../clock/clock.ts';
import {
  type AppError,
  appError,
  CodedError,
  codedError,
  type GatewayExposure,
  type GatewayTask,
  type GatewayTaskStep,
  type RotatedLink,
} from '../../contract/index.ts';
import type { Backups } from './backups.ts';

/** A connection with the rights that a change needs. Requests throw a CodedError. */
export interface GatewayAdmin {
  request(method: string, params: object, limitMs?: number): Promise<unknown>;
  close(): Promise<void>;
}

/** What the tasks work on. */
export interface TaskWorld {
  readonly clock: Clock;
  readonly backups: Backups;
  /** Opens a connection with `operator.admin`. @throws CodedError */
  admin(): Promise<GatewayAdmin>;
  readConfig(configPath: string): Promise<Buffer>;
  replaceConfig(configPath: string, bytes: Buffer): Promise<void>;
  measure(): Promise<GatewayExposure>;
  /** `/readyz` on loopback answers that it is ready. */
  ready(): Promise<boolean>;
  /** Names the present process of the gateway; null where it cannot be told. */
  process(): Promise<string | null>;
  /** Lets the service manager start a new process. @throws CodedError own_gateway.program_failed */
  restartService(): Promise<void>;
  changed(): void;
  log(line: string): void;
}

/** How a task ended that did not fail. */
export interface TaskEnd {
  readonly text: string;
  readonly exposure?: GatewayExposure;
  readonly links?: readonly RotatedLink[];
}

/** What a running task may say and use. */
export interface TaskRun {
  readonly signal: AbortSignal;
  say(step: GatewayTaskStep): void;
  /** Waits; throws where the task was cancelled. @param ms by our clock */
  pause(ms: number): Promise<void>;
  /** Shows what was found meanwhile. */
  show(found: { exposure?: GatewayExposure; links?: readonly RotatedLink[] }): void;
}

/** Ends a task that failed after the file was written: it tells whether the file is as before. */
export class TaskFailure extends CodedError {
  readonly restored: boolean | null;
  constructor(error: AppError, restored: boolean | null) {
    super(error);
    this.restored = restored;
  }
}

/** The person stopped waiting. */
class Cancelled extends Error {}

/** Runs one change at a time and remembers the last one, for the window to show. */
export class GatewayTasks {
  readonly world: TaskWorld;
  private current: GatewayTask | null = null;
  private stop: AbortController | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(world: TaskWorld) {
    this.world = world;
  }

  get view(): GatewayTask | null {
    return this.current;
  }

  get busy(): boolean {
    return this.stop !== null;
  }

  /**
   * Begins a task, which tells how it goes by {@link GatewayTasks.view}.
   * @throws CodedError own_gateway.busy
   */
  begin(
    what: GatewayTask['what'],
    planId: string | null,
    work: (run: TaskRun) => Promise<TaskEnd>,
    cancelledText: string,
  ): void {
    if (this.busy) throw codedError('own_gateway.busy', 'One change at a time.');
    const { clock } = this.world;
    const stop = new AbortController();
    this.stop = stop;
    this.set({
      what,
      planId,
      startedAt: clock.now(),
      step: { kind: 'backing_up' },
      exposure: null,
      links: [],
    });
    const run: TaskRun = {
      signal: stop.signal,
      say: (step) => this.patch({ step }),
      pause: (ms) => pause(clock, ms, stop.signal),
      show: ({ exposure, links }) =>
        this.patch({ ...(exposure ? { exposure } : {}), ...(links ? { links: [...links] } : {}) }),
    };
    this.running = work(run)
      .then((end) => {
        run.show({
          ...(end.exposure ? { exposure: end.exposure } : {}),
          ...(end.links ? { links: end.links } : {}),
        });
        this.patch({ step: { kind: 'done', at: clock.now(), text: end.text } });
      })
      .catch((error: unknown) => this.failed(error, cancelledText))
      .finally(() => {
        this.stop = null;
        this.world.changed();
      });
  }

  /** Stops waiting, where the task waits for a person; elsewhere it runs on to a safe end. */
  cancel(): void {
    if (this.current?.step.kind === 'waiting_for_person') this.stop?.abort(new Cancelled());
  }

  dismiss(): void {
    if (this.busy) return;
    this.current = null;
    this.world.changed();
  }

  /** For the app's stop: ends what waits, and resolves when nothing runs any more. */
  async end(): Promise<void> {
    this.stop?.abort(new Cancelled());
    await this.running;
  }

  private failed(error: unknown, cancelledText: string): void {
    const at = this.world.clock.now();
    if (error instanceof Cancelled) {
      this.patch({ step: { kind: 'cancelled', at, text: cancelledText } });
      return;
    }
    if (!(error instanceof CodedError)) this.world.log(`a change of the gateway: ${String(error)}`);
    const coded =
      error instanceof CodedError
        ? error.error
        : appError('own_gateway.failed', 'Something unforeseen; the log has more.');
    const restored = error instanceof TaskFailure ? error.restored : null;
    this.patch({ step: { kind: 'failed', at, error: coded, restored } });
  }

  private patch(change: Partial<GatewayTask>): void {
    if (this.current) this.set({ ...this.current, ...change });
  }

  private set(task: GatewayTask): void {
    this.current = task;
    this.world.changed();
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
