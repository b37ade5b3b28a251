/** What is known of Tailscale, and when it is asked again: at once where somebody looks, else rarely. */
import type { Cancel } from '../../clock/clock.ts';
import {
  type AppError,
  appError,
  fail,
  type Result,
  type TailnetJoin,
  type TailnetPath,
  type TailnetState,
  type TailnetView,
} from '../../contract/index.ts';
import { type Cli, type CliFrame, cliFrame } from './cli.ts';
import { findTailscale } from './find.ts';
import { isVendorServer } from './login-server.ts';
import { noAnswerState, noProgramState } from './no-answer.ts';
import { type Notice, withNotice } from './notices.ts';
import type { TailscaleOptions } from './options.ts';
import { PingMemory } from './ping-memory.ts';
import { stateOf } from './state.ts';
import { parseStatus, type RawStatus } from './status-format.ts';
import { type Trouble, troubleOf } from './trouble.ts';
import { createWatch, type Watch } from './watch.ts';
import { plainOutput } from './words.ts';

/** One answer may take long on Windows, ms. */
const STATUS_LIMIT_MS = 10_000;
/** How often it is asked, ms: the idle pace holds while nobody looks, whatever is told meanwhile. */
const IDLE_MS = 300_000;
const ATTENDED_LIVE_MS = 60_000;
const ATTENDED_MS = 30_000;
const UNSETTLED_MS = 5_000;
/** Notices come in bursts: all of one are answered by one question, ms. */
const GATHER_MS = 300;
/** What the watch says first is what was just asked, ms. */
const FRESH_MS = 2_000;

/** Holds the last answers of Tailscale, and asks for the next. */
export class Looking {
  cli: Cli | null = null;
  denied: { readonly error: AppError; readonly command: string } | null = null;
  join: () => TailnetJoin | null = () => null;
  /** As the daemon's settings say; empty = the vendor's. */
  loginServer = '';
  readonly #options: TailscaleOptions;
  readonly #frame: CliFrame;
  readonly #watch: Watch;
  readonly #stateRead: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #pings = new PingMemory();
  readonly #end = new AbortController();
  #state: TailnetState = { kind: 'unchecked' };
  #raw: RawStatus | null = null;
  #version = '';
  #strange: AppError | null = null;
  #otherUser = '';
  #since = 0;
  #checkedAt: number | null = null;
  #readAt: number | null = null;
  #checking: Promise<TailnetView> | null = null;
  #reading: Promise<Result<RawStatus>> | null = null;
  #attended = false;
  /** Told of something that only asking tells, while nobody looked. */
  #owed = false;
  #cancelNext: Cancel = () => {};
  #nextAt = Number.POSITIVE_INFINITY;

