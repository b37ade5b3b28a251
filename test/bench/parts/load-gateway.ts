/**
 * Entry of a process: a gateway that takes questions, keeps their transcripts, and on command answers
 * them at a steady rate: for each nine deltas of 40 bytes and one final of 2 kB. Tells its `{url}`;
 * asked `{asked: true}`, it says how many questions wait; told `{start: {perSecond, events}}`, it says
 * `{sent, took}` after the last event.
 */
import { Transcripts } from '../../../electron/practice/transcripts.ts';
import { type Request, serveGateway } from './gateway-socket.ts';

const DELTAS = 9;
const DELTA_BYTES = 40;
const FINAL_BYTES = 2048;
/** Every so often, what is due is sent, ms. */
const PULSE_MS = 5;
/** What is late is caught up with at no more than this many times the rate. */
const HASTE = 2;

interface Run {
  readonly key: string;
  readonly sessionKey: string;
  seq: number;
}

type Order =
  | { readonly asked: true }
  | { readonly start: { readonly perSecond: number; readonly events: number } };

const transcripts = new Transcripts();
/** What waits for its next event; the one that waits longest is first. One of each session. */
const runs: Run[] = [];

function history(sessionKey: string, limit?: number, offset?: number): object {
  const ids = runs.filter((run) => run.sessionKey === sessionKey).map((run) => run.key);
  const sessionInfo = { hasActiveRun: ids.length > 0, activeRunIds: ids };
  return { ...transcripts.page(sessionKey, limit, offset), sessionInfo };
}

function answer(request: Request): object | null {
  const { sessionKey, idempotencyKey: key, message } = request.params as Record<string, string>;
  if (sessionKey === undefined) return null;
  if (request.method === 'chat.history') {
    const { limit, offset } = request.params as { limit?: number; offset?: number };
    return history(sessionKey, limit, offset);
  }
  if (request.method !== 'chat.send' || key === undefined) return null;
  const row = { role: 'user', text: message ?? '', key: `${key}:user` } as const;
  transcripts.append(sessionKey, 'main', row, Date.now());
  runs.push({ key, sessionKey, seq: 0 });
  return null;
}

const gateway = await serveGateway(answer);

const padded = (text: string, bytes: number): string =>
  `${text} ${'lorem ipsum dolor sit amet '.repeat(100)}`.slice(0, bytes);

/** Sends the next event of a run. @returns whether there is more to come. */
function step(run: Run): boolean {
  const { key, sessionKey } = run;
  run.seq += 1;
  const common = { runId: key, sessionKey, agentId: 'main', seq: run.seq };
  if (run.seq <= DELTAS) {
    const deltaText = padded(`part ${run.seq}`, DELTA_BYTES);
    gateway.event('chat', { ...common, state: 'delta', deltaText });
    return true;
  }
  const text = padded(`answer to ${key}`, FINAL_BYTES);
  const said = { role: 'assistant', text, runId: key, stopReason: 'stop' } as const;
  const row = transcripts.append(sessionKey, 'main', said, Date.now());
  const message = { role: 'assistant', content: [{ type: 'text', text }], timestamp: row.at };
  gateway.event('chat', { ...common, state: 'final', message });
  return false;
}

function answerAll(perSecond: number, events: number): void {
  const from = performance.now();
  let sent = 0;
  const pulse = setInterval(() => {
    const due = Math.min(events, ((performance.now() - from) / 1000) * perSecond);
    const most = Math.ceil((perSecond * PULSE_MS * HASTE) / 1000);
    for (let i = 0; i < most && sent + 1 <= due; i++) {
      const run = runs.shift();
      if (!run) break;
      sent += 1;
      if (step(run)) runs.push(run);
    }
    if (sent < events) return;
    clearInterval(pulse);
    process.send?.({ sent, took: performance.now() - from });
  }, PULSE_MS);
}

process.on('message', (order: Order) => {
  if ('asked' in order) process.send?.({ asked: runs.length });
  else answerAll(order.start.perSecond, order.start.events);
});
process.on('disconnect', () => process.exit());
process.send?.({ url: gateway.url });
