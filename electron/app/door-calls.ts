/** What agents may do from the control socket: look at how things are, and ask. */
import {
  type AppView,
  appError,
  type CallHandlers,
  codedError,
  fail,
  type MessageView,
  ok,
  type PeerId,
  type RequestDelivery,
  type RequestId,
  type RequestRecipient,
  type RequestView,
} from '../contract/index.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Device } from './device.ts';
import { arrivalsAfter } from './door-arrivals.ts';
import type { Rooms } from './rooms.ts';
import { waitForNews } from './wait-for-news.ts';

/** Every call whose name begins with `door.`: those of the command line and of MCP. */
export type DoorHandlers = Pick<CallHandlers, Extract<keyof CallHandlers, `door.${string}`>>;

/** The services that agents may look at, and the feed that ends a wait of theirs. */
export interface DoorOptions {
  readonly rooms: Pick<
    Rooms,
    'clock' | 'peers' | 'conversations' | 'health' | 'reception' | 'agents' | 'settings'
  >;
  readonly feed: Pick<ChangeFeed, 'onChange'>;
  readonly device: Pick<Device, 'get'>;
  readonly displayName: string;
  readonly view: () => AppView;
}

/** Builds the handlers. */
export function doorHandlers(options: DoorOptions): DoorHandlers {
  const { feed } = options;
  const { clock, peers, conversations, health, reception, agents: desk } = options.rooms;
  const settings = options.rooms.settings.current;
  const { agents } = desk;
  const { reading } = conversations;

  const nameOf = (peerId: PeerId): string => {
    const peer = peers.peer(peerId);
    return peer?.nickname ?? peer?.name ?? '';
  };
  const overSoft = (text: string): 'none' | 'over_soft_limit' =>
    Buffer.byteLength(text) > settings().softLimitBytes ? 'over_soft_limit' : 'none';

  const progress = (id: RequestId) => {
    const request = agents.view(id);
    if (!request) throw codedError('agent.request_not_found', '');
    const deliveries = agents
      .recipients(id)
      .map((one) =>
        deliveryOf(
          request,
          one,
          one.messageId && conversations.messageView(one.messageId),
          one.messageId && reading.answerTo(one.messageId),
        ),
      );
    const final = deliveries.every((one) => one.final);
    return { request, deliveries, final, seen: stamp(request, deliveries) };
  };

  const sources = {
    ...reading,
    work: () => reception.reception.delegations(),
    message: conversations.messageView,
    peerOf: (threadId: Parameters<typeof conversations.threadView>[0]) => {
      const thread = conversations.threadView(threadId);
      return thread && { peerId: thread.peerId, name: nameOf(thread.peerId) };
    },
  };

  return {
    'door.status': async () => {
      const app = options.view();
      const device = await options.device.get();
      const gateway = app.ownGateway;
      return ok({
        app,
        name: options.displayName,
        fingerprint: device.kind === 'ready' ? device.signer.deviceId : null,
        loopback: app.reception.addresses.find((one) => one.includes('//127.0.0.1:')) ?? null,
        ownGateway: gateway.kind === 'found' ? gateway.url : null,
        warnings: health.warnings().map(({ code, title, detail }) => ({ code, title, detail })),
        requests: agents.waiting().length,
        budget: { perDay: settings().agentBudget, used: agents.used() },
      });
    },
    'door.peers': () => {
      const all = peers.capabilities();
      return ok({
        peers: peers.rows().map((row) => ({
          ...row,
          capabilities: [...new Set(all.get(row.id)?.map((one) => one.tag))],
        })),
      });
    },
    'door.peer': ({ peerId }) => {
      const peer = peers.detail(peerId);
      if (!peer) return fail(appError('peer.not_found', 'No peer has this id, or it was removed.'));
      return ok({
        peer,
        ladders: health.laddersOf(peerId),
        threads: conversations
          .threadsOf(peerId)
          .map(({ id, title, lastMessageAt }) => ({ id, title, at: lastMessageAt })),
        policy: agents.policy('', peerId),
      });
    },
    'door.plan': async ({ agent, ask }) => {
      const described = await desk.asks.describe(ask);
      const { recipients, leftOut, text } = described;
      const policies = agents.policies(agent, described);
      const threadId = desk.asks.threadOf(agent, ask);
      return ok({
        bytes: Buffer.byteLength(text),
        warning: overSoft(text),
        recipients: recipients.map(({ peerId, name }, index) => ({
          peerId,
          name,
          policy: policies[index] ?? 'ask',
          status: peers.row(peerId)?.statusText ?? '',
          address: peers.linksOf(peerId)[0]?.url ?? null,
          thread: threadId && (conversations.threadView(threadId)?.title ?? null),
        })),
        leftOut: [...leftOut],
        budgetLeft: agents.budgetLeft(),
      });
    },
    'door.ask': async ({ agent, ask }) => {
      const described = await desk.asks.describe(ask);
      const request = await agents.ask(agent, ask, described);
      const leftOut = [...described.leftOut];
      return ok({ request, warning: overSoft(described.text), leftOut });
    },
    'door.follow': async ({ requestId, seen, waitMs }, { signal }) => {
      const value = await waitForNews({
        clock,
        feed,
        waitMs: seen === '' ? 0 : waitMs,
        signal,
        concerns: (key) =>
          key.type === 'message' || (key.type === 'request' && key.id === requestId),
        look: () => progress(requestId),
        isNews: (now) => now.final || now.seen !== seen,
      });
      return ok(value);
    },
    'door.arrivals': async ({ agent, after, waitMs, limit }, { signal }) => {
      const from = after === 'last' ? agents.mark(agent) : after;
      const value = await waitForNews({
        clock,
        feed,
        waitMs,
        signal,
        concerns: (key) => key.type === 'message' || key.type === 'delegation',
        look: () => arrivalsAfter(sources, from, limit),
        isNews: (now) => now.arrivals.length > 0,
      });
      return ok(value);
    },
    'door.seen': async ({ agent, mark }) => {
      await agents.setMark(agent, mark);
      return ok({});
    },
    'door.log': ({ peerId, before, limit }) => {
      if (!peers.peer(peerId)) return fail(appError('peer.not_found', 'No peer has this id.'));
      const found = reading.ofPeer(peerId, before, limit + 1);
      return ok({
        entries: found.slice(0, limit).map((message) => ({
          id: message.id,
          threadId: message.threadId,
          thread: conversations.threadView(message.threadId)?.title ?? '',
          direction: message.direction,
          kind: message.kind,
          state: message.state,
          author: message.direction === 'in' ? message.author : '',
          askedBy: message.direction === 'out' ? (message.askedBy ?? null) : null,
          at: message.at,
          text: message.body,
          truncated: message.truncated,
        })),
        more: found.length > limit,
      });
    },
  };
}

