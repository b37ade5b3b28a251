import {
  codedError,
  type DelegationId,
  type DelegationOrder,
  isOver,
  type LinkId,
  type MessageId,
  type OutgoingDelegationView,
  ok,
  type PeerId,
  stateSentence,
  type ThreadId,
  writeForm,
  writeMoment,
} from '../../contract/index.ts';
import { oneLine } from '../excerpt.ts';
import type { HandlersOf } from '../handlers.ts';
import type { Parts } from '../parts.ts';
import type { Sending } from '../sending.ts';
import type { Stops } from '../stops.ts';
import type { OutgoingFilter, OutgoingTable, WholeRow } from './table.ts';
import { outgoingView as viewOf } from './views.ts';

/** Gateways have no states of work: what an agent begins its answer with says them. */
const HOW_TO_ANSWER =
  'begin with a line "Status: completed", "Status: in_progress" or "Status: failed"';
/** What a window holds of what is open. */
const SNAPSHOT_LIMIT = 200;

/** What giving work away needs of threads, of sending and of stopping. */
export interface OutgoingCallOptions {
  readonly parts: Parts;
  readonly table: OutgoingTable;
  readonly sending: Sending;
  readonly newThread: HandlersOf<'thread'>['thread.create'];
  /** Stops work over there, or keeps that it is to be stopped. */
  readonly stops: Pick<Stops, 'ask' | 'ofWork'>;
}

/** Work that we gave to others, for calls and for what windows hold. */
export interface OutgoingDelegations {
  readonly handlers: HandlersOf<'outgoing'>;
  view(id: DelegationId): OutgoingDelegationView | null;
  /** What is open, newest first, at most 200. */
  open(): OutgoingDelegationView[];
  page(filter: OutgoingFilter): OutgoingDelegationView[];
}

/** The text that goes out: a form that any agent reads. */
export const orderText = (order: DelegationOrder, tagged: boolean): string =>
  writeForm({
    kind: 'delegation',
    topic: order.topic,
    fields: {
      priority: order.priority,
      task: order.task,
      context: order.context ?? '',
      deadline: order.deadlineAt === undefined ? '' : writeMoment(order.deadlineAt),
      expected: order.expected ?? '',
      expertise: order.expertise ?? '',
      answer: tagged ? HOW_TO_ANSWER : '',
    },
  });

/** Handlers of `outgoing.*`, and what the app reads of delegations of ours. */
export function outgoingDelegations(options: OutgoingCallOptions): OutgoingDelegations {
  const { parts, table, sending } = options;
  const { ledger, threads, messages } = parts;

  const whole = (id: DelegationId): WholeRow => {
    const row = table.whole.get(id);
    if (!row) throw codedError('outgoing.not_found', 'No delegation of ours has this id.');
    return row;
  };
  const outgoingView = (row: WholeRow): OutgoingDelegationView =>
    viewOf(parts, row, options.stops.ofWork(row.thread_id, row.id));
  const page = (filter: OutgoingFilter): OutgoingDelegationView[] =>
    table.page(filter).map(outgoingView);

  /** Where the gateway has no word for it, the agent is asked to say how the work stands. */
  const isTagged = (threadId: ThreadId | null, peerId: PeerId, wished: LinkId | null): boolean => {
    const thread = threadId && threads.byId(threadId);
    const linkId = parts.options.directory.linkFor({
      peerId,
      linkId: thread ? thread.link_id : wished,
    });
    return linkId !== null && parts.options.link(linkId)?.kind === 'gateway';
  };

  const end = async (id: DelegationId, state: 'completed' | 'failed' | 'cancelled') =>
    ledger.write((tx) => {
      const marked = parts.tracker.mark(id, state);
      if (!marked) throw codedError('outgoing.over', stateSentence(whole(id).state));
      tx.delegation(marked);
    });

  return {
    view: (id) => {
      const row = table.whole.get(id);
      return row ? outgoingView(row) : null;
    },
    open: () =>
      page({
        which: 'open',
        search: '',
        peerId: null,
        priority: null,
        dueBefore: null,
        before: null,
        limit: SNAPSHOT_LIMIT,
      }),
    page,
    handlers: {
      'outgoing.send': async (input, context) => {
        const { peerId, linkId = null, agentId = null, attachmentIds = [], anyway } = input;
        const given = input.threadId ?? null;
        if (given && threads.byId(given)?.peer_id !== peerId) {
          throw codedError('thread.not_found', 'No thread of this peer has this id.');
        }
        if (!given && attachmentIds.length > 0) {
          throw codedError('attachment.not_found', 'Files belong to a thread, and none is named.');
        }
        const text = orderText(input, isTagged(given, peerId, linkId));
        sending.check(text, anyway);
        const title = oneLine(input.topic, 120);
        const made =
          given === null
            ? await options.newThread({ peerId, linkId, title, agentId }, context)
            : ok({ threadId: given });
        if (!made.ok) return made;
        const { threadId } = made.value;
        const letter = { threadId, text, kind: 'delegation', attachmentIds, anyway } as const;
        const { asked } = context;
        const sent = await sending.queue({ ...letter, asked }, (id, at) => {
          parts.tracker.added(threadId);
          table.insert({
            id: id as string as DelegationId,
            thread_id: threadId,
            peer_id: peerId,
            topic: input.topic,
            task: input.task,
            context: input.context ?? '',
            expected: input.expected ?? '',
            priority: input.priority,
            deadline_at: input.deadlineAt ?? null,
            hops: input.hops ?? 0,
            state: 'proposed',
            state_from: 'delivery',
            current_message: id,
            question: null,
            answer_message: null,
            answer_at: null,
            error: null,
            sent_at: at,
            changed_at: at,
          });
        });
        const delegationId = sent.messageId as string as DelegationId;
        return ok({ delegationId, threadId, ...sent });
      },
      'outgoing.list': ({ which, peerId, search, before, limit }) => {
        const found = page({
          which,
          search: search ?? '',
          peerId: peerId ?? null,
          priority: null,
          dueBefore: null,
          before: before ?? null,
          limit: limit + 1,
        });
        return ok({ delegations: found.slice(0, limit), more: found.length > limit });
      },
      'outgoing.open': ({ delegationId }) => {
        const row = whole(delegationId);
        const body = (id: MessageId) => messages.body.get(id)?.body ?? '';
        return ok({
          delegation: outgoingView(row),
          text: body(row.id as string as MessageId),
          answer: row.answer_message === null ? null : body(row.answer_message),
        });
      },
      'outgoing.cancel': async ({ delegationId }, context) => {
        const row = whole(delegationId);
        if (isOver(row.state)) throw codedError('outgoing.over', stateSentence(row.state));
        const { id, thread_id, current_message: message_id } = row;
        await options.stops.ask({ id, whole: 1, thread_id, message_id }, context.signal);
        return ok({});
      },
      'outgoing.mark': async ({ delegationId, state }) => {
        whole(delegationId);
        await end(delegationId, state);
        return ok({});
      },
    },
  };
}
