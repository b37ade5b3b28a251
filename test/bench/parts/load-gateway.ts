/**
 * Entry of a process: a gateway that takes questions, keeps their transcripts, and on command answers
 * all of them at a steady rate: for each nine deltas of 40 bytes and one final of 2 kB. Tells its
 * `{url}`; told `{start: {perSecond}}`, it says `{sent, answered, took}` after the last event. Told
 * `{asked: true}`, it says how many questions it has.
 */
import { Transcripts } from '../../../electron/practice/transcripts.ts';
import { type Request, serveGateway } from './gateway-socket.ts';

const DELTAS = 9;
const DELTA_BYTES = 40;
const FINAL_BYTES = 2048;
/** Every so often, what is due is sent, ms. */
const PULSE_MS = 5;

interface Question {
  readonly key: string;
  readonly sessionKey: string;
}

const transcripts = new Transcripts();
/** What waits for its answer, by session: one run at a time in each, as with a real gateway. */
const lanes = new Map<string, Question[]>();

function ask(request: Request): object | null {
  const { sessionKey, idempotencyKey: key, message } = request.params as Record<string, string>;
  if (sessionKey === undefined) return null;
  if (request.method === 'chat.history') {
    const { limit, offset } = request.params as { limit?: number; offset?: number };
    return transcripts.page(sessionKey, limit, offset);
  }
  if (request.method !== 'chat.send' || key === undefined) return null;
  const row = { role: 'user', text: message ?? '', key: `${key}:user` } as const;
  transcripts.append(sessionKey, 'main', row, Date.now());
  lanes.set(sessionKey, [...(lanes.get(sessionKey) ?? []), { key, sessionKey }]);
  return null;
}

const gateway = await serveGateway(ask);

const padded = (text: string, bytes: number): string =>
  `${text} ${'lorem ipsum dolor sit amet '.repeat(100)}`.slice(0, bytes);

/** The events of one run, in order. */
function* run({ key, sessionKey }: Question): Generator<undefined> {
  const common = { runId: key, sessionKey, agentId: 'main' };
  for (let seq = 1; seq <= DELTAS; seq++) {
    const deltaText = padded(`part ${seq}`, DELTA_BYTES);
    gateway.event('chat', { ...common, seq, state: 'delta', deltaText });
    yield;
  }
  const text = padded(`answer to ${key}`, FINAL_BYTES);
  const answer = { role: 'assistant', text, runId: key, stopReason: 'stop' } as const;
  const row = transcripts.append(sessionKey, 'main', answer, Date.now());
  const message = { role: 'assistant', content: [{ type: 'text', text }], timestamp: row.at };
  gateway.event('chat', { ...common, seq: DELTAS + 1, state: 'final', message });
  yield;
}

function* lane(questions: readonly Question[]): Generator<undefined> {
  for (const question of questions) yield* run(question);
}

function answerAll(perSecond: number): void {
  let turns = [...lanes.values()].map((questions) => lane(questions));
  const answered = [...lanes.values()].flat().length;
  const from = performance.now();
  let sent = 0;
  const pulse = setInterval(() => {
    const due = Math.floor(((performance.now() - from) / 1000) * perSecond);
    while (sent < due && turns.length > 0) {
      const [turn, ...rest] = turns;
      // Whose turn it was goes to the end, so that all lanes stream at the same time.
      if (turn?.next().done === false) {
        sent += 1;
        turns = [...rest, turn];
      } else turns = rest;
    }
    if (turns.length > 0) return;
    clearInterval(pulse);
    process.send?.({ sent, answered, took: performance.now() - from });
  }, PULSE_MS);
}

process.on('message', (order: { start?: { perSecond: number }; asked?: true }) => {
  if (order.asked) process.send?.({ asked: [...lanes.values()].flat().length });
  if (order.start) answerAll(order.start.perSecond);
});
process.on('disconnect', () => process.exit());
process.send?.({ url: gateway.url });
