/** What `chat.history` says beside the rows: runs that go on, inputs that wait. */
import type { Json } from './frames.ts';

/** A run that goes on: its text so far, and since when, ms since the epoch. */
export interface LiveRun {
  readonly runId: string;
  readonly answer: string;
  readonly startedAt: number;
}

/** A question that has no run yet, or lost it; `startedAt` in ms since the epoch. */
export interface WaitingInput {
  readonly pendingId: string;
  readonly key: string;
  readonly text: string;
  readonly startedAt: number;
}

/** @param recovering a killed run that the gateway will repeat by itself. */
export function liveView(
  sessionKey: string,
  run: LiveRun | undefined,
  queued: readonly WaitingInput[],
  interrupted: readonly WaitingInput[],
  recovering: boolean,
): Json {
  const item = (state: string) => (entry: WaitingInput) => ({
    id: entry.pendingId,
    acceptedAt: entry.startedAt,
    state,
    runId: entry.key,
    message: { role: 'user', content: entry.text, timestamp: entry.startedAt },
  });
  const items = [...queued.map(item('queued')), ...interrupted.map(item('interrupted'))];
  const busy = run !== undefined || recovering;
  return {
    pendingInputs: { items, total: items.length },
    ...(run
      ? { inFlightRun: { runId: run.runId, text: run.answer, startedAt: run.startedAt } }
      : {}),
    sessionInfo: {
      key: sessionKey,
      status: busy ? 'running' : 'done',
      hasActiveRun: busy,
      activeRunIds: run ? [run.runId] : [],
      abortedLastRun: recovering,
      effectiveQueueMode: 'followup',
    },
  };
}
