/**
 * When to look for an update, when to take it, and when to restart: the policy, without Electron. It
 * never restarts by itself, and never while something is being sent or worked on.
 */
import type { Cancel, Clock } from '../../clock/clock.ts';
import {
  type AppError,
  appError,
  type PeerRow,
  type ReceptionView,
  type Settings,
  type UpdateView,
} from '../../contract/index.ts';
import { updateError } from './updates-errors.ts';

/** What fetches and installs. Each rejects or throws with an error of its own. */
export interface Updater {
  /** The newer version that is meant for this machine now, or null. */
  check(): Promise<string | null>;
  /** @param onPercent 0 to 100. Aborting it ends the download. */
  download(onPercent: (percent: number) => void, signal: AbortSignal): Promise<void>;
  /** Puts the downloaded version in place. `restart`: and starts it. The process then ends. */
  install(restart: boolean): void;
}

/** What the policy asks and sets off. `mode` and `busy` are asked anew each time. */
export interface UpdatesOptions {
  readonly clock: Clock;
  readonly updater: Updater;
  readonly mode: () => Settings['updates'];
  /** True while something is being sent, or an agent works on what was sent. */
  readonly busy: () => boolean;
  readonly tell: (view: UpdateView) => void;
  /** Begins the app's ordered stop; {@link Updates.atEnd} is called when that is done. */
  readonly quit: () => void;
  /** Has the app started again as soon as it ended, as it is. */
  readonly relaunch: () => void;
  /** The system asks for a password to install: then nothing is installed unasked. */
  readonly password: boolean;
  /** From 0 to below 1, so that not all machines ask in the same second. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}

const MINUTE_MS = 60_000;
/** Start-up has other things to do. */
export const FIRST_CHECK_MS = 2 * MINUTE_MS;
/** From one look for an update to the next: six hours, in ms. */
export const CHECK_EVERY_MS = 6 * 60 * MINUTE_MS;
/** After a failure; doubled with each, up to the usual time. */
export const RETRY_MS = 15 * MINUTE_MS;
/** It looks this often whether sending is over, and that must hold twice. */
export const QUIET_LOOK_MS = 1_000;
const JITTER = 0.2;

/** One run's policy. It tells each change of its view by `tell`. */
export class Updates {
  readonly #options: UpdatesOptions;
  #view: UpdateView = { kind: 'idle', checkedAt: null };
  #checkedAt: number | null = null;
  #nextCheck: Cancel | null = null;
  #quietLook: Cancel | null = null;
  #unheardWake: Cancel | null = null;
  #download: AbortController | null = null;
  #failures = 0;
  #restart = false;
  #stopped = false;
  #mode: Settings['updates'];

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#mode = options.mode();
  }

