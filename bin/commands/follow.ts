/** Following a request until every recipient is final, the time is up, or the app is gone. */
import type { RequestDelivery, RequestView } from '../../electron/contract/index.ts';
import type { Door } from '../door.ts';
import {
  Ending,
  EXIT,
  type ExitCode,
  exitOf,
  type Failure,
  failureOf,
  isEnding,
} from '../exits.ts';

/** The longest that one call waits, ms; as MAX_FOLLOW_MS of the contract. */
const WAIT_MS = 50_000;

/** How things stood when the wait ended: every recipient `final`, or the `time` was up. */
export interface Followed {
  readonly request: RequestView;
  readonly deliveries: readonly RequestDelivery[];
  readonly why: 'final' | 'time';
  /** Those that `final` was not told of. */
  readonly unprinted: readonly RequestDelivery[];
}

/** How long to follow, and who hears of it meanwhile. */
export interface FollowOptions {
  /** Ms since the epoch. */
  readonly until: number;
  readonly now: () => number;
  readonly progress: (text: string) => void;
  readonly onInterrupt: (hear: () => void) => () => void;
  /** Where it is said what is so when somebody waits no longer. */
  readonly err: (text: string) => void;
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
  const hearsNoMore = options.onInterrupt(() => options.err(noLonger(last.request)));
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
  } finally {
    hearsNoMore();
  }
}

const noLonger = ({ state }: RequestView): string =>
  state === 'waiting'
    ? 'No longer waited for. The person is asked all the same; what comes of it comes into the inbox.'
    : 'No longer waited for. What was sent stays sent; the answer comes into the inbox.';

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

/** What its end means for the exit code. */
export function followedExit({ request, deliveries, why }: Followed): ExitCode {
  if (why === 'time') return EXIT.timedOut;
  if (request.state !== 'done') return requestExit(request);
  const exits = deliveries.map(deliveryExit);
  return exits.find((exit) => exit !== EXIT.done) ?? EXIT.done;
}

const NOT_DECIDED = 'The person has not decided yet; it goes once they approve it.';

/** What is so where the time was up. */
export function lateWords({ request, deliveries }: Followed): string {
  if (request.state === 'waiting') return NOT_DECIDED;
  const open = deliveries.filter((one) => !one.final);
  return open.every((one) => one.state === 'queued')
    ? 'Not reached yet: it stays queued, and goes by itself. Do not send it again.'
    : 'Not all is answered yet; what was sent stays sent.';
}

/** Why it did not come to what was asked for; undefined where it did. */
export function followedFailure(followed: Followed): Failure | undefined {
  const { request, deliveries, why } = followed;
  if (followedExit(followed) === EXIT.done) return undefined;
  if (why === 'time') {
    const code = request.state === 'waiting' ? 'agent.not_decided' : 'answer.not_in_time';
    const later = 'What comes of it comes into the inbox.';
    return { code, message: `${lateWords(followed)} ${later}` };
  }
  if (request.error) return failureOf(request.error);
  const missed = deliveries.filter((one) => deliveryExit(one) !== EXIT.done);
  const [first] = missed;
  if (!first) return requestFailure(request);
  const told = first.error
    ? failureOf(first.error)
    : {
        code: 'message.not_answered',
        message: `It is ${(first.answer?.state ?? first.state ?? request.state).replaceAll('_', ' ')}.`,
      };
  return deliveries.length === 1
    ? told
    : {
        code: told.code,
        message: `${missed.length} of ${deliveries.length} did not answer. ${first.peer}: ${told.message}`,
      };
}

/** Why a request was not sent, where the app gives no error with it. */
export function requestFailure({ state, decision }: RequestView): Failure {
  const reason = decision?.reason ? `: ${decision.reason.replace(/\.$/, '')}` : '';
  if (state === 'waiting') return { code: 'agent.not_decided', message: NOT_DECIDED };
  const words =
    state === 'denied'
      ? `The person said no${reason}. Ask the person before you try it again.`
      : `It is ${state}${reason}. Nothing was sent.`;
  return { code: `agent.${state}`, message: words };
}