  constructor(options: TailscaleOptions, stateRead: () => void) {
    this.#options = options;
    this.#stateRead = stateRead;
    this.#frame = cliFrame(options);
    this.#watch = createWatch({
      clock: options.clock,
      notice: (notice) => this.#noted(notice),
      modeChanged: () => this.tell(),
      lost: () => this.#askWithin(GATHER_MS),
      attended: () => this.#attended,
    });
  }

  get state(): TailnetState {
    return this.#state;
  }
  get starts(): number {
    return this.#frame.starts;
  }

  view(): TailnetView {
    return {
      state: this.#state,
      program: this.cli === null ? null : { path: this.cli.path, version: this.#version },
      checkedAt: this.#checkedAt,
      checking: this.#checking !== null,
      watching: this.#watch.mode,
      join: this.join(),
      denied: this.denied,
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  begin(): void {
    void this.check();
  }

  stop(): void {
    this.#cancelNext();
    this.#watch.stop();
    this.#end.abort();
    this.#listeners.clear();
  }

  setAttended(attended: boolean): void {
    if (attended === this.#attended) return;
    this.#attended = attended;
    if (attended && (this.#owed || this.#age() > ATTENDED_MS)) this.#askWithin(0);
    else this.#plan();
  }

  lookSoon(): void {
    this.#watch.hurry();
    this.#askWithin(GATHER_MS);
  }

  notePing(nodeId: string, path: TailnetPath): void {
    this.#pings.note(nodeId, path);
    this.#judge();
  }

  /** Finds the program anew, and asks it. Several callers share one look. */
  check(): Promise<TailnetView> {
    this.#checking ??= this.#find()
      .then(() => this.readNow())
      .then(() => this.#watch.retry())
      .then(() => {
        this.#checking = null;
        this.tell();
        return this.view();
      });
    this.tell();
    return this.#checking;
  }

  /** Asks now, and judges what it says. Never rejects. */
  async readNow(): Promise<void> {
    if (this.cli !== null) await this.ask();
    this.#plan();
  }

  /** Asks now. Several callers share one question. */
  ask(): Promise<Result<RawStatus>> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #find(): Promise<void> {
    const { platform, program } = this.#options;
    const found = await findTailscale(this.#frame, program);
    if (this.#end.signal.aborted) return;
    this.#checkedAt = this.#options.clock.now();
    switch (found.kind) {
      case 'found':
        if (this.cli?.path !== found.cli.path) this.cli = found.cli;
        this.#version = found.version;
        this.#strange = found.strange;
        return;
      case 'none':
      case 'unusable':
        this.cli = null;
        this.#raw = null;
        this.#watch.use(null);
        this.#become(noProgramState(found, platform));
    }
  }

  async #read(): Promise<Result<RawStatus>> {
    const { cli } = this;
    const { clock } = this.#options;
    const absent = appError('setup.tailscale_not_installed', 'No program was found.');
    if (cli === null) return fail(absent);
    const end = await cli.run(['status', '--json'], {
      timeoutMs: STATUS_LIMIT_MS,
      signal: this.#end.signal,
    });
    if (end.kind === 'stopped') return fail(absent);
    this.#checkedAt = clock.now();
    this.#readAt = clock.monotonic();
    this.#owed = false;
    if (end.kind === 'exited' && end.code === 0) {
      const status = parseStatus(end.stdout);
      if (status.ok) {
        this.#raw = status.value;
        this.#judge();
        this.#watch.use(cli);
        this.#watch.hurry();
      } else this.#failed({ error: status.error, output: plainOutput(end.stdout, end.stderr) });
      return status;
    }
    const trouble = troubleOf(end);
    this.#failed(trouble);
    return fail(trouble.error);
  }

  #failed(trouble: Trouble): void {
    this.#raw = null;
    this.#become(
      noAnswerState(trouble, {
        platform: this.#options.platform,
        path: this.cli?.path ?? '',
        strange: this.#strange,
      }),
    );
  }

  /** Reads anew what the last answer, with the notices since, comes to. */
  #judge(): void {
    const { clock } = this.#options;
    if (this.#raw === null) return;
    const input = {
      status: this.#raw,
      now: clock.now(),
      pings: this.#pings.paths,
      strange: this.#strange,
      ownServer: !isVendorServer(this.loginServer),
      otherUser: this.#otherUser,
    };
    const next = stateOf({ ...input, since: this.#since });
    if (next.kind !== this.#state.kind) {
      this.#since = clock.now();
      this.#become(stateOf({ ...input, since: this.#since }));
    } else this.#become(next);
  }

  #become(state: TailnetState): void {
    if (state.kind !== this.#state.kind) this.#options.log(`tailscale: ${state.kind}`);
    this.#state = state;
    if (state.kind === 'running') this.#pings.keepOnly(state.peers);
    this.#stateRead();
    this.tell();
  }

  /** What a notice says for sure holds at once; for the rest it is asked, at once or at its pace. */
  #noted(notice: Notice): void {
    if (notice.loginServer !== null) this.loginServer = notice.loginServer;
    if (notice.otherUser !== '') this.#otherUser = notice.otherUser;
    const raw = this.#raw;
    if (raw === null) {
      this.#askWithin(this.#age() < FRESH_MS ? FRESH_MS : GATHER_MS);
      return;
    }
    const moved = notice.state !== null && notice.state !== raw.BackendState;
    this.#raw = withNotice(raw, notice, this.#options.clock.now());
    this.#judge();
    const busy = this.#attended || this.join() !== null;
    if (moved || (notice.askAgain && busy)) this.#askWithin(GATHER_MS);
    else if (notice.askAgain) {
      this.#owed = true;
      this.#askWithin(Math.max(GATHER_MS, IDLE_MS - this.#age()));
    }
  }

  #age(): number {
    const { clock } = this.#options;
    return this.#readAt === null ? Number.POSITIVE_INFINITY : clock.monotonic() - this.#readAt;
  }

  #pace(): number {
    if (!this.#attended && this.join() === null) return IDLE_MS;
    if (this.#state.kind !== 'running') return UNSETTLED_MS;
    return this.#watch.mode === 'live' ? ATTENDED_LIVE_MS : ATTENDED_MS;
  }

  #plan(): void {
    this.#cancelNext();
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#askWithin(this.#pace());
  }

  /** Asks after this time at the latest. */
  #askWithin(delayMs: number): void {
    const { clock } = this.#options;
    const at = clock.monotonic() + delayMs;
    if (at >= this.#nextAt || this.#end.signal.aborted) return;
    this.#cancelNext();
    this.#nextAt = at;
    this.#cancelNext = clock.after(delayMs, () => {
      this.#nextAt = Number.POSITIVE_INFINITY;
      void (this.cli === null ? this.check() : this.readNow());
    });
  }
}
