/** What a person reads of a request: one unbroken block for each recipient. */
import type { AskPlan, RequestDelivery, RequestView } from '../../electron/contract/index.ts';
import { painted, plain, plainLine } from '../terminal.ts';
import type { Shell } from './command.ts';

/**
 * One recipient. `among`: it is one of several; its text is then indented, so that no answer can look
 * like the block of another peer.
 */
export function block(shell: Shell, one: RequestDelivery, among: boolean): string {
  const ok = one.answer?.state === 'complete';
  const state = one.answer?.state ?? one.state ?? (one.final ? 'not sent' : 'waits for the person');
  const head = painted(
    shell.terminal,
    ok ? 'green' : 'yellow',
    `${plainLine(one.peer)}: ${state.replaceAll('_', ' ')}`,
  );
  const text = [
    ...(one.answer ? plain(one.answer.text).trimEnd().split('\n') : []),
    ...(one.error ? [errorLine(one.error)] : []),
  ];
  return [head, ...text.map((line) => (among ? `  ${line}` : line))].join('\n');
}

/** What happened and why; the person's own words where it was a no. */
const errorLine = ({ title, code, detail }: NonNullable<RequestDelivery['error']>): string =>
  [`${plainLine(title)} (${code}).`, plainLine(detail)].join(' ').trim();

/** One that a broadcast leaves out. */
export const leftOutBlock = (shell: Shell, one: AskPlan['leftOut'][number]): string =>
  `${painted(shell.terminal, 'yellow', `${plainLine(one.name)}: left out`)}\n  ${plainLine(one.why)}`;

/** What was asked for, without waiting for what comes of it. */
export function queuedLine(request: RequestView): string {
  if (request.state === 'waiting') {
    return `The person is asked first (request ${request.id}). What comes of it is in the inbox; --wait waits for it.`;
  }
  const [first] = request.recipients;
  return `Queued for ${plainLine(first?.name ?? '')}: ${first?.messageId ?? request.id}`;
}
