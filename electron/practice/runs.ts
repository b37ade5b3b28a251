/**
 * Runs of the scripted agent: one at a time per session, a queue behind it, streaming, stopping. The
 * order of frames is that of OpenClaw 2026.9.6 (with `queueMode: followup`, the only mode here).
 */
import { randomUUID } from 'node:crypto';
import type { Cancel, Clock } from '../clock/clock.ts';
import type { Json } from './frames.ts';
import { Outcomes, type RunOutcome, UsedKeys } from './outcomes.ts';
import type { Agent, AgentReply, TurnFile } from './script.ts';
import { type Row, rowMessage, type Transcripts } from './transcripts.ts';

/** Deltas written before the event loop gets its turn. */
const BURST = 200;

/** Moments of a message's life, for tests that pull the plug there. */
export type Stage = 'received' | 'accepted' | 'recorded' | 'model' | 'streaming' | 'answered';

export interface RunSink {
  /** Sends to everyone who may see this session. */
  event(sessionKey: string, event: string, payload: Json): void;
  /** A stage was reached. Returning false ends it there, as a killed process does. */
  stage(stage: Stage, key: string): boolean;
  changed(): void;
}

export interface Question {
  readonly key: string;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly text: string;
  readonly files: readonly TurnFile[];
  readonly sender: string;
}

interface Run extends Question {
  /** The key itself, or an id of its own when it waited behind another run. */
  runId: string;
  readonly pendingId: string;
  readonly startedAt: number;
  text: string;
  answer: string;
  seq: number;
  cancel: Cancel;
}

export class Runs {
  private readonly clock: Clock;
  private readonly transcripts: Transcripts;
  private readonly sink: RunSink;
  private readonly keys: UsedKeys;
  private readonly active = new Map<string, Run>();
  private readonly queued = new Map<string, Run[]>();
  readonly outcomes: Outcomes;
  private ended = false;
  agent: Agent;

