/** What the person sees of a request beside its text and its recipients. */
import type { Described } from '../agents/index.ts';
import type { DelegateAsk, RequestView, RespondAsk, SendAsk } from '../contract/index.ts';

/** The kind of the message that it becomes. */
export function kindOf(ask: SendAsk | DelegateAsk | RespondAsk): Described['kind'] {
  if (ask.verb === 'send') return ask.kind;
  return ask.verb === 'delegate' ? 'delegation' : 'feedback';
}

/** What else the person should see of it. */
export function factsOf(ask: SendAsk | DelegateAsk | RespondAsk): RequestView['facts'] {
  const fact = (label: string, value: string | null | undefined) =>
    value ? [{ label, value }] : [];
  if (ask.verb === 'respond') return fact('Status', ask.status);
  const there = fact('Agent there', ask.agentId);
  if (ask.verb === 'send') return [...fact('Thread', ask.thread), ...there];
  const { priority, deadlineAt, context, expected, expertise } = ask;
  return [
    ...fact('Priority', priority === 'normal' ? null : priority),
    ...fact('Deadline', deadlineAt === undefined ? null : utcMinute(deadlineAt)),
    ...fact('Context', context),
    ...fact('Expected', expected),
    ...fact('Expertise', expertise),
    ...there,
  ];
}

/** `2026-12-24 18:00 UTC`: the window and the notification of another zone say the same. */
const utcMinute = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The topic of work that was given none: its first words, in one line. */
export const firstWords = (text: string): string =>
  [...text.replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ').trim()].slice(0, 60).join('');
