/** What each verb of an agent means: whom it reaches, what the person sees of it, and how it is done. */
import type { Described, Outcome } from '../agents/index.ts';
import {
  type Ask,
  type Audience,
  appError,
  assertNever,
  type BroadcastAsk,
  type BroadcastId,
  type CallerContext,
  type CallHandlers,
  codedError,
  type DelegateAsk,
  type DelegationId,
  type MessageId,
  type PeerId,
  type RequestId,
  type RespondAsk,
  type SendAsk,
  type ThreadId,
} from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { PeerBook } from '../peers/index.ts';
import { factsOf, firstWords, kindOf } from './agent-ask-facts.ts';
import { createRelayAsks, isTell, taken } from './relay-asks.ts';

/** What carrying an agent's request out needs of the services, and nothing more of them. */
export interface AskParts {
  readonly peers: Pick<PeerBook, 'peer' | 'linksOf'>;
  readonly conversations: Pick<
    Conversations,
    | 'startThread'
    | 'threadsOf'
    | 'threadView'
    | 'messageView'
    | 'reading'
    | 'checkText'
    | 'outgoing'
  >;
  /** Asked late: they are being built. */
  readonly handlers: () => CallHandlers;
  /** The threads that an agent used with a peer, the last one first. */
  readonly lastThreads: (peerId: PeerId, agent: string) => readonly ThreadId[];
}

/** The requests of agents, whichever the verb: described for the person, then carried out. */
export interface Asks {
  /** Checked as the window would check it. @throws CodedError */
  describe(ask: Ask): Promise<Described>;
  /** The thread that it would go into; null = a new one, or one for each. */
  threadOf(agent: string, ask: Ask): ThreadId | null;
  /** Does it for these recipients; what a broken off try did is not done again. */
  perform(ask: Ask, to: readonly PeerId[], context: Required<CallerContext>): Promise<Outcome[]>;
}

const NOBODY = new AbortController().signal;
/** For looking only: nothing is sent in its name. */
const WINDOW = { door: 'window', connectionId: 'agents', signal: NOBODY } as const;

