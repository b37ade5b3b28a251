/**
 * One delegation on its way to the agent, and its answer back. Every step is committed before the next
 * one is taken, so that a crash between any two neither loses a run nor does it twice: a run that may
 * have reached the gateway is looked up in its history before anything is sent again.
 */
import type { Clock } from '../../clock/clock.ts';
import { within } from '../../clock/deadline.ts';
import { type AppError, appError, assertNever } from '../../contract/index.ts';
import type { AgentDoor, RunOutcome } from '../options.ts';
import { bringAnswer } from './answer.ts';
import { runKey, runOf, wholeText } from './content.ts';
import type { Ledger } from './ledger.ts';
import type { Delegation } from './rows.ts';
import { endChanges, type RunEnd } from './run-end.ts';

/** What the way of a delegation needs; while `paused`, nothing is sent to an agent. */
export interface CourseOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly agents: AgentDoor;
  readonly paused: () => boolean;
  /** Why one that no person let through must not begin after all; null = it may. */
  readonly whyNot: (d: Delegation, signal: AbortSignal) => Promise<AppError | null>;
  /** It waits for the person now. */
  readonly held: (d: Delegation) => void;
  readonly log: (line: string) => void;
}

/** How long until it is tried again where the gateway names no time, ms. */
export const RETRY_MS = 5_000;
/** A run that stands in the history without an answer is given this long to show one, ms. */
const NO_ANSWER_MS = 60_000;

/** How long the gateway has to stop a run that nobody wants any more, ms. */
const CALL_OFF_MS = 15_000;

/** Whether it may still be brought to the agent; another may have ended it since it was last read. */
export const isUnderWay = (d: Delegation): boolean =>
  d.state === 'accepted' || d.state === 'in_progress';

/** It waits for the person again, as if nobody had decided. */
const TAKEN_BACK = {
  state: 'proposed',
  phase: 'none',
  agentId: null,
  sessionKey: null,
  decision: null,
  startedAt: null,
} as const;

/** One of which it is known where it goes. */
export type Placed = Delegation & { readonly agentId: string; readonly sessionKey: string };

/** Whether its agent and session are chosen: before that nothing can be handed over. */
export const isPlaced = (d: Delegation): d is Placed => d.agentId !== null && d.sessionKey !== null;

/** Takes delegations along their way, one call for as long as there is something to do. */
export class Course {
  readonly #options: CourseOptions;
  readonly #stopping: AbortSignal;
  /** Since when a run that was taken shows nothing, monotonic ms. */
  readonly #silent = new Map<string, number>();
  /** Runs that somebody wished to be stopped. */
  readonly #halting = new Set<string>();

