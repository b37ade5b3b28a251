/**
 * One run of the scripted agent, frame by frame, in the order that OpenClaw 2026.9.6 was seen to
 * send.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import type { Json } from './frames.ts';
import type { RunOutcome } from './outcomes.ts';
import type { Agent, AgentReply, TurnFile } from './script.ts';
import { type Row, rowMessage, type Transcripts } from './transcripts.ts';

/** Deltas written before the event loop gets its turn. */
const BURST = 200;

/** Moments of a message's life, for tests that pull the plug there. */
export type Stage = 'received' | 'accepted' | 'recorded' | 'model' | 'streaming' | 'answered';

/** Where a run's frames and stages go; `changed`: a transcript grew. */
export interface RunSink {
  /** Sends to everyone who may see this session. */
  event(sessionKey: string, event: string, payload: Json): void;
  /** A stage was reached. Returning false ends it there, as a killed process does. */
  stage(stage: Stage, key: string): boolean;
  changed(): void;
}

/** A question as it was taken: its key, its session, its text and files. */
export interface Question {
  readonly key: string;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly text: string;
  readonly files: readonly TurnFile[];
  readonly sender: string;
  /** Whose words they are, where they are not the owner's: `external_user`. */
  readonly provenance?: string;
}

/** A question that is being answered. `startedAt`: ms since the epoch. */
export interface Run extends Question {
  /** The key itself, or an id of its own when it waited behind another run. */
  runId: string;
  readonly pendingId: string;
  readonly startedAt: number;
  reached: 'accepted' | 'recorded' | 'model' | 'ended';
  text: string;
  answer: string;
  seq: number;
  cancel: Cancel;
}

/** Plays the runs of one process by its clock, until it is silenced. */
export class Speaker {
  private readonly clock: Clock;
  private readonly transcripts: Transcripts;
  private readonly sink: RunSink;
  private readonly agent: Agent;
  private readonly ended: (run: Run, status: RunOutcome['status']) => void;
  private silenced = false;

  constructor(
    clock: Clock,
    transcripts: Transcripts,
    sink: RunSink,
    agent: Agent,
    ended: (run: Run, status: RunOutcome['status']) => void,
  ) {
    this.clock = clock;
    this.transcripts = transcripts;
    this.sink = sink;
    this.agent = agent;
    this.ended = ended;
  }

  /** Says and records nothing any more, as a killed process does. */
  silence(): void {
    this.silenced = true;
  }

  /** Does something later, unless the process is dead by then. */
  later(run: Run, delayMs: number, task: () => void): void {
    run.cancel = this.clock.after(delayMs, () => {
      if (!this.silenced) task();
    });
  }

  chat(run: Run, state: string, more: Json): void {
    run.seq++;
    const { runId, sessionKey, agentId } = run;
    const payload = { runId, sessionKey, agentId, seq: run.seq, state, ...more };
    this.sink.event(sessionKey, 'chat', payload);
  }

  record(run: Run, row: Parameters<Transcripts['append']>[2]): Row {
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

  /** Plays a run from its acceptance to its end. */
  start(run: Run): void {
    if (!this.sink.stage('accepted', run.key)) return;
    this.chat(run, 'status', { phase: 'preparing_workspace' });
    this.chat(run, 'status', { phase: 'preparing_context' });
    const rows = this.transcripts.find(run.sessionKey)?.rows ?? [];
    const earlier = rows.filter((row) => row.role === 'user').length;
    run.reached = 'recorded';
    // Observed: there is always exactly one row with a key, however often it ran.
    if (!this.transcripts.accepted(run.sessionKey, run.key)) {
      this.record(run, {
        role: 'user',
        text: run.text,
        key: `${run.key}:user`,
        sender: run.sender,
        provenance: run.provenance ?? null,
        media: run.files.map((file) => ({ ...file })),
      });
    }
    if (!this.sink.stage('recorded', run.key)) return;
    this.chat(run, 'status', { phase: 'starting_model' });
    run.reached = 'model';
    const reply = this.agent({ ...run, earlier });
    if (!this.sink.stage('model', run.key)) return;
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
        if (!this.silenced && run.reached !== 'ended') on();
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
    run.reached = 'ended';
    if (!this.sink.stage('answered', run.key)) return;
    const content = [{ type: 'text', text: run.answer }];
    const message = { role: 'assistant', content, timestamp: row.at };
    this.chat(run, 'final', { stopReason: 'stop', message });
    this.ended(run, 'ok');
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
    this.ended(run, 'error');
  }

  /** Observed: a row of the system's own, then the model once more, under a run id of its own. */
  repeat(run: Run, question: Question): void {
    this.record(run, {
      role: 'user',
      text: '[System] Your previous turn was interrupted by a gateway restart.',
      key: `${run.runId}:user`,
      provenance: 'internal_system',
    });
    run.reached = 'model';
    const reply = this.agent({ ...question, earlier: 1 });
    this.later(run, reply.firstMs, () => this.stream(run, reply, 0));
  }
}