/** Builds them. */
export function createAsks({ peers, conversations, handlers, lastThreads }: AskParts): Asks {
  const nameOf = (peerId: PeerId): string => {
    const peer = peers.peer(peerId);
    if (!peer) throw codedError('peer.not_found', 'No peer has this id, or it was removed.');
    return peer.nickname ?? peer.name;
  };

  /** Where an answer to this goes. */
  const targetOf = ({
    target,
  }: RespondAsk): { readonly peerId: PeerId; readonly threadId: ThreadId } => {
    const ours = conversations.outgoing.view(target as DelegationId);
    if (ours) return { peerId: ours.peerId, threadId: ours.threadId };
    const message = conversations.messageView(target as MessageId);
    const thread = message?.direction === 'in' && conversations.threadView(message.threadId);
    if (!thread) {
      const detail =
        'No message that came in has this id. Work that a peer asks of us is answered by the agent that the person gives it to.';
      throw codedError('message.not_found', detail);
    }
    return { peerId: thread.peerId, threadId: thread.id };
  };

  const one = (ask: SendAsk | DelegateAsk | RespondAsk): Described => {
    const peerId = ask.verb === 'respond' ? targetOf(ask).peerId : ask.peerId;
    const name = nameOf(peerId);
    conversations.checkText(
      ask.verb === 'delegate'
        ? [ask.text, ask.context, ask.expected, ask.expertise].filter(Boolean).join('\n')
        : ask.text,
    );
    if (peers.linksOf(peerId).length === 0) {
      throw codedError('thread.no_link', 'Its peer has no link at all.');
    }
    return {
      recipients: [{ peerId, name }],
      leftOut: [],
      text: ask.text,
      kind: kindOf(ask),
      topic: ask.verb === 'respond' ? null : ask.topic,
      facts: factsOf(ask),
    };
  };

  const many = async (ask: PeersAsk): Promise<Described> => {
    conversations.checkText(ask.text);
    const { audience, tags, text, topic } = ask;
    const input = { audience, tags, text, topic: topic ?? '' };
    const { recipients } = taken(await handlers()['broadcast.preview'](input, WINDOW));
    const named = recipients.map((each) => ({ ...each, name: each.peerName }));
    const going = named.filter((each) => each.included);
    if (going.length === 0) {
      throw codedError('broadcast.nobody', named[0]?.why ?? 'No peer was chosen.');
    }
    return {
      recipients: going.map(({ peerId, name }) => ({ peerId, name })),
      leftOut: named
        .filter((each) => !each.included)
        .map(({ peerId, name, reason, why }) => ({ peerId, name, reason, why })),
      text,
      kind: 'broadcast',
      topic,
      facts: tags.length > 0 ? [{ label: 'Tags', value: tags.join(', ') }] : [],
    };
  };

  const relays = createRelayAsks({
    handlers,
    checkText: conversations.checkText,
    looking: WINDOW,
  });

  const threadOf = (agent: string, ask: Ask): ThreadId | null => {
    if (ask.verb === 'respond') return targetOf(ask).threadId;
    // A delegation and a broadcast have threads of their own.
    if (ask.verb !== 'send') return null;
    const wanted = ask.thread ?? ask.topic;
    const fits = (thread: { agentId: string | null }): boolean =>
      ask.agentId === null || thread.agentId === ask.agentId;
    if (wanted !== null) {
      const title = wanted.toLowerCase();
      const found = conversations
        .threadsOf(ask.peerId)
        .find((each) => each.id === wanted || (each.title.toLowerCase() === title && fits(each)));
      return found?.id ?? null;
    }
    // Without --agent it is for the peer's own choice of agent, whomever was asked by name before.
    const found = lastThreads(ask.peerId, agent)
      .map((id) => conversations.threadView(id))
      .find((thread) => thread && thread.agentId === ask.agentId && !thread.archived);
    return found?.id ?? null;
  };

  const send = async (ask: SendAsk, context: Required<CallerContext>): Promise<Outcome> => {
    const { peerId, text, kind, agentId } = ask;
    const known = threadOf(context.asked.agent, ask);
    if (known) return message(peerId, known, { text, kind }, context);
    const title = ask.thread ?? ask.topic ?? '';
    const { threadId, stored } = conversations.startThread({
      ...{ peerId, linkId: null, title, agentId },
    });
    // In the same turn, so that the thread and its message share a commit.
    const sending = message(peerId, threadId, { text, kind }, context);
    const [outcome] = await Promise.all([sending, stored]);
    return outcome;
  };

  const message = async (
    peerId: PeerId,
    threadId: ThreadId,
    what: Pick<SendAsk, 'text' | 'kind'>,
    context: CallerContext,
  ): Promise<Outcome> => {
    const input = { threadId, ...what, attachmentIds: [] };
    const { messageId } = taken(await handlers()['message.send'](input, context));
    return { peerId, threadId, messageId };
  };

  const delegate = async (ask: DelegateAsk, context: CallerContext): Promise<Outcome> => {
    const { verb: _, text: task, topic, ...order } = ask;
    const input = { ...order, task, topic: topic ?? firstWords(task) };
    const sent = taken(await handlers()['outgoing.send'](input, context));
    return { peerId: ask.peerId, threadId: sent.threadId, messageId: sent.messageId };
  };

  const respond = (ask: RespondAsk, context: CallerContext): Promise<Outcome> => {
    const { peerId, threadId } = targetOf(ask);
    const text = `Status: ${ask.status}\n\n${ask.text}`;
    return message(peerId, threadId, { text, kind: 'feedback' }, context);
  };

  const broadcast = async (
    ask: PeersAsk,
    to: readonly PeerId[],
    context: Required<CallerContext>,
  ): Promise<Outcome[]> => {
    const { audience, tags, text, topic } = ask;
    // One id for ever: the same request is never broadcast twice.
    const id = broadcastOf(context.asked.requestId);
    const input = { id, audience, tags, text, topic: topic ?? '', to: [...to] };
    taken(await handlers()['broadcast.send'](input, context));
    const { rows } = taken(await handlers()['broadcast.open']({ broadcastId: id }, context));
    const byPeer = new Map(rows.map((row) => [row.peerId, row]));
    return to.map((peerId) => {
      const row = byPeer.get(peerId);
      if (row?.messageId && row.threadId) {
        return { peerId, threadId: row.threadId, messageId: row.messageId };
      }
      return {
        peerId,
        error: appError('broadcast.nobody', row?.leftOut?.why ?? 'It left the audience.'),
      };
    });
  };

  return {
    describe: async (ask) => {
      if (ask.text.trim() === '') {
        throw codedError('message.empty', 'It holds nothing but white space.');
      }
      if (ask.verb === 'put') return relays.describe(ask);
      if (ask.verb !== 'broadcast') return one(ask);
      return isTell(ask) ? relays.describe(ask) : many(ask as PeersAsk);
    },
    threadOf,
    perform: async (ask, to, context) => {
      if (ask.verb === 'broadcast') {
        return isTell(ask)
          ? [await relays.perform(ask, to, context)]
          : broadcast(ask as PeersAsk, to, context);
      }
      const before = conversations.reading.askedFor(context.asked.requestId);
      if (before.length > 0) return before;
      switch (ask.verb) {
        case 'send':
          return [await send(ask, context)];
        case 'delegate':
          return [await delegate(ask, context)];
        case 'respond':
          return [await respond(ask, context)];
        case 'put':
          return [await relays.perform(ask, to, context)];
        default:
          return assertNever(ask);
      }
    },
  };
}

/** A broadcast to peers, each by a message of its own. */
type PeersAsk = BroadcastAsk & { readonly audience: Audience };

const broadcastOf = (id: RequestId): BroadcastId => id as string as BroadcastId;
