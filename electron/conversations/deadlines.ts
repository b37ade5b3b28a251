/** What time does to a message that waits: a delay notice once, and giving up visibly. */
import type { Cancel } from '../clock/clock.ts';
import { appError, type MessageId } from '../contract/index.ts';
import { tellProblem } from './answers.ts';
import { isWaiting } from './outgoing.ts';
import type { Parts } from './parts.ts';
import type { OutgoingRow } from './rows.ts';

const DELAYED_AFTER_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
/** Looked at least this often while something waits, since the setting may change. */
const LOOK_EVERY_MS = 10 * 60_000;

interface Waiting {
  /** Wall clock, so that time asleep and time switched off count. */
  since: number;
  delayed: boolean;
  /** Unknown ones are not given up: their person decides. */
  canExpire: boolean;
}

/** Messages that wait, each until it left or was given up. Set-back clocks lengthen nothing. */
export interface Deadlines {
  /** Takes the message in, or out, as its row says. */
  note(row: OutgoingRow): void;
  forget(id: MessageId): void;
  check(): void;
  stop(): void;
}

/** Ten minutes bring the notice, the hours of the settings the end: `message.expired`. */
export function createDeadlines(parts: Parts): Deadlines {
  const { clock, ledger, messages } = parts;
  const waiting = new Map<MessageId, Waiting>();
  let timer: Cancel | null = null;
  let timerAt = Number.POSITIVE_INFINITY;
  let stopped = false;

  const giveUpMs = (): number => parts.options.settings().giveUpHours * HOUR_MS;

  /** Ms until something is due for it; null = nothing more. */
  const dueIn = (entry: Waiting): number | null => {
    // A clock that was set back must not make it wait for ever.
    const now = clock.now();
    entry.since = Math.min(entry.since, now);
    const notice = entry.delayed ? Number.POSITIVE_INFINITY : DELAYED_AFTER_MS;
    const end = entry.canExpire ? giveUpMs() : Number.POSITIVE_INFINITY;
    const mark = Math.min(notice, end);
    if (mark === Number.POSITIVE_INFINITY) return null;
    return Math.max(0, mark - (now - entry.since));
  };

  const arm = (): void => {
    if (stopped) return;
    let soonest = Number.POSITIVE_INFINITY;
    for (const entry of waiting.values()) soonest = Math.min(soonest, dueIn(entry) ?? Infinity);
    timer?.();
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    if (soonest === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(soonest, 1_000), LOOK_EVERY_MS);
    timerAt = clock.monotonic() + wait;
    timer = clock.after(wait, check);
  };

  const act = async (id: MessageId, expire: boolean): Promise<void> => {
    await ledger.write((tx) => {
      let row = messages.outgoing(id);
      if (!row || !isWaiting(row.state)) return;
      if (row.delayed === 0) row = tx.amend(row, { delayed: true });
      if (!expire || row.state !== 'queued') return;
      const error = appError(
        'message.expired',
        `It waited ${parts.options.settings().giveUpHours} hours, which is the limit in Settings.`,
      );
      const failed = tx.move(row, 'expired', { error });
      if (failed) tellProblem(parts, tx, failed, error);
    });
  };

  function check(): void {
    if (stopped) return;
    const limit = giveUpMs();
    for (const [id, entry] of waiting) {
      if (dueIn(entry) !== 0) continue;
      entry.delayed = true;
      const expire = entry.canExpire && clock.now() - entry.since >= limit;
      act(id, expire).catch((error) => parts.options.log(`a deadline was not stored: ${error}`));
    }
    arm();
  }

  return {
    note: (row) => {
      if (!isWaiting(row.state)) {
        waiting.delete(row.id);
        return;
      }
      const entry: Waiting = {
        since: row.queued_at ?? row.at,
        delayed: row.delayed === 1,
        canExpire: row.state === 'queued',
      };
      waiting.set(row.id, entry);
      const due = dueIn(entry);
      if (due !== null && clock.monotonic() + Math.max(due, 1_000) < timerAt) arm();
    },
    forget: (id) => waiting.delete(id),
    check,
    stop: () => {
      stopped = true;
      timer?.();
    },
  };
}
