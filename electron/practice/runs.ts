/**
 * Which runs there are: one at a time per session, a queue behind it, keys that were used, and what a
 * killed process leaves behind. The only queue mode here is `followup`.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { invalidRequest, type Json } from './frames.ts';
import { liveView } from './live-view.ts';
import { Outcomes, type RunOutcome, UsedKeys } from './outcomes.ts';
import type { Agent } from './script.ts';
import { type Question, type Run, type RunSink, Speaker } from './speaking.ts';
import { rowMessage, type Transcripts } from './transcripts.ts';

/** What a killed process leaves to the next one. */
export interface Leftovers {
  /** Cut off after their model was called: OpenClaw repeats them by itself. */
  readonly cut: readonly Question[];
  /** Accepted and in no history: they stay listed, and never run by themselves. */
  readonly interrupted: readonly Question[];
}

/** The runs of one process; what it leaves behind is given to the next. */
export class Runs {
  private readonly clock: Clock;
  private readonly transcripts: Transcripts;
  private readonly sink: RunSink;
  private readonly keys: UsedKeys;
  private readonly active = new Map<string, Run>();
  private readonly queued = new Map<string, Run[]>();
  readonly outcomes: Outcomes;
  private readonly interrupted = new Map<string, Run>();
  private readonly recovering = new Set<Question>();
  private readonly speaker: Speaker;

  constructor(clock: Clock, transcripts: Transcripts, sink: RunSink, agent: Agent) {
    this.clock = clock;
    this.transcripts = transcripts;
    this.sink = sink;
    this.speaker = new Speaker(clock, transcripts, sink, agent, (run, status) =>
      this.end(run, status),
    );
    this.keys = new UsedKeys(clock);
    this.outcomes = new Outcomes(clock);
  }

  /**
   * Takes a question once per key. What a used key answers follows OpenClaw: `in_flight`, `ok`, and
   * after five minutes `started` again with the old answer (the history still knows it).
   */
  accept(question: Question): { status: 'started' | 'in_flight' | 'ok'; begin: () => void } {
    const { key, sessionKey } = question;
    const nothing = (): void => {};
    if (this.keys.conflicts(key, sessionKey, question.text)) {
      throw invalidRequest('idempotency key was used for another message', {
        reason: 'chat-request-conflict',
      });
    }
    const used = this.isLive(key) ? 'running' : this.keys.state(key);
    if (used === 'running') return { status: 'in_flight', begin: nothing };
    if (used === 'done') return { status: 'ok', begin: nothing };
    if (used === 'forgotten' && this.transcripts.accepted(sessionKey, key)) {
      return { status: 'started', begin: () => this.replay(question) };
    }
    this.keys.use(key, sessionKey, question.text);
    this.interrupted.delete(key);
    const run = this.makeRun(question);
    const busy = this.active.get(sessionKey);
    if (!busy) {
      this.active.set(sessionKey, run);
      return {
        status: 'started',
        begin: () => this.speaker.later(run, 0, () => this.speaker.start(run)),
      };
    }
    run.runId = randomUUID();
    this.queued.set(sessionKey, [...(this.queued.get(sessionKey) ?? []), run]);
    const settled = { runId: key, sessionKey, seq: 1, state: 'final' };
    return { status: 'started', begin: () => this.sink.event(sessionKey, 'chat', settled) };
  }

  private makeRun(question: Question): Run {
    return {
      ...question,
      runId: question.key,
      pendingId: randomUUID(),
      startedAt: this.clock.now(),
      reached: 'accepted',
      answer: '',
      seq: 0,
      cancel: () => {},
    };
  }

  private isLive(key: string): boolean {
    const waiting = [...this.queued.values()].flat();
    return [...this.active.values(), ...waiting].some((run) => run.key === key);
  }

  private replay(question: Question): void {
    const old = this.transcripts.answer(question.sessionKey, question.key);
    this.sink.event(question.sessionKey, 'chat', {
      runId: question.key,
      sessionKey: question.sessionKey,
      seq: 1,
      state: 'final',
      ...(old ? { message: rowMessage(old) } : {}),
    });
  }

  private end(run: Run, status: RunOutcome['status']): void {
    run.reached = 'ended';
    this.keys.done(run.key);
    this.outcomes.settle(run.key, { status, text: run.answer, endedAt: this.clock.now() });
    this.active.delete(run.sessionKey);
    const [next, ...rest] = this.queued.get(run.sessionKey) ?? [];
    if (!next) return;
    this.queued.set(run.sessionKey, rest);
    this.active.set(run.sessionKey, next);
    this.speaker.later(next, 0, () => this.speaker.start(next));
  }

  /** Stops the run of a session, or one run of it. @returns the ids of what was stopped. */
  abort(sessionKey: string, runId: string | undefined): string[] {
    const stopped: string[] = [];
    const fits = (run: Run): boolean =>
      runId === undefined || run.runId === runId || run.key === runId;
    const queue = this.queued.get(sessionKey) ?? [];
    this.queued.set(
      sessionKey,
      queue.filter((run) => !fits(run)),
    );
    stopped.push(...queue.filter(fits).map((run) => run.key));
    const run = this.active.get(sessionKey);
    if (!run || !fits(run)) return stopped;
    run.cancel();
    const content = [{ type: 'text', text: run.answer }];
    const message = { role: 'assistant', content, timestamp: this.clock.now() };
    this.speaker.chat(run, 'aborted', { stopReason: 'rpc', ...(run.answer ? { message } : {}) });
    if (run.answer) {
      this.speaker.record(run, {
        role: 'assistant',
        text: run.answer,
        key: `${run.key}:assistant`,
        runId: run.runId,
        stopReason: 'stop',
        aborted: true,
      });
    }
    this.end(run, 'aborted');
    return [...stopped, run.runId];
  }

  /** What `chat.history` says of runs that go on. */
  live(sessionKey: string): Json {
    const lost = [...this.interrupted.values()].filter((run) => run.sessionKey === sessionKey);
    const recovering = [...this.recovering].some((entry) => entry.sessionKey === sessionKey);
    const queued = this.queued.get(sessionKey) ?? [];
    return liveView(sessionKey, this.active.get(sessionKey), queued, lost, recovering);
  }

  /** Takes over what a killed process left; `afterMs` later its cut runs are repeated. */
  inherit(leftovers: Leftovers, afterMs: number): void {
    for (const question of leftovers.interrupted) {
      this.interrupted.set(question.key, this.makeRun(question));
    }
    for (const question of leftovers.cut) {
      this.recovering.add(question);
      const run = this.makeRun({ ...question, key: randomUUID() });
      this.speaker.later(run, afterMs, () => {
        this.recovering.delete(question);
        this.active.set(run.sessionKey, run);
        this.speaker.repeat(run, question);
      });
    }
  }

  /** Ends everything as a killed process does: nothing is recorded, nothing is said. */
  dispose(): Leftovers {
    this.speaker.silence();
    const runs = [...this.active.values(), ...[...this.queued.values()].flat()];
    for (const run of runs) run.cancel();
    this.active.clear();
    this.queued.clear();
    const known = (run: Run): boolean => this.transcripts.find(run.sessionKey) !== undefined;
    return {
      cut: runs.filter((run) => run.reached === 'model'),
      interrupted: [
        ...this.interrupted.values(),
        ...runs.filter((run) => run.reached === 'accepted' && known(run)),
      ],
    };
  }
}