/** How far a request is with one recipient. */
function deliveryOf(
  request: RequestView,
  recipient: RequestRecipient,
  message: MessageView | null,
  answer: MessageView | null,
): RequestDelivery {
  const sent = message?.direction === 'out' ? message : null;
  const came = answer?.direction === 'in' ? answer : null;
  const whole = came !== null && came.state !== 'streaming' && came.state !== 'waiting_approval';
  const decided = request.state !== 'waiting' && request.state !== 'sending';
  const over =
    sent === null
      ? decided
      : sent.state === 'failed' ||
        sent.state === 'cancelled' ||
        sent.state === 'handed' ||
        ((sent.state === 'sent' || sent.state === 'delivered') && !sent.running && came === null);
  return {
    peerId: recipient.peerId,
    peer: recipient.name,
    threadId: recipient.threadId,
    messageId: recipient.messageId,
    state: sent?.state ?? null,
    answer: came && {
      messageId: came.id,
      state: came.state,
      author: came.author,
      text: came.body,
      truncated: came.truncated,
      at: came.at,
    },
    error: came?.error ?? sent?.error ?? recipient.error ?? request.error,
    final: whole || over,
  };
}

/** Changes with every state, and not with every piece of an answer. */
function stamp(request: RequestView, deliveries: readonly RequestDelivery[]): string {
  let sum = 0;
  for (const one of deliveries) {
    const text = `${one.state}:${one.answer?.state}:${one.final}`;
    for (let index = 0; index < text.length; index++) {
      sum = (Math.imul(sum, 31) + text.charCodeAt(index)) | 0;
    }
  }
  return `${request.state}:${sum >>> 0}`;
}
