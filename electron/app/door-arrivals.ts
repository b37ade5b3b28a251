/** What came in, for an agent: incoming messages and work, each once it can be read whole. */
import * as z from 'zod';
import {
  type ArrivalView,
  codedError,
  type DelegationView,
  type IncomingMessageView,
  type MessageId,
  type MessageView,
  type PeerId,
  type ThreadId,
} from '../contract/index.ts';

/** A place in what came in. Text that is still coming is remembered by its place until it is whole. */
const Mark = z.object({
  place: z.number().int(),
  open: z.array(z.number().int()).max(200),
  changedAt: z.number(),
  /** Work that changed in that very millisecond and was told. */
  told: z.array(z.string()).max(200),
});
type Mark = z.infer<typeof Mark>;

const START: Mark = { place: 0, open: [], changedAt: 0, told: [] };
const MAX_OPEN = 100;

/** Where what came in is read. A `place` grows from message to message. */
export interface ArrivalSources {
  incomingAfter(place: number, limit: number): readonly { place: number; message: MessageView }[];
  newestIncoming(limit: number): readonly { place: number; message: MessageView }[];
  /** The newest work, open or over. */
  work(): readonly DelegationView[];
  message(id: MessageId): MessageView | null;
  peerOf(threadId: ThreadId): { readonly peerId: PeerId; readonly name: string } | null;
}

/** One page for an agent. `mark` goes into its next question; `more` = ask again at once. */
export interface Arrivals {
  readonly arrivals: ArrivalView[];
  readonly mark: string;
  readonly more: boolean;
}

/** @throws CodedError agent.mark_unknown */
export function readMark(text: string): Mark {
  try {
    return Mark.parse(JSON.parse(text));
  } catch {
    throw codedError('agent.mark_unknown', '');
  }
}

const isComing = (message: IncomingMessageView): boolean =>
  message.state === 'streaming' || message.state === 'waiting_approval';

/** What came in after a mark; null = the newest of it. */
export function arrivalsAfter(
  sources: ArrivalSources,
  after: string | null,
  limit: number,
): Arrivals {
  const from = after === null ? null : readMark(after);
  const earlier = (from?.open ?? []).flatMap((place) => sources.incomingAfter(place - 1, 1));
  const found = from ? sources.incomingAfter(from.place, limit) : sources.newestIncoming(limit);
  const open: number[] = [];
  const shown: ArrivalView[] = [];
  for (const { place, message } of [...earlier, ...found]) {
    if (message.direction !== 'in') continue;
    if (isComing(message)) open.push(place);
    else shown.push(...messageArrival(sources, message));
  }
  const last = found.at(-1)?.place ?? from?.place ?? 0;
  const { work, mark } = workAfter(sources.work(), from ?? START, from === null ? limit : 200);
  const arrivals = [...shown, ...work].sort((a, b) => a.at - b.at);
  return {
    arrivals,
    mark: JSON.stringify({ ...mark, place: last, open: open.slice(-MAX_OPEN) }),
    more: from !== null && found.length === limit,
  };
}

function messageArrival(sources: ArrivalSources, message: IncomingMessageView): ArrivalView[] {
  const peer = sources.peerOf(message.threadId);
  if (!peer) return [];
  const asked = message.replyTo && sources.message(message.replyTo);
  return [
    {
      type: message.replyTo === null ? 'message' : 'answer',
      id: message.id,
      at: message.at,
      peerId: peer.peerId,
      peer: peer.name,
      threadId: message.threadId,
      replyTo: message.replyTo,
      askedBy: asked && asked.direction === 'out' ? (asked.askedBy ?? null) : null,
      state: message.state,
      author: message.author,
      text: message.body,
      truncated: message.truncated,
    },
  ];
}

function workAfter(all: readonly DelegationView[], from: Mark, limit: number) {
  const told = new Set(from.told);
  const changed = all
    .filter(
      (one) =>
        one.changedAt > from.changedAt || (one.changedAt === from.changedAt && !told.has(one.id)),
    )
    .sort((a, b) => a.changedAt - b.changedAt)
    .slice(-limit);
  const newest = changed.at(-1)?.changedAt ?? from.changedAt;
  const ids = changed.filter((one) => one.changedAt === newest).map((one) => one.id);
  const mark = {
    changedAt: newest,
    told: (newest === from.changedAt ? [...from.told, ...ids] : ids).slice(-50),
  };
  return { work: changed.map(workArrival), mark };
}

const workArrival = (work: DelegationView): ArrivalView => ({
  type: 'work',
  id: work.id,
  at: work.changedAt,
  peerId: work.peerId,
  peer: work.caller,
  state: work.state,
  topic: work.topic,
  text: work.text,
  truncated: Buffer.byteLength(work.text) < work.textBytes,
  priority: work.priority,
  deadlineAt: work.deadlineAt,
  agentId: work.agentId,
  question: work.question,
});
