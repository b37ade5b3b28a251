/** The agents' room inside the app: how a request is described, carried out, and told to the person. */
import { type Agents, createAgents } from '../agents/index.ts';
import type { Clock } from '../clock/clock.ts';
import {
  type CallHandlers,
  type ChangeSink,
  placeText,
  type RequestId,
  type RequestView,
  type Settings,
  type WaitingView,
} from '../contract/index.ts';
import { type Notifications, noticeText, noticeTitle } from '../notifications/index.ts';
import type { Store } from '../store/store.ts';
import { type AskParts, type Asks, createAsks } from './agent-asks.ts';

/** What the agents' room needs of the rest of the app. */
export interface AgentDeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly settings: () => Settings;
  readonly peers: AskParts['peers'];
  readonly conversations: AskParts['conversations'];
  readonly notifications: Pick<Notifications, 'offer' | 'end'>;
  /** Asked late: they are being built. */
  readonly handlers: () => CallHandlers;
  readonly log: (line: string) => void;
}

/** The agents, the carrying out of what they ask for, and what of it waits for the person. */
export interface AgentDesk {
  readonly agents: Agents;
  readonly asks: Asks;
  waiting(): readonly WaitingView[];
}

const subjectOf = (id: RequestId): string => `request:${id}`;

/** As many recipients are named in a notification. */
const NAMED = 3;

const WISH: Readonly<Record<RequestView['verb'], string>> = {
  send: 'write to',
  delegate: 'give work to',
  broadcast: 'write to',
  respond: 'answer',
  put: 'share a file with',
};

/** One line of who asks for what: *Claude wants to write to Ada*. */
export function requestTitle(request: RequestView): string {
  const [first] = request.recipients;
  const many = request.recipientCount > 1 ? `${request.recipientCount} peers` : (first?.name ?? '');
  return `${request.agent} wants to ${WISH[request.verb]} ${many}`;
}

/**
 * Its text as a notification shows it: after its topic, and after the recipients where they are a few.
 * Not in the title, of which systems show one line.
 */
export function requestText({ topic, text, recipients, recipientCount }: RequestView): string {
  const few = recipientCount > 1 && recipientCount <= NAMED;
  const to = few ? `To ${recipients.map((one) => one.name).join(', ')}. ` : '';
  return `${to}${topic === null ? '' : `${topic}: `}${text}`;
}

/**
 * Whether a notification shows all of it. Only then it can be approved there: what else would go, more
 * text, a context, the address behind a link, stands on the request's card.
 */
export const isAllInNotice = (request: RequestView): boolean =>
  request.recipientCount <= NAMED &&
  request.facts.length === 0 &&
  noticeTitle(requestTitle(request)) === requestTitle(request).trim() &&
  noticeText(requestText(request)) === requestText(request).trim();

/** Opens the desk. */
export function createAgentDesk(options: AgentDeskOptions): AgentDesk {
  const { peers, conversations, notifications } = options;
  const never = new AbortController().signal;

  const asks = createAsks({
    peers,
    conversations,
    handlers: options.handlers,
    lastThreads: (peerId, agent) => agents.lastThreads(peerId, agent),
  });

  const agents = createAgents({
    store: options.store,
    clock: options.clock,
    changed: options.changed,
    settings: options.settings,
    perform: ({ id, agent, byPerson, ask, recipients, stored }) =>
      asks.perform(ask, recipients, {
        door: 'window',
        connectionId: 'agents',
        signal: never,
        asked: { requestId: id, agent, byPerson, stored },
      }),
    attention: {
      ask: (request) =>
        notifications.offer({
          kind: 'message',
          subject: subjectOf(request.id),
          title: requestTitle(request),
          text: requestText(request),
          peerId: request.recipientCount === 1 ? (request.recipients[0]?.peerId ?? null) : null,
          threadId: null,
          messageId: null,
          muted: false,
          to: placeText({ kind: 'agents', requestId: request.id }),
          actions: [
            decision(request.id, 'deny'),
            ...(isAllInNotice(request) ? [decision(request.id, 'approve')] : []),
          ],
        }),
      settle: (id) => notifications.end(subjectOf(id)),
    },
    log: options.log,
  });

  return {
    agents,
    asks,
    waiting: () =>
      agents.waiting().map((request) => ({
        kind: 'request',
        id: request.id,
        title: requestTitle(request),
        to: placeText({ kind: 'agents', requestId: request.id }),
      })),
  };
}

const decision = (requestId: RequestId, what: 'approve' | 'deny') => ({
  kind: 'call' as const,
  id: what,
  label: what === 'approve' ? 'Approve' : 'Deny',
  call: 'agents.decide',
  input: { requestId, decision: what, reason: '' },
});
