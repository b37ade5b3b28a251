/**
 * The morning status that goes out by itself: what the board knows, and what the person wrote once, to
 * chosen peers at a time of day. It goes at most once a day and peer: that it went is written down in
 * the same commit as the message itself. Asleep or off at that time, it goes as soon as the app is
 * there again on the same day; of a day that passed without it the person is told.
 */
import * as z from 'zod';
import type { Cancel, Clock } from '../clock/clock.ts';
import {
  type CallerContext,
  type CallHandlers,
  CodedError,
  MorningStatus,
  ok,
  type PeerId,
  type ThreadId,
} from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { AppState } from './app-state.ts';
import {
  DAY_MS,
  dayOf,
  momentOn,
  momentText,
  nextDue,
  passedDues,
  statusText,
} from './morning-text.ts';

const SCHEDULE = 'morning_status';
const PROGRESS = 'morning_status_progress';
const THREADS = 'morning_status_threads';
/** Since when the schedule stands, ms since the epoch. */
const SINCE = 'morning_status_since';
const MISSED = 'morning_status_missed';
/** The clock may be set, so nobody sleeps longer than this, ms. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** A clock that was set back by less than this has shown the later day before. */
const SET_BACK_MS = 2 * DAY_MS;

const Progress = z.object({
  /** Local date of the last one, `2026-11-21`. */
  day: z.string(),
  at: z.number(),
  sent: z.array(z.string()),
  failed: z.array(z.object({ peerId: z.string(), why: z.string() })),
  /** When it was due that day; the schedule may be another since. */
  due: z.number().optional(),
});
type Progress = z.infer<typeof Progress>;

/** Days that passed without one since the last that went. */
const Missed = z.object({ at: z.number(), count: z.number().int() });

/** What composing and sending the status needs; its schedule lies in `state`. */
export interface MorningStatusOptions {
  readonly clock: Clock;
  readonly state: AppState;
  readonly peers: Pick<PeerBook, 'peer'>;
  readonly conversations: Pick<Conversations, 'handlers' | 'outgoing' | 'threadView'>;
  readonly notifications: Pick<Notifications, 'offer'>;
  readonly log: (line: string) => void;
}

/** The calls of the status page, and the clock behind them: it sends between start and stop. */
export interface MorningStatusKeeper {
  readonly handlers: Pick<CallHandlers, 'status.schedule' | 'status.preview' | 'status.set'>;
  start(): void;
  stop(): void;
}

