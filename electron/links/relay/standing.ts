/** A relay that answered, as it is talked to from then on: heartbeats, its list, and what it sends. */
import type { Cancel } from '../../clock/clock.ts';
import { failureOf, isOfRelay, RelayError, type RelayFailure } from './failures.ts';
import { Listening } from './listening.ts';
import type { RelayHubOptions, RelayLog } from './options.ts';
import type { RelayDoor, RelayInfo, RelayRequests } from './requests.ts';
import type { AgentRoll } from './roll.ts';
import type { Seen } from './seen.ts';

/** The relay drops agents after 120 s without a sign of life. */
const BEAT_MS = 30_000;

/** A question to the relay; `us` is our agent id there, the signal ends with the connection. */
export type AskRelay<T> = (requests: RelayRequests, us: string, signal: AbortSignal) => Promise<T>;

/** Given once the relay took our registration. */
export interface StandingOptions extends Pick<RelayHubOptions, 'self' | 'clock' | 'take'> {
  readonly log: RelayLog | undefined;
  readonly door: RelayDoor;
  readonly requests: RelayRequests;
  readonly info: RelayInfo;
  readonly seen: Seen;
  /** Ends when what came by the connection before is taken. */
  readonly before: Promise<void>;
  readonly roll: AgentRoll;
  /** The relay itself is not well. */
  readonly failed: (failure: RelayFailure) => void;
  /** It does not know us any more. */
  readonly forgotten: () => void;
  /** How messages come changed. */
  readonly changed: () => void;
  /** Who is there changed. */
  readonly agents: () => void;
}

/** Nothing is told any more once it was let go. */
export class Standing {
  readonly #options: StandingOptions;
  readonly #end = new AbortController();
  readonly #stopBeats: Cancel;
  readonly #listening: Listening;

  constructor(options: StandingOptions) {
    this.#options = options;
    const { door, info, clock, log, seen, take, before, self, roll } = options;
    this.#stopBeats = clock.every(BEAT_MS, () => this.#beat());
    this.#listening = new Listening({
      door,
      agentId: self().agentId,
      guarded: info.guarded,
      clock,
      log,
      seen,
      take,
      before,
      joined: (agent) => {
        if (agent.id === self().agentId) return;
        roll.join(agent, clock.now());
        options.agents();
      },
      ask: (task) => this.ask(this.#end.signal, task),
      changed: (open) => {
        if (this.#isOver) return;
        options.changed();
        // It may be gone altogether: a heartbeat finds out.
        if (!open) this.#beat();
      },
    });
  }

  get #isOver(): boolean {
    return this.#end.signal.aborted;
  }

  get incoming(): 'socket' | 'polling' {
    return this.#listening.isOpen ? 'socket' : 'polling';
  }

  get guarded(): boolean {
    return this.#options.info.guarded;
  }

  get token(): string | null {
    return this.#options.door.token;
  }

  /** Resolves when what came before is taken. */
  letGo(): Promise<void> {
    this.#end.abort();
    this.#stopBeats();
    return this.#listening.stop();
  }

  /** @throws RelayError */
  async ask<T>(signal: AbortSignal, task: AskRelay<T>): Promise<T> {
    const { requests, self, failed } = this.#options;
    try {
      return await task(requests, self().agentId, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (isOfRelay(failure) && !this.#isOver) failed(failure);
      throw new RelayError(failure);
    }
  }

  /** Reads who is there. Never rejects. */
  async look(): Promise<void> {
    const { roll, self, clock, agents } = this.#options;
    try {
      roll.ask();
      const list = await this.ask(this.#end.signal, (requests, _, signal) =>
        requests.discover(signal),
      );
      if (this.#isOver) return;
      roll.read(list, self().agentId, clock.now());
      agents();
    } catch {
      // What went wrong is told by the state; who was there stays as it was.
      roll.missed();
    }
  }

  /** Still there, and does it still know us? */
  #beat(): void {
    if (this.#isOver) return;
    this.ask(this.#end.signal, (requests, us, signal) => requests.heartbeat(us, signal))
      .then(async (known) => {
        if (this.#isOver) return;
        if (known) await this.look();
        else this.#options.forgotten();
      })
      .catch(() => undefined);
  }
}
