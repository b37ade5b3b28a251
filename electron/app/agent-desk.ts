/** The agents' room inside the app: how a request is described, carried out, and told to the person. */
import { type Agents, createAgents, type Described, type Outcome } from '../agents/index.ts';
import type { Clock } from '../clock/clock.ts';
import {
  type Ask,
  appError,
  assertNever,
  type CallerContext,
  type CallHandlers,
  type ChangeSink,
  CodedError,
  codedError,
  type DelegateAsk,
  type PeerId,
  placeText,
  type RequestId,
  type RequestView,
  type Result,
  type SendAsk,
  type Settings,
  type ThreadId,
  type WaitingView,
} from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { Store } from '../store/store.ts';

export interface AgentDeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly settings: () => Settings;
  readonly peers: Pick<PeerBook, 'peer' | 'linksOf'>;
  readonly conversations: Pick<Conversations, 'threadsOf' | 'threadView' | 'reading' | 'checkText'>;
  readonly notifications: Pick<Notifications, 'offer' | 'settle'>;
  /** Asked late: they are being built. */
  readonly handlers: () => CallHandlers;
  readonly log: (line: string) => void;
}

export interface AgentDesk {
  readonly agents: Agents;
  /** What a request says, checked as the window would check it. @throws CodedError */
  describe(ask: Ask): Described;
  /** The thread that it would go into; null = a new one. */
  threadOf(agent: string, ask: Ask): ThreadId | null;
  waiting(): readonly WaitingView[];
}

const subjectOf = (id: RequestId): string => `request:${id}`;

/** One line of who asks for what: *Claude wants to write to Ada*. */
export function requestTitle(request: RequestView): string {
  const [first] = request.recipients;
  const many = request.recipientCount > 1 ? `${request.recipientCount} peers` : (first?.name ?? '');
  return `${request.agent} wants to write to ${many}`;
}

/** Opens the desk. */
export function createAgentDesk(options: AgentDeskOptions): AgentDesk {
  const { peers, conversations, notifications } = options;
  const never = new AbortController().signal;

  const nameOf = (peerId: PeerId): string => {
    const peer = peers.peer(peerId);
    if (!peer) throw codedError('peer.not_found', 'No peer has this id, or it was removed.');
    return peer.nickname ?? peer.name;
  };

  const describe = (ask: Ask): Described => {
    const name = nameOf(ask.peerId);
    if (ask.text.trim() === '') {
      throw codedError('message.empty', 'It holds nothing but white space.');
    }
    conversations.checkText(
      ask.verb === 'delegate' ? `${ask.text}\n${ask.context ?? ''}` : ask.text,
    );
    if (peers.linksOf(ask.peerId).length === 0) {
      throw codedError('thread.no_link', 'Its peer has no link at all.');
    }
    return {
      recipients: [{ peerId: ask.peerId, name }],
      text: ask.text,
      kind: ask.verb === 'delegate' ? 'delegation' : ask.kind,
      topic: ask.topic,
      facts: factsOf(ask),
    };
  };

  const threadOf = (agent: string, ask: Ask): ThreadId | null => {
    // A delegation has a thread of its own.
    if (ask.verb === 'delegate') return null;
    const wanted = ask.thread ?? ask.topic;
    const fits = (thread: { agentId: string | null }): boolean =>
      ask.agentId === null || thread.agentId === ask.agentId;
    if (wanted !== null) {
      const title = wanted.toLowerCase();
      const found = conversations
        .threadsOf(ask.peerId)
        .find((one) => one.id === wanted || (one.title.toLowerCase() === title && fits(one)));
      return found?.id ?? null;
    }
    const last = agents.lastThread(ask.peerId, agent);
    const thread = last && conversations.threadView(last);
    return thread && fits(thread) && !thread.archived ? thread.id : null;
  };

  const send = async (ask: SendAsk, agent: string, context: CallerContext): Promise<Outcome> => {
    const { peerId, text, kind, agentId } = ask;
    const handlers = options.handlers();
    const there = threadOf(agent, ask);
    const title = ask.thread ?? ask.topic ?? '';
    const threadId =
      there ??
      taken(await handlers['thread.create']({ peerId, linkId: null, title, agentId }, context))
        .threadId;
    const input = { threadId, text, kind, attachmentIds: [] };
    const { messageId } = taken(await handlers['message.send'](input, context));
    return { peerId, threadId, messageId };
  };

  const delegate = async (ask: DelegateAsk, context: CallerContext): Promise<Outcome> => {
    const { verb: _, text: task, topic, ...order } = ask;
    const input = { ...order, task, topic: topic ?? firstLine(task) };
    const done = taken(await options.handlers()['outgoing.send'](input, context));
    return { peerId: ask.peerId, threadId: done.threadId, messageId: done.messageId };
  };

  const carryOut = (ask: Ask, agent: string, context: CallerContext): Promise<Outcome> => {
    switch (ask.verb) {
      case 'send':
        return send(ask, agent, context);
      case 'delegate':
        return delegate(ask, context);
      default:
        return assertNever(ask);
    }
  };

  const agents = createAgents({
    store: options.store,
    clock: options.clock,
    changed: options.changed,
    settings: options.settings,
    perform: async ({ id, agent, ask, recipients }) => {
      const context: CallerContext = {
        door: 'window',
        connectionId: 'agents',
        signal: never,
        asked: { requestId: id, agent },
      };
      const before = new Map(conversations.reading.askedFor(id).map((one) => [one.peerId, one]));
      const outcomes: Outcome[] = [];
      for (const peerId of recipients) {
        const there = before.get(peerId);
        outcomes.push(there ?? (await carryOut({ ...ask, peerId }, agent, context)));
      }
      return outcomes;
    },
    attention: {
      ask: (request) =>
        notifications.offer({
          kind: 'message',
          subject: subjectOf(request.id),
          title: requestTitle(request),
          text: request.text,
          peerId: request.recipientCount === 1 ? (request.recipients[0]?.peerId ?? null) : null,
          threadId: null,
          messageId: null,
          muted: false,
          actions: [decision(request.id, 'approve'), decision(request.id, 'deny')],
        }),
      settle: (id) => notifications.settle(subjectOf(id)),
    },
    log: options.log,
  });

  return {
    agents,
    describe,
    threadOf,
    waiting: () =>
      agents.waiting().map((request) => ({
        kind: 'request',
        id: request.id,
        title: requestTitle(request),
        to: placeText({ kind: 'agents', requestId: request.id }),
      })),
  };
}

/** What else the person should see of it. */
function factsOf(ask: Ask): RequestView['facts'] {
  const fact = (label: string, value: string | null | undefined) =>
    value ? [{ label, value }] : [];
  const there = fact('Agent there', ask.agentId);
  if (ask.verb === 'send') return [...fact('Thread', ask.thread), ...there];
  return [
    ...fact('Priority', ask.priority === 'normal' ? null : ask.priority),
    ...fact(
      'Deadline',
      ask.deadlineAt === undefined ? null : new Date(ask.deadlineAt).toISOString(),
    ),
    ...fact('Context', ask.context),
    ...fact('Expected', ask.expected),
    ...there,
  ];
}

/** The topic of work that was given none: its first words, in one line. */
const firstLine = (text: string): string =>
  [...text.replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ').trim()].slice(0, 60).join('');

const decision = (requestId: RequestId, what: 'approve' | 'deny') => ({
  kind: 'call' as const,
  id: what,
  label: what === 'approve' ? 'Approve' : 'Deny',
  call: 'agents.decide',
  input: { requestId, decision: what, reason: '' },
});

function taken<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CodedError(result.error ?? appError('app.internal', ''));
}