/** Builds the keeper; nothing goes before {@link MorningStatusKeeper.start}. */
export function createMorningStatus(options: MorningStatusOptions): MorningStatusKeeper {
  const { clock, state, peers, conversations, log } = options;
  const ended = new AbortController();
  let timer: Cancel | null = null;
  let unwake: Cancel = () => undefined;
  let busy = false;

  const schedule = (): MorningStatus | null => state.get(SCHEDULE, MorningStatus);
  const progress = (): Progress | null => state.get(PROGRESS, Progress);
  const context: CallerContext = {
    door: 'window',
    connectionId: 'morning-status',
    signal: ended.signal,
  };

  const textFor = (of: MorningStatus, peerId: PeerId): string => {
    const filter = { search: '', priority: null, dueBefore: null, before: null, limit: 200 };
    const work = conversations.outgoing.page({ which: 'all', peerId, ...filter });
    return statusText(of, peerId, work, progress()?.at ?? clock.now() - DAY_MS);
  };

  /** The thread in which a peer's statuses stand, made where it is gone. */
  const threadFor = async (of: MorningStatus, peerId: PeerId): Promise<ThreadId> => {
    const known = state.get(THREADS, z.record(z.string(), z.string())) ?? {};
    const kept = known[peerId] as ThreadId | undefined;
    if (kept !== undefined && conversations.threadView(kept)) return kept;
    const input = { peerId, linkId: null, title: of.topic, agentId: null };
    const made = await conversations.handlers['thread.create'](input, context);
    if (!made.ok) throw new CodedError(made.error);
    await state.set(THREADS, { ...known, [peerId]: made.value.threadId });
    return made.value.threadId;
  };

  /** The message and the note that it went share one commit: both writes begin in the same turn. */
  const sendTo = async (of: MorningStatus, peerId: PeerId, now: Progress): Promise<Progress> => {
    const text = textFor(of, peerId);
    const threadId = await threadFor(of, peerId);
    const next = { ...now, sent: [...now.sent, peerId] };
    const input = { threadId, text, kind: 'status' as const, attachmentIds: [] };
    const sending = Promise.resolve(conversations.handlers['message.send'](input, context));
    const noting = state.set(PROGRESS, next);
    const [sent] = await Promise.allSettled([sending, noting]);
    if (sent.status === 'fulfilled' && sent.value.ok) return next;
    const error = sent.status === 'fulfilled' ? sent.value : sent.reason;
    const why = error instanceof CodedError ? error.error.title : 'It could not be queued.';
    const failed = { ...next, failed: [...now.failed, { peerId, why }] };
    await state.set(PROGRESS, failed);
    return failed;
  };

  /** Days that passed without one: noted, and told once. */
  const noteMissed = async (of: MorningStatus, now: number): Promise<void> => {
    if (!of.peerIds.some((id) => peers.peer(id))) return;
    // A schedule of before this was kept tells by its progress.
    const done = progress();
    const last = Math.max(done?.at ?? 0, state.get(SINCE, z.number()) ?? 0);
    const known = state.get(MISSED, Missed);
    const from = Math.max(last, known?.at ?? 0);
    if (from === 0 || from > now) return;
    // A day that had its status comes a second time to a machine that travels west.
    const passed = passedDues(of, from, now).filter((due) => dayOf(due) > (done?.day ?? ''));
    const at = passed.at(-1);
    if (at === undefined) return;
    const before = known && known.at > last ? known.count : 0;
    await state.set(MISSED, { at, count: before + passed.length });
    const days = passed.length === 1 ? '' : `, and ${passed.length - 1} more before it`;
    options.notifications.offer({
      kind: 'problem',
      subject: 'morning-status:missed',
      title: 'A morning status did not go',
      text: `It was due at ${momentText(at)}${days}. Peerage was not running then, or the computer slept.`,
      peerId: null,
      threadId: null,
      messageId: null,
      muted: false,
      actions: [],
    });
  };

  const goTo = async (of: MorningStatus, now: number): Promise<void> => {
    const due = momentOn(now, of.at);
    const day = dayOf(now);
    if (now < due || !of.weekdays.includes(new Date(now).getDay())) return;
    // Set after today's time: the first one goes the next time. A clock that was set back tells nothing.
    const since = state.get(SINCE, z.number()) ?? 0;
    if (since > due && since <= now) return;
    const before = progress();
    // The clock was set back, or the machine travelled west: this day had its status.
    if (before && before.day > day && before.at - now < SET_BACK_MS) return;
    let at = before?.day === day ? before : { day, at: now, due, sent: [], failed: [] };
    for (const peerId of of.peerIds) {
      if (at.sent.includes(peerId) || !peers.peer(peerId) || ended.signal.aborted) continue;
      at = await sendTo(of, peerId, at);
    }
  };

  const run = async (): Promise<void> => {
    const of = schedule();
    if (!of || busy || ended.signal.aborted) return;
    busy = true;
    try {
      const now = clock.now();
      await noteMissed(of, now);
      await goTo(of, now);
    } finally {
      busy = false;
    }
  };

  const arm = (): void => {
    timer?.();
    timer = null;
    const of = schedule();
    if (!of || ended.signal.aborted) return;
    const wait = Math.min(nextDue(of, clock.now()) - clock.now(), LONGEST_WAIT_MS);
    timer = clock.after(Math.max(wait, 1_000), look);
  };

  function look(): void {
    run()
      .catch((error: unknown) => log(`morning status: ${String(error)}`))
      .finally(arm);
  }

  return {
    start: () => {
      unwake = clock.onWake(look);
      look();
    },
    stop: () => {
      ended.abort();
      timer?.();
      unwake();
    },
    handlers: {
      'status.schedule': () => {
        const of = schedule();
        const last = progress();
        const missed = state.get(MISSED, Missed);
        return ok({
          schedule: of,
          nextAt: of ? nextDue(of, clock.now()) : null,
          lastAt: last?.at ?? null,
          lastDueAt: last?.due ?? null,
          missed: missed && missed.at > (last?.at ?? 0) ? missed : null,
          failed: (last?.failed ?? []).map(({ peerId, why }) => ({
            name: peers.peer(peerId as PeerId)?.name ?? 'A removed peer',
            why,
          })),
        });
      },
      'status.preview': (of) =>
        ok({
          previews: of.peerIds.flatMap((peerId) => {
            const peer = peers.peer(peerId);
            return peer ? [{ peerId, name: peer.name, text: textFor(of, peerId) }] : [];
          }),
        }),
      'status.set': async ({ schedule: of }) => {
        await Promise.all([state.set(SCHEDULE, of), state.set(SINCE, clock.now())]);
        arm();
        return ok({});
      },
    },
  };
}
