/**
 * The morning status that goes out by itself: what the board knows, and what the person wrote once, to
 * chosen peers at a time of day. It goes at most once a day and peer: that it went is written down in
 * the same commit as the message itself. Asleep or off at that time, it goes as soon as the app is
 * there again on the same day.
 */
import * as z from 'zod';
import type { Cancel, Clock } from '../clock/clock.ts';
import {
  type CallerContext,
  type CallHandlers,
  CodedError,
  MorningStatus,
  type OutgoingDelegationView,
  ok,
  type PeerId,
  type ThreadId,
  writeForm,
} from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { AppState } from './app-state.ts';

const SCHEDULE = 'morning_status';
const PROGRESS = 'morning_status_progress';
const THREADS = 'morning_status_threads';
/** The clock may be set, so nobody sleeps longer than this, ms. */
const LONGEST_WAIT_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Topics of one field. */
const NAMED = 8;

const Progress = z.object({
  /** Local date of the last one, `2026-11-21`. */
  day: z.string(),
  at: z.number(),
  sent: z.array(z.string()),
  failed: z.array(z.object({ peerId: z.string(), why: z.string() })),
});
type Progress = z.infer<typeof Progress>;

export interface MorningStatusOptions {
  readonly clock: Clock;
  readonly state: AppState;
  readonly peers: Pick<PeerBook, 'peer'>;
  readonly conversations: Pick<Conversations, 'handlers' | 'outgoing' | 'threadView'>;
  readonly log: (line: string) => void;
}

export interface MorningStatusKeeper {
  readonly handlers: Pick<CallHandlers, 'status.schedule' | 'status.preview' | 'status.set'>;
  start(): void;
  stop(): void;
}

const two = (value: number): string => String(value).padStart(2, '0');
const dayOf = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
const momentOn = (at: number, minutes: number): number =>
  new Date(at).setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);

/** When the next one is due after `now`, ms since the epoch; local time, so a change of the clocks is followed. */
export function nextDue(schedule: Pick<MorningStatus, 'at' | 'weekdays'>, now: number): number {
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = new Date(now);
    date.setDate(date.getDate() + ahead);
    const due = momentOn(date.getTime(), schedule.at);
    if (due > now && schedule.weekdays.includes(new Date(due).getDay())) return due;
  }
  return now + DAY_MS;
}

/** What a peer is told, from the board and from what the person wrote. */
export function statusText(
  schedule: MorningStatus,
  peerId: PeerId,
  work: readonly OutgoingDelegationView[],
  since: number,
): string {
  const theirs = work.filter((one) => one.peerId === peerId);
  const list = (all: readonly OutgoingDelegationView[]): string[] =>
    all.slice(0, NAMED).map((one) => `- ${one.topic}`);
  const done = theirs.filter((one) => one.state === 'completed' && one.changedAt > since);
  const stuck = theirs.filter((one) => one.state === 'failed' && one.changedAt > since);
  const going = theirs.filter((one) => ['proposed', 'accepted', 'in_progress'].includes(one.state));
  return writeForm({
    kind: 'status',
    topic: schedule.topic,
    fields: {
      done: list(done).join('\n'),
      blockers: list(stuck).join('\n'),
      focus: schedule.focus,
      need: [schedule.need.trim(), ...list(going)].filter((one) => one !== '').join('\n'),
    },
  });
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

  const run = async (): Promise<void> => {
    const of = schedule();
    if (!of || busy || ended.signal.aborted) return;
    const now = clock.now();
    const due = momentOn(now, of.at);
    const day = dayOf(now);
    if (now < due || !of.weekdays.includes(new Date(now).getDay())) return;
    const before = progress();
    let at = before?.day === day ? before : { day, at: now, sent: [], failed: [] };
    busy = true;
    try {
      for (const peerId of of.peerIds) {
        if (at.sent.includes(peerId) || !peers.peer(peerId) || ended.signal.aborted) continue;
        at = await sendTo(of, peerId, at);
      }
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
        return ok({
          schedule: of,
          nextAt: of ? nextDue(of, clock.now()) : null,
          lastAt: last?.at ?? null,
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
        await state.set(SCHEDULE, of);
        // Today's time is over already: the first one goes the next time.
        const now = clock.now();
        if (of && now >= momentOn(now, of.at) && progress()?.day !== dayOf(now)) {
          await state.set(PROGRESS, { day: dayOf(now), at: now, sent: of.peerIds, failed: [] });
        }
        arm();
        return ok({});
      },
    },
  };
}