  /** @param stopping ends what waits for the gateway; all of it can be taken up again later. */
  constructor(options: CourseOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  /** @returns null when it is over; else after how many ms to come back. */
  async run(start: Placed): Promise<number | null> {
    const { agents } = this.#options;
    const signal = this.#stopping;
    const key = runKey(start.id);
    let d: Placed = start;
    let maybeThere = d.phase !== 'none';
    while (!signal.aborted) {
      if (maybeThere) {
        const found: RunOutcome =
          d.phase === 'taken'
            ? await agents.follow(key, d.sessionKey, signal)
            : await agents.settle(key, d.sessionKey, signal);
        switch (found.kind) {
          case 'answered': {
            const answer = await bringAnswer(agents, d.sessionKey, found.text, signal);
            if (!answer) return RETRY_MS;
            const refused = found.refused ?? [];
            await this.#end(d, { kind: 'answered', refused, ...answer });
            return null;
          }
          case 'failed':
          case 'aborted':
          case 'cannot_tell': {
            await this.#end(d, found);
            return null;
          }
          case 'silent': {
            if (!this.#silentForLong(d.id)) return RETRY_MS;
            await this.#end(d, { kind: 'silent', refused: found.refused ?? [] });
            return null;
          }
          case 'running': {
            this.#silent.delete(d.id);
            const now = await this.#taken(d);
            if (!now) return (await this.#callOff(d)) ? null : RETRY_MS;
            d = now;
            continue;
          }
          case 'not_now':
            return RETRY_MS;
          case 'absent':
            // Surely not there: the same key may be used again.
            maybeThere = false;
            continue;
          default:
            return assertNever(found);
        }
      }
      const stands = this.#options.ledger.table.byId(d.id);
      if (!stands || !isUnderWay(stands)) return null;
      // What surely is not there is sent again only while incoming work goes on.
      if (this.#options.paused()) return RETRY_MS;
      const next = await this.#send(d);
      if (next === null || typeof next === 'number') return next;
      d = next;
      maybeThere = true;
    }
    return RETRY_MS;
  }

  /** A gateway that was killed takes a while until it goes on with what it had. */
  #silentForLong(id: string): boolean {
    const now = this.#options.clock.monotonic();
    const since = this.#silent.get(id) ?? now;
    this.#silent.set(id, since);
    return now - since > NO_ANSWER_MS;
  }

  /** @returns the delegation to follow or settle now; a number of ms to wait; null = it is over. */
  async #send(d: Placed): Promise<Placed | number | null> {
    const { ledger, agents, clock } = this.#options;
    const why = await this.#options.whyNot(d, this.#stopping);
    if (this.#stopping.aborted) return RETRY_MS;
    if (why) {
      await this.#hold(d, why);
      return null;
    }
    const begun = await ledger.change(d.id, (now) =>
      isUnderWay(now)
        ? { phase: 'begun', startedAt: now.startedAt ?? clock.now(), error: null }
        : null,
    );
    if (!begun || !isPlaced(begun)) return null;
    const text = begun.editedText ?? wholeText(this.#turns(d));
    const run = runOf(begun, text, ledger.table.files(d.id));
    const outcome = await agents.begin(run, this.#stopping);
    switch (outcome.kind) {
      case 'taken': {
        const taken = await this.#taken(begun);
        return taken ?? ((await this.#callOff(begun)) ? null : RETRY_MS);
      }
      case 'unknown':
        return begun;
      case 'not_taken':
        await ledger.change(d.id, (now) =>
          isUnderWay(now) ? { phase: 'none', error: outcome.error } : null,
        );
        return outcome.retryAfterMs ?? RETRY_MS;
      case 'refused':
        await this.#giveBack(begun, outcome.error);
        return null;
      default:
        return assertNever(outcome);
    }
  }

  #turns(d: Delegation) {
    return this.#options.ledger.table
      .turns(d.id)
      .map(({ author, text }) => ({ from: author, text }));
  }

  async #taken(d: Delegation): Promise<Placed | null> {
    const now = await this.#options.ledger.change(d.id, (seen) =>
      isUnderWay(seen) && (seen.phase !== 'taken' || seen.state !== 'in_progress')
        ? { phase: 'taken', state: 'in_progress' }
        : null,
    );
    const stands = now ?? this.#options.ledger.table.byId(d.id);
    return stands?.state === 'in_progress' && isPlaced(stands) ? stands : null;
  }

  /** The policy lets it through no more: it waits for the person, who is told why. */
  async #hold(d: Delegation, held: AppError): Promise<void> {
    const { ledger } = this.#options;
    const waits = await ledger.change(d.id, (now) =>
      isUnderWay(now) && now.phase === 'none' ? { ...TAKEN_BACK, held } : null,
    );
    if (waits) this.#options.held(waits);
  }

  /** The gateway did not want it: the person decides anew, with the reason before their eyes. */
  async #giveBack(d: Delegation, error: AppError): Promise<void> {
    const refused = appError('reception.gateway_refused', error.detail, { title: error.title });
    await this.#options.ledger.change(d.id, (now) =>
      isUnderWay(now) ? { ...TAKEN_BACK, error: refused } : null,
    );
  }

  /** Stops its run at the gateway, where there is one. False where that could not be done now. */
  async halt(d: Delegation): Promise<boolean> {
    const { sessionKey, phase, id } = d;
    if (sessionKey === null || phase === 'none') return true;
    const { agents, clock } = this.#options;
    this.#halting.add(id);
    const stopped = await within(clock, CALL_OFF_MS, null, (signal) =>
      agents.abort(runKey(id), sessionKey, signal),
    ).catch(() => false);
    if (!stopped) this.#halting.delete(id);
    return stopped;
  }

  /** It was ended while it was on its way: what the gateway took meanwhile is stopped there, if it can be. */
  async #callOff(d: Placed): Promise<boolean> {
    const { agents, clock, log } = this.#options;
    const stopped = await within(clock, CALL_OFF_MS, this.#stopping, (signal) =>
      agents.abort(runKey(d.id), d.sessionKey, signal),
    ).catch(() => false);
    if (!stopped) log(`delegation ${d.id}: it was ended, and its run could not be stopped yet`);
    return stopped;
  }

  async #end(d: Delegation, found: RunEnd): Promise<void> {
    const { clock, ledger } = this.#options;
    this.#silent.delete(d.id);
    const halted = this.#halting.delete(d.id);
    await ledger.change(d.id, (now) =>
      isUnderWay(now)
        ? endChanges(found, now, {
            halted,
            at: clock.now(),
            keep: (files) => ledger.answerFiles.put(now.id, files),
          })
        : null,
    );
  }
}
