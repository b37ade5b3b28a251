import {
  appError,
  BroadcastId,
  type BroadcastRow,
  type BroadcastView,
  fail,
  GroupId,
  type KnowledgeItem,
  type OutgoingState,
  ok,
  type PeerRow,
  type RecipientView,
  writeBroadcast,
} from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

const uuid = (kind: string, number: number): string =>
  `0193400${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
export const broadcastId = (number: number) => BroadcastId.parse(uuid('8', number));
export const groupId = (number: number) => GroupId.parse(uuid('9', number));

const NONE = {
  queued: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  answered: 0,
  failed: 0,
  unknown: 0,
  cancelled: 0,
  handed: 0,
  gone: 0,
};

/** A broadcast whose recipients stand in these states; `out` = left out. */
export function seedBroadcast(
  world: World,
  number: number,
  states: readonly (OutgoingState | 'out')[],
  more: Partial<BroadcastView> = {},
): BroadcastView {
  const id = broadcastId(number);
  const peers = [...world.peers.values()];
  const rows = states.map((state, position): BroadcastRow => {
    const peer = peers[position % Math.max(1, peers.length)];
    const out = state === 'out';
    return {
      id: `${id}/${position}`,
      broadcastId: id,
      peerId: peer?.id ?? ids.peer(position + 1),
      peerName: peer?.name ?? `Peer ${position + 1}`,
      messageId: out ? null : ids.message(9_000 + number * 100 + position),
      threadId: out ? null : ids.thread(900 + position),
      state: out ? null : state,
      attempts: 1,
      nextAttemptAt: state === 'queued' ? world.now + 42_000 : null,
      error:
        state === 'failed' ? appError('message.expired', 'It waited 24 hours, the limit.') : null,
      answer: state === 'answered' ? 'Seen, thank you. I move the deploy to the afternoon.' : null,
      leftOut: out
        ? { reason: 'needs_approval', why: 'This device was not let in there yet.' }
        : null,
    };
  });
  for (const row of rows) world.broadcastRows.set(row.id, row);
  const view: BroadcastView = {
    id,
    topic: 'builds',
    tags: ['ci', 'linux'],
    text: 'The build is green again. The cache is to be cleared once.',
    at: world.now - number * 3_600_000,
    audience: 'Everyone',
    recipients: rows.filter((row) => !row.leftOut).length,
    leftOut: rows.filter((row) => row.leftOut).length,
    counts: { ...NONE },
    done: true,
    ...more,
  };
  return recount(world, view);
}

/** The counts of a broadcast, from its rows. */
export function recount(world: World, view: BroadcastView): BroadcastView {
  const counts = { ...NONE };
  for (const row of world.broadcastRows.values()) {
    if (row.broadcastId === view.id && row.state) counts[row.state] += 1;
  }
  const next = { ...view, counts, done: counts.queued + counts.sending + counts.unknown === 0 };
  world.putBroadcast(next);
  return next;
}

const recipient = (peer: PeerRow): RecipientView => {
  const included = peer.status !== 'needs_you' && peer.status !== 'blocked' && !peer.practice;
  const reason = peer.status === 'up' ? 'ready' : included ? 'waits' : 'needs_approval';
  return {
    peerId: peer.id,
    peerName: peer.name,
    included,
    reason,
    why:
      reason === 'ready'
        ? 'Connected: it goes at once.'
        : reason === 'waits'
          ? `${peer.statusText}: it waits in the outbox.`
          : 'This device was not let in there yet.',
    link: included
      ? { linkId: ids.link(1), kind: 'gateway', address: 'host.tail41c2.ts.net', agentId: null }
      : null,
    thread: included ? { threadId: null, title: 'Broadcasts' } : null,
    sessionKey: included ? 'agent:main:peerage-4f1c22d09a7b-<new thread>' : null,
  };
};

/** Calls about broadcasts and groups, on a world. */
export function broadcastHandlers(world: World): MockHandlers {
  const deleted = new Map<string, ReturnType<World['groups']['get']>>();
  const chosen = (audience: { kind: string; peerIds?: readonly string[] }): PeerRow[] =>
    [...world.peers.values()].filter(
      (peer) => audience.kind === 'all' || audience.peerIds?.includes(peer.id),
    );
  return {
    'broadcast.preview': ({ audience, topic, tags, text }) => {
      const written = writeBroadcast({ topic: topic || null, tags, text });
      const bytes = new TextEncoder().encode(written).length;
      return ok({
        message: {
          text: written,
          bytes,
          size: bytes > 8192 ? 'over_hard_limit' : bytes > 4096 ? 'over_soft_limit' : 'fine',
          secrets: text.includes('ghp_') ? [{ label: 'GitHub token', line: 4 }] : [],
        },
        recipients: chosen(audience).map(recipient),
      });
    },
    'broadcast.send': ({ topic, tags, text, to }) => {
      const states = (to ?? []).map(() => 'queued' as const);
      const more = { topic: topic || null, tags, text, at: world.now };
      return ok({ broadcast: seedBroadcast(world, 500, states, more), warning: 'none' });
    },
    'broadcast.open': ({ broadcastId: id }) => {
      const broadcast = world.broadcasts.get(id);
      if (!broadcast) return fail(appError('broadcast.not_found', 'No broadcast has this id.'));
      const rows = [...world.broadcastRows.values()].filter((row) => row.broadcastId === id);
      return ok({ broadcast, rows });
    },
    'broadcast.close': () => ok({}),
    'broadcast.list': () => ok({ broadcasts: [], nextCursor: null }),
    'broadcast.retry': ({ broadcastId: id, messageIds }) => {
      let retried = 0;
      for (const row of [...world.broadcastRows.values()]) {
        if (row.broadcastId !== id || row.state !== 'failed' || !row.messageId) continue;
        if (messageIds && !messageIds.includes(row.messageId)) continue;
        world.putBroadcastRow({ ...row, state: 'queued', error: null });
        retried += 1;
      }
      const broadcast = world.broadcasts.get(id);
      if (broadcast) recount(world, broadcast);
      return ok({ retried });
    },
    'broadcast.cancel': ({ broadcastId: id }) => {
      let cancelled = 0;
      for (const row of [...world.broadcastRows.values()]) {
        if (row.broadcastId !== id || row.state !== 'queued') continue;
        world.putBroadcastRow({ ...row, state: 'cancelled' });
        cancelled += 1;
      }
      const broadcast = world.broadcasts.get(id);
      if (broadcast) recount(world, broadcast);
      return ok({ cancelled });
    },
    'group.create': ({ name, peerIds }) => {
      const id = groupId(world.nextNumber());
      world.putGroup(id, { id, name, peerIds });
      return ok({ groupId: id });
    },
    'group.update': ({ groupId: id, changes }) => {
      const group = world.groups.get(id);
      if (!group) return fail(appError('group.not_found', 'No group has this id.'));
      const { name = group.name, peerIds = group.peerIds } = changes;
      world.putGroup(id, { id, name, peerIds });
      return ok({});
    },
    'group.delete': ({ groupId: id }) => {
      deleted.set(id, world.groups.get(id));
      world.putGroup(id, null);
      return ok({ undoMs: 8_000 });
    },
    'group.restore': ({ groupId: id }) => {
      world.putGroup(id, deleted.get(id) ?? null);
      return ok({});
    },
    'knowledge.list': ({ text, topic, tag, direction }) => {
      const items = world.known.filter(
        (item) =>
          (topic === null || item.topic === topic) &&
          (tag === null || item.tags.includes(tag)) &&
          (direction === 'all' || item.direction === direction) &&
          (text === '' || `${item.text} ${item.topic}`.includes(text)),
      );
      const names = (all: readonly string[]) =>
        [...new Set(all)].map((name) => ({
          name,
          count: all.filter((one) => one === name).length,
        }));
      return ok({
        items,
        topics: names(world.known.flatMap((item) => item.topic ?? [])),
        tags: names(world.known.flatMap((item) => item.tags)),
        nextCursor: null,
      });
    },
  };
}

/** Something that was heard. */
export const knownItem = (number: number, more: Partial<KnowledgeItem> = {}): KnowledgeItem => ({
  id: `message:${number}`,
  direction: 'in',
  peerId: ids.peer(2),
  who: 'Ben',
  topic: 'cache',
  tags: ['redis', 'ops'],
  text: 'Warm the cache before the deploy: the first thousand requests are slow otherwise.',
  truncated: false,
  at: 1_763_700_000_000 - number * 3_600_000,
  ...more,
});
