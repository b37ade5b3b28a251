/** Following a request until every recipient is final, the time is up, or the app is gone. */
import type { RequestDelivery, RequestView } from '../../electron/contract/index.ts';
import type { Door } from '../door.ts';
import { Ending, EXIT, type ExitCode, exitOf, isEnding } from '../exits.ts';

/** The longest that one call waits, ms; as MAX_FOLLOW_MS of the contract. */
const WAIT_MS = 50_000;

export interface Followed {
  readonly request: RequestView;
  readonly deliveries: readonly RequestDelivery[];
  readonly why: 'final' | 'time';
  /** Those that `final` was not told of. */
  readonly unprinted: readonly RequestDelivery[];
}

export interface FollowOptions {
  /** Ms since the epoch. */
  readonly until: number;
  readonly now: () => number;
  readonly progress: (text: string) => void;
  /** Hears of each recipient once, when nothing more will come of it. */
  readonly final?: (one: RequestDelivery) => void;
}

/** Follows. @throws Ending not running, with what is known */
export async function follow(
  door: Door,
  request: RequestView,
  options: FollowOptions,
): Promise<Followed> {
  const { until, now, progress } = options;
  const told = new Set<string>();
  let last: { request: RequestView; deliveries: readonly RequestDelivery[] } = {
    request,
    deliveries: [],
  };
  let seen = '';
  try {
    for (;;) {
      const waitMs = Math.max(0, Math.min(WAIT_MS, until - now()));
      const answer = await door.call('door.follow', { requestId: request.id, seen, waitMs });
      last = answer;
      seen = answer.seen;
      for (const one of answer.deliveries) {
        if (!options.final || !one.final || told.has(one.peerId)) continue;
        told.add(one.peerId);
        const [whole = one] = await wholeAnswers(door, [one]);
        options.final(whole);
      }
      progress(answer.final ? '' : words(answer));
      const over = answer.final || now() >= until;
      if (!over) continue;
      progress('');
      const unprinted = answer.deliveries.filter((one) => !told.has(one.peerId));
      return { ...last, why: answer.final ? 'final' : 'time', unprinted };
    }
  } catch (error) {
    progress('');
    if (!isEnding(error) || error.exit !== EXIT.notRunning) throw error;
    throw gone(last.request, last.deliveries);
  }
}

/** The app went away while we waited: what was known of it. */
function gone(request: RequestView, deliveries: readonly RequestDelivery[]): Ending {
  const stored = deliveries.filter((one) => one.messageId !== null);
  const known = stored
    .map((one) => `${one.peer}: ${one.answer ? 'an answer had begun' : (one.state ?? 'queued')}`)
    .join('; ');
  const words =
    stored.length > 0 || request.state === 'done'
      ? `Peerage stopped while this waited. Nothing is lost: the message is stored and goes on when it runs again (${known || 'queued'}).`
      : 'Peerage stopped while this waited for the person. The request is stored, and waits on when it runs again.';
  return new Ending(EXIT.notRunning, 'app.connection_lost', words, {
    request: request.id,
    state: request.state,
    recipients: deliveries.map(deliveryJson),
  });
}

function words({
  request,
  deliveries,
}: {
  request: RequestView;
  deliveries: readonly RequestDelivery[];
}) {
  if (request.state === 'waiting') return 'Waiting for the person to approve it…';
  const open = deliveries.filter((one) => !one.final);
  const [first] = open;
  if (open.length > 1) return `Waiting for ${open.length} of ${deliveries.length}…`;
  return first ? `${first.peer}: ${first.answer ? 'answering' : (first.state ?? 'queued')}…` : '';
}

/** Answers that a view cut are read to their end. */
export async function wholeAnswers(
  door: Door,
  deliveries: readonly RequestDelivery[],
): Promise<RequestDelivery[]> {
  return Promise.all(
    deliveries.map(async (one) => {
      if (!one.answer?.truncated) return one;
      const { messageId } = one.answer;
      let { text } = one.answer;
      let offset: number | null = text.length;
      while (offset !== null) {
        const piece: { text: string; nextOffset: number | null } = await door.call('message.body', {
          messageId,
          offset,
        });
        text += piece.text;
        offset = piece.nextOffset;
      }
      return { ...one, answer: { ...one.answer, text, truncated: false } };
    }),
  );
}

/** One recipient, as `--json` shows it. */
export const deliveryJson = (one: RequestDelivery) => ({
  peerId: one.peerId,
  peer: one.peer,
  threadId: one.threadId,
  messageId: one.messageId,
  state: one.state,
  answer: one.answer && {
    messageId: one.answer.messageId,
    state: one.answer.state,
    author: one.answer.author,
    text: one.answer.text,
    at: new Date(one.answer.at).toISOString(),
  },
  error: one.error && {
    code: one.error.code,
    title: one.error.title,
    detail: one.error.detail,
  },
  final: one.final,
});

/** What one recipient means for the exit code. */
export function deliveryExit(one: RequestDelivery): ExitCode {
  if (one.answer?.state === 'complete') return EXIT.done;
  if (one.error) return exitOf(one.error);
  if (one.state === 'cancelled') return EXIT.declined;
  // No link could carry it: a program of the person's has it.
  if (one.state === 'handed') return EXIT.unreachable;
  if (one.state === 'failed' || one.messageId === null) return EXIT.failed;
  return one.final ? EXIT.failed : EXIT.timedOut;
}

/** What a request that was not sent means for the exit code. */
export function requestExit(request: RequestView): ExitCode {
  switch (request.state) {
    case 'done':
    case 'sending':
      return EXIT.done;
    case 'waiting':
      return EXIT.timedOut;
    case 'denied':
      return EXIT.declined;
    case 'refused':
      return EXIT.refused;
    case 'expired':
      return EXIT.timedOut;
    case 'failed':
      return request.error ? exitOf(request.error) : EXIT.failed;
  }
}