  /** Begins, unless it is switched off. */
  start(): void {
    this.#tell(this.#view);
    this.#unheardWake = this.#options.clock.onWake(() => this.#woke());
    if (this.#mode !== 'off') this.#plan(FIRST_CHECK_MS);
  }

  /** Off ends everything but what the person asked for; on looks soon. */
  settingsChanged(): void {
    const mode = this.#options.mode();
    if (mode === this.#mode || this.#stopped) return;
    this.#mode = mode;
    if (mode === 'off') {
      this.#nextCheck?.();
      this.#nextCheck = null;
      this.#download?.abort();
      if (this.#view.kind === 'available') this.#rest();
      return;
    }
    if (mode === 'automatic' && this.#view.kind === 'available') void this.download();
    else if (this.#nextCheck === null) this.#plan(QUIET_LOOK_MS);
  }

  /** After sleep, timers may be days late. */
  #woke(): void {
    if (this.#mode === 'off' || this.#stopped) return;
    const due = (this.#checkedAt ?? Number.NEGATIVE_INFINITY) + CHECK_EVERY_MS;
    if (this.#options.clock.now() >= due) this.#plan(MINUTE_MS);
  }

  /** @param asked by a person: then a failure is told. */
  async check(asked = true): Promise<void> {
    const { kind } = this.#view;
    if (this.#stopped || (kind !== 'idle' && kind !== 'failed' && kind !== 'available')) return;
    const before = this.#view;
    this.#nextCheck?.();
    this.#tell({ kind: 'checking' });
    try {
      const version = await this.#options.updater.check();
      if (this.#stopped) return;
      this.#checkedAt = this.#options.clock.now();
      this.#failures = 0;
      this.#plan(CHECK_EVERY_MS);
      if (version === null) this.#rest();
      else {
        this.#tell({ kind: 'available', version });
        if (this.#mode === 'automatic') await this.download();
      }
    } catch (error) {
      const coded = updateError('check', error);
      this.#retryLater(coded);
      if (asked) this.#tell({ kind: 'failed', error: coded, version: null });
      else if (before.kind === 'available') this.#tell(before);
      else this.#rest();
    }
  }

  /** Downloads what was found; does nothing where nothing was. */
  async download(): Promise<void> {
    const view = this.#view;
    const version = view.kind === 'available' || view.kind === 'failed' ? view.version : null;
    if (this.#stopped || version === null || this.#download !== null) return;
    const abort = new AbortController();
    this.#download = abort;
    let told = 0;
    this.#tell({ kind: 'downloading', version, percent: 0 });
    try {
      await this.#options.updater.download((percent) => {
        const whole = Math.min(100, Math.max(told, Math.floor(percent)));
        if (whole === told || abort.signal.aborted) return;
        told = whole;
        this.#tell({ kind: 'downloading', version, percent: whole });
      }, abort.signal);
      if (abort.signal.aborted) this.#rest();
      else this.#tell({ kind: 'ready', version, password: this.#options.password });
    } catch (error) {
      if (abort.signal.aborted) this.#rest();
      else {
        const coded = updateError('download', error);
        this.#retryLater(coded);
        this.#tell({ kind: 'failed', error: coded, version });
      }
    } finally {
      this.#download = null;
    }
  }

  /** The person wants it now: restarts as soon as nothing is being sent. */
  install(): void {
    const view = this.#view;
    if (this.#stopped || view.kind !== 'ready') return;
    this.#tell({ kind: 'waiting', version: view.version });
    this.#lookForQuiet(view.version, 0);
  }

  /** The person would rather go on, while it waits. */
  later(): void {
    const view = this.#view;
    if (view.kind !== 'waiting') return;
    this.#quietLook?.();
    const { password } = this.#options;
    this.#tell({ kind: 'ready', version: view.version, password });
  }

  /** The app begins to stop; nothing is begun any more. */
  stop(): void {
    this.#stopped = true;
    this.#unheardWake?.();
    this.#nextCheck?.();
    this.#quietLook?.();
    this.#download?.abort();
  }

  /**
   * The app has stopped in order: installs now what is to be. Where the person quits instead of waiting
   * for the restart that they asked for, without that restart; unasked only where a person quits, wants
   * automatic updates, and no password is asked for.
   * @returns true where the process is about to be ended by that
   */
  atEnd(byPerson: boolean): boolean {
    const { kind } = this.#view;
    const unasked = kind === 'ready' && this.#mode === 'automatic' && !this.#options.password;
    if (!this.#restart && !(byPerson && (unasked || kind === 'waiting'))) return false;
    try {
      this.#options.updater.install(this.#restart);
      return true;
    } catch (error) {
      this.#options.log(`update: ${updateError('install', error).code}: ${String(error)}`);
      return false;
    }
  }

  /** The process goes on after {@link atEnd}: nothing was installed. Who asked for a restart gets the app back. */
  notTaken(): void {
    if (this.#restart) this.#options.relaunch();
  }

  #lookForQuiet(version: string, quietBefore: number): void {
    const quiet = this.#options.busy() ? 0 : quietBefore + 1;
    if (quiet >= 2) {
      this.#restart = true;
      this.#tell({ kind: 'installing', version });
      this.#options.quit();
      return;
    }
    this.#quietLook = this.#options.clock.after(QUIET_LOOK_MS, () =>
      this.#lookForQuiet(version, quiet),
    );
  }

  #retryLater(error: AppError): void {
    this.#options.log(`update: ${error.code}: ${error.detail}`);
    const wait = error.retry === undefined ? CHECK_EVERY_MS : RETRY_MS * 2 ** this.#failures;
    this.#failures += 1;
    this.#plan(Math.min(CHECK_EVERY_MS, wait));
  }

  #plan(delayMs: number): void {
    this.#nextCheck?.();
    this.#nextCheck = null;
    if (this.#mode === 'off' || this.#stopped) return;
    const wait = delayMs * (1 + JITTER * this.#options.random());
    this.#nextCheck = this.#options.clock.after(wait, () => {
      this.#nextCheck = null;
      const { kind } = this.#view;
      // What was found, or is on its way, needs no other question; a failed download is begun anew.
      if (kind === 'idle' || kind === 'failed' || kind === 'available') void this.check(false);
      else this.#plan(CHECK_EVERY_MS);
    });
  }

  #rest(): void {
    this.#tell({ kind: 'idle', checkedAt: this.#checkedAt });
  }

  #tell(view: UpdateView): void {
    this.#view = view;
    if (!this.#stopped) this.#options.tell(view);
  }
}

/** What tells whether something is under way. */
export interface Traffic {
  readonly peers: readonly Pick<PeerRow, 'running' | 'waiting' | 'status'>[];
  readonly app: { readonly reception: Pick<ReceptionView, 'running'> };
}

/** A message goes over a slow link too, and there it takes the longest. */
const CONNECTED: ReadonlySet<PeerRow['status']> = new Set(['up', 'degraded']);

/**
 * True while a peer has our messages under way, or an agent of ours works on what a peer asked for.
 * Nobody offline counts, whose queue may wait for days.
 */
export const isSending = ({ peers, app: { reception } }: Traffic): boolean =>
  reception.running > 0 ||
  peers.some(({ running, waiting, status }) => running || (waiting > 0 && CONNECTED.has(status)));

/** The answer where this copy does not update itself. */
export const notHere = (): AppError => appError('update.not_here', 'This copy has no updater.');
