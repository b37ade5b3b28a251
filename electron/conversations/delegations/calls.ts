import {
  CodedError,
  codedError,
  type DelegationId,
  type DelegationOrder,
  isOver,
  type LinkId,
  type MessageId,
  type OutgoingDelegationView,
  ok,
  type PeerId,
  type ThreadId,
  writeForm,
  writeMoment,
} from '../../contract/index.ts';
import { oneLine } from '../excerpt.ts';
import type { HandlersOf } from '../handlers.ts';
import { keyOf } from '../keys.ts';
import { isRunning } from '../outgoing.ts';
import { isSendable, type Parts, routeOf } from '../parts.ts';
import type { Sending } from '../sending.ts';
import type { OutgoingFilter, OutgoingTable, WholeRow } from './table.ts';
import { outgoingView } from './views.ts';

/** Gateways have no states of work: what an agent begins its answer with says them. */
const HOW_TO_ANSWER =
  'begin with a line "Status: completed", "Status: in_progress" or "Status: failed"';
/** What a window holds of what is open. */
const SNAPSHOT_LIMIT = 200;

export interface OutgoingCallOptions {
  readonly parts: Parts;
  readonly table: OutgoingTable;
  readonly sending: Sending;
  readonly newThread: HandlersOf<'thread'>['thread.create'];
  /** Takes an unsent message back, or stops its run. */
  readonly messages: Pick<HandlersOf<'message'>, 'message.cancel' | 'message.stop'>;
}

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
  const page = (filter: OutgoingFilter): OutgoingDelegationView[] =>
    table.page(filter).map((row) => outgoingView(parts, row));

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
      if (!marked) throw codedError('outgoing.over', `It is ${whole(id).state}.`);
      tx.delegation(marked);
    });

  return {
    view: (id) => {
      const row = table.whole.get(id);
      return row ? outgoingView(parts, row) : null;
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
          delegation: outgoingView(parts, row),
          text: body(row.id as string as MessageId),
          answer: row.answer_message === null ? null : body(row.answer_message),
        });
      },
      'outgoing.cancel': async ({ delegationId }, context) => {
        const row = whole(delegationId);
        if (isOver(row.state)) throw codedError('outgoing.over', `It is ${row.state}.`);
        const carrying = row.current_message === (row.id as string);
        if (row.delivery === 'queued' && carrying) {
          return options.messages['message.cancel']({ messageId: row.current_message }, context);
        }
        if (row.delivery === 'queued') {
          await options.messages['message.cancel']({ messageId: row.current_message }, context);
        }
        if (isRunning({ state: row.delivery, run: row.run })) {
          return options.messages['message.stop']({ messageId: row.current_message }, context);
        }
        await stopQuiet(row, context.signal);
        await end(delegationId, 'cancelled');
        return ok({});
      },
      'outgoing.mark': async ({ delegationId, state }) => {
        whole(delegationId);
        await end(delegationId, state);
        return ok({});
      },
    },
  };

  /** Nothing runs: only a wire that keeps work open between messages has something to be told. */
  async function stopQuiet(row: WholeRow, signal: AbortSignal): Promise<void> {
    const thread = threads.byId(row.thread_id);
    const route = thread && routeOf(parts, thread);
    if (row.link_id === null || row.state === 'in_progress') return;
    if (row.delivery === 'sending' || row.delivery === 'unknown') {
      throw codedError('outgoing.cannot_cancel', 'It is just on its way: try again in a moment.');
    }
    if (!route || route.link.kind === 'gateway') return;
    if (!isSendable(route.link)) {
      throw codedError('link.not_connected', 'Stopping it needs a connection.');
    }
    const last = messages.lastRun.get(row.thread_id, route.linkId, route.sessionKey);
    const stop = AbortSignal.any([signal, parts.stopping]);
    try {
      const key = keyOf(row.current_message);
      await route.link.abort(key, route.sessionKey, stop, last?.run_id ?? null);
    } catch (error) {
      const why = error instanceof CodedError ? error.error.detail : 'It did not answer.';
      throw codedError('outgoing.cannot_cancel', why);
    }
  }
}
