import { beforeAll, expect, it } from 'vitest';
import {
  type Cell,
  type Loss,
  measureAlive,
  measureKilled,
  measureSecond,
  measureWaiting,
  type Second,
  type Waiting,
} from './matrix/cells.ts';
import { describeWith } from './parts/require.ts';

const slow = process.env.PEERAGE_SLOW === '1';
/** Two minutes on two idle cores; a busy machine may take its time. */
const LIMIT_MS = slow ? 25 * 60_000 : 10 * 60_000;

/**
 * The figures of docs/delivery-matrix.md. A failure here means that OpenClaw behaves differently:
 * measure anew (`node test/real/matrix/measure.ts --slow`) and reconsider `resolveUnknown` first.
 */
await describeWith(['openclaw'], 'delivery matrix', () => {
  let cells: Cell[] = [];
  let waiting: Waiting[] = [];
  let second: Second;

  beforeAll(async () => {
    // Two gateways at a time: more of them only wait for each other.
    const killing = async (): Promise<Cell[]> => {
      const killed = await measureKilled(slow);
      second = await measureSecond();
      waiting = await measureWaiting();
      return killed;
    };
    const [alive, killed] = await Promise.all([measureAlive(slow), killing()]);
    cells = [...alive, ...killed];
  }, LIMIT_MS);

  const lost = (...losses: Loss[]): Cell[] => {
    const found = cells.filter((cell) => losses.includes(cell.loss));
    expect(found).not.toHaveLength(0);
    return found;
  };
  const name = (cell: Cell): string => `${cell.loss}, ${cell.retry}, ${cell.note}, ${cell.age}`;

  it('does the work once when the same process gets the same key again', () => {
    for (const cell of lost('ack lost')) {
      expect(cell.after.modelCalls, name(cell)).toBe(1);
      expect(cell.after.userRows, name(cell)).toBe(1);
    }
  });

  it('answers in_flight while the run lives, also when the key is old or pushed out', () => {
    for (const cell of lost('ack lost').filter(({ note }) => note !== 'done')) {
      expect(cell.answer, name(cell)).toMatchObject({ status: 'in_flight' });
    }
  });

  it('answers ok after the final, but started once the key is forgotten', () => {
    for (const cell of lost('ack lost').filter(({ note }) => note === 'done')) {
      const status = cell.retry === 'after final' ? 'ok' : 'started';
      expect(cell.answer, name(cell)).toMatchObject({ status });
    }
  });

  it('keeps the row of a message that reached the model, through a kill', () => {
    for (const cell of lost('killed mid-run', 'killed after final')) {
      expect(cell.before.userRows, name(cell)).toBe(1);
    }
  });

  it('does the work twice when a key that is in the history is sent to a new process', () => {
    for (const cell of lost('killed after final')) {
      expect(cell.before.modelCalls, name(cell)).toBe(1);
      expect(cell.after.modelCalls, name(cell)).toBe(2);
    }
  });

  it('takes up an interrupted run by itself, and is spoilt by a retry', () => {
    for (const cell of lost('killed mid-run')) {
      expect(cell.after.modelCalls, name(cell)).toBeGreaterThanOrEqual(2);
      if (cell.retry === 'after restart') continue;
      expect(cell.before.modelCalls, name(cell)).toBe(2);
      expect(cell.before.answers, name(cell)).toBe(1);
      expect(cell.after.status, name(cell)).toBe('failed');
    }
  });

  it('never ran, and never runs by itself, what a new process has not in its history', () => {
    const absent = lost('never arrived', 'killed before ack', 'killed after ack, before history');
    for (const cell of absent) {
      expect(cell.before.userRows, name(cell)).toBe(0);
      expect(cell.before.modelCalls, name(cell)).toBe(0);
      expect([undefined, 'interrupted'], name(cell)).toContain(cell.before.pending);
      expect(cell.after.modelCalls, name(cell)).toBe(1);
      expect(cell.after.userRows, name(cell)).toBe(1);
      expect(cell.after.status, name(cell)).toBe('done');
    }
  });

  it('may leave an accepted message in the history and never answer it', () => {
    expect(waiting).toHaveLength(2);
    for (const { age, whileWaiting, afterKill } of waiting) {
      expect(whileWaiting, age).toMatchObject({ userRows: 1, modelCalls: 0, status: 'queued' });
      expect(afterKill, age).toMatchObject({ userRows: 1, modelCalls: 0, answers: 0 });
    }
  });

  it('names its process, so that a restart shows', () => {
    const boots = waiting.map(({ whileWaiting, afterKill }) => [whileWaiting, afterKill] as const);
    for (const [before, after] of boots) expect(after.bootId).not.toBe(before.bootId);
  });

  it('steers a second message into the running answer, which ends empty under its own key', () => {
    expect(second.ownEnd).toMatchObject({ runId: second.secondKey, state: 'final' });
    expect(second.ownEnd).not.toHaveProperty('message');
    expect(second.answeredBy).toBe(second.firstKey);
  });
});