  constructor(clock: Clock, transcripts: Transcripts, sink: RunSink, agent: Agent) {
    this.clock = clock;
    this.transcripts = transcripts;
    this.sink = sink;
    this.agent = agent;
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
    const used = this.isLive(key) ? 'running' : this.keys.state(key);
    if (used === 'running') return { status: 'in_flight', begin: nothing };
    if (used === 'done') return { status: 'ok', begin: nothing };
    if (used === 'forgotten' && this.transcripts.accepted(sessionKey, key)) {
      return { status: 'started', begin: () => this.replay(question) };
    }
    this.keys.use(key);
    const run: Run = {
      ...question,
      runId: key,
      pendingId: randomUUID(),
      startedAt: this.clock.now(),
      answer: '',
      seq: 0,
      cancel: nothing,
    };
    const busy = this.active.get(sessionKey);
    if (!busy) {
      this.active.set(sessionKey, run);
      return { status: 'started', begin: () => this.later(run, 0, () => this.start(run)) };
    }
    run.runId = randomUUID();
    this.queued.set(sessionKey, [...(this.queued.get(sessionKey) ?? []), run]);
    const settled = { runId: key, sessionKey, seq: 1, state: 'final' };
    return { status: 'started', begin: () => this.sink.event(sessionKey, 'chat', settled) };
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

  private later(run: Run, delayMs: number, task: () => void): void {
    run.cancel = this.clock.after(delayMs, () => {
      if (!this.ended) task();
    });
  }

  private chat(run: Run, state: string, more: Json): void {
    run.seq++;
    const { runId, sessionKey, agentId } = run;
    const payload = { runId, sessionKey, agentId, seq: run.seq, state, ...more };
    this.sink.event(sessionKey, 'chat', payload);
  }

  private record(run: Run, row: Parameters<Transcripts['append']>[2]): Row {
    const added = this.transcripts.append(run.sessionKey, run.agentId, row, this.clock.now());
    this.sink.event(run.sessionKey, 'session.message', {
      sessionKey: run.sessionKey,
      agentId: run.agentId,
      message: rowMessage(added),
      messageId: added.id,
      messageSeq: added.seq,
    });
    this.sink.changed();
    return added;
  }

  private start(run: Run): void {
    if (!this.sink.stage('accepted', run.key)) return;
    this.chat(run, 'status', { phase: 'preparing_workspace' });
    this.chat(run, 'status', { phase: 'preparing_context' });
    const earlier =
      this.transcripts.find(run.sessionKey)?.rows.filter((row) => row.role === 'user').length ?? 0;
    this.record(run, {
      role: 'user',
      text: run.text,
      key: `${run.key}:user`,
      sender: run.sender,
      media: run.files.map((file) => ({ ...file })),
    });
    if (!this.sink.stage('recorded', run.key)) return;
    this.chat(run, 'status', { phase: 'starting_model' });
    if (!this.sink.stage('model', run.key)) return;
    const reply = this.agent({ ...run, earlier });
    this.later(run, reply.firstMs, () => this.stream(run, reply, 0));
  }

  private stream(run: Run, reply: AgentReply, from: number): void {
    if (reply.fail !== undefined) {
      this.fail(run, reply.fail);
      return;
    }
    const last = reply.chunkMs > 0 ? from + 1 : from + BURST;
    let next = from;
    while (next < Math.min(last, reply.chunks.length)) {
      if (reply.hold?.after === next && next > from) break;
      this.delta(run, reply, reply.chunks[next] ?? '');
      next++;
      if (!this.sink.stage('streaming', run.key)) return;
    }
    const on = (): void => {
      if (next < reply.chunks.length) this.stream(run, reply, next);
      else this.finish(run);
    };
    if (reply.hold && reply.hold.after === next) {
      void reply.hold.until.then(() => {
        if (!this.ended && this.active.get(run.sessionKey) === run) on();
      });
      return;
    }
    this.later(run, reply.chunkMs, on);
  }

  private delta(run: Run, reply: AgentReply, chunk: string): void {
    run.answer += chunk;
    const content = [{ type: 'text', text: run.answer }];
    const message = { role: 'assistant', content, timestamp: this.clock.now() };
    this.chat(run, 'delta', { deltaText: chunk, ...(reply.bareDeltas ? {} : { message }) });
  }

  private finish(run: Run): void {
    const row = this.record(run, {
      role: 'assistant',
      text: run.answer,
      runId: run.runId,
      stopReason: 'stop',
    });
    if (!this.sink.stage('answered', run.key)) return;
    const content = [{ type: 'text', text: run.answer }];
    const message = { role: 'assistant', content, timestamp: row.at };
    this.chat(run, 'final', { stopReason: 'stop', message });
    this.end(run, 'ok');
  }

  /** Observed: the end of a failed run is told twice, the second time numbered 1. */
  private fail(run: Run, reason: string): void {
    this.chat(run, 'error', { errorMessage: reason, errorKind: 'unknown' });
    const { runId, sessionKey } = run;
    const errorMessage = `⚠️ Agent failed before reply: ${reason}`;
    const again = { runId, sessionKey, seq: 1, state: 'error', errorMessage };
    this.sink.event(sessionKey, 'chat', again);
    this.record(run, {
      role: 'assistant',
      text: `⚠️ ${reason}`,
      key: `${run.key}:terminal-error`,
      runId,
      stopReason: 'error',
    });
    this.end(run, 'error');
  }

  private end(run: Run, status: RunOutcome['status']): void {
    this.keys.done(run.key);
    this.outcomes.settle(run.key, { status, text: run.answer, endedAt: this.clock.now() });
    this.active.delete(run.sessionKey);
    const [next, ...rest] = this.queued.get(run.sessionKey) ?? [];
    if (!next) return;
    this.queued.set(run.sessionKey, rest);
    this.active.set(run.sessionKey, next);
    this.later(next, 0, () => this.start(next));
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
    this.chat(run, 'aborted', { stopReason: 'rpc', ...(run.answer ? { message } : {}) });
    if (run.answer) {
      this.record(run, {
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
    const run = this.active.get(sessionKey);
    const items = (this.queued.get(sessionKey) ?? []).map((entry) => ({
      id: entry.pendingId,
      acceptedAt: entry.startedAt,
      state: 'queued',
      runId: entry.key,
      message: { role: 'user', content: entry.text, timestamp: entry.startedAt },
    }));
    return {
      pendingInputs: { items, total: items.length },
      ...(run
        ? { inFlightRun: { runId: run.runId, text: run.answer, startedAt: run.startedAt } }
        : {}),
      sessionInfo: {
        key: sessionKey,
        status: run ? 'running' : 'done',
        hasActiveRun: run !== undefined,
        activeRunIds: run ? [run.runId] : [],
        effectiveQueueMode: 'followup',
      },
    };
  }

  /** Ends everything as a killed process does: nothing is recorded, nothing is said. */
  dispose(): void {
    this.ended = true;
    for (const run of this.active.values()) run.cancel();
    this.active.clear();
    this.queued.clear();
  }
}
