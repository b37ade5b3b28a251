/** Whether a task is let through without the person. Pure: what is known at that moment decides. */
import { type AppError, appError, type PeerPolicy } from '../../contract/index.ts';

/** What of a task, of the day and of the moment counts. */
export interface Facts {
  /** Ms since the epoch. */
  readonly now: number;
  readonly hops: number;
  readonly turns: number;
  /** Of today. */
  readonly tasks: number;
  readonly busyMs: number;
}

/** `held` = why it waits although the policy lets work through; null = it simply waits. */
export type Verdict =
  | { readonly kind: 'ask'; readonly held: AppError | null }
  | { readonly kind: 'auto'; readonly agentId: string }
  | { readonly kind: 'block' };

const MINUTE_MS = 60_000;

/** `22:00`, from minutes since midnight. */
const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Whether it is quiet, by this machine's own clock and zone. */
export function isQuiet({ quiet }: Pick<PeerPolicy, 'quiet'>, now: number): boolean {
  if (quiet === null) return false;
  const date = new Date(now);
  const minute = date.getHours() * 60 + date.getMinutes();
  const { from, to } = quiet;
  if (from === to) return true;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** The local day, `2026-11-21`: budgets begin anew at midnight. */
export function dayOf(now: number): string {
  const date = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What of a run belongs to today, ms. */
export function busyToday(startedAt: number, now: number): number {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return Math.max(0, now - Math.max(startedAt, midnight));
}

/** Judges a task that has just come. */
export function judge(policy: PeerPolicy, facts: Facts): Verdict {
  const { mode, quiet } = policy;
  if (mode === 'block') return { kind: 'block' };
  if (mode === 'ask') return { kind: 'ask', held: null };
  const hold = (held: AppError): Verdict => ({ kind: 'ask', held });
  if (quiet !== null && isQuiet(policy, facts.now)) {
    const hours =
      quiet.from === quiet.to
        ? 'all day'
        : `from ${clockText(quiet.from)} to ${clockText(quiet.to)}`;
    return hold(appError('policy.quiet', `It is quiet here ${hours}.`));
  }
  if (facts.hops > policy.hopLimit) {
    const through = `It came through ${facts.hops} gateways before this one`;
    return hold(appError('policy.hops', `${through}; ${policy.hopLimit} are let through.`));
  }
  if (facts.turns >= policy.replyBudget) {
    const written = `No person wrote the last ${facts.turns} messages`;
    return hold(appError('policy.replies', `${written}; the budget is ${policy.replyBudget}.`));
  }
  if (facts.tasks >= policy.tasksPerDay) {
    return hold(appError('policy.tasks_used', `All ${policy.tasksPerDay} of today were used.`));
  }
  if (facts.busyMs >= policy.minutesPerDay * MINUTE_MS) {
    return hold(appError('policy.minutes_used', `All ${policy.minutesPerDay} of today were used.`));
  }
  const [agentId] = policy.agents;
  return agentId === undefined
    ? hold(appError('policy.no_agent', 'Its policy names no agent.'))
    : { kind: 'auto', agentId };
}
