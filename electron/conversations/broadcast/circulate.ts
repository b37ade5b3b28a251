/**
 * Stores a broadcast: the list of who gets it and who does not, and a message for each, in one
 * transaction and by one statement a table.
 */
import { v7 } from 'uuid';
import {
  type BroadcastId,
  type BroadcastInput,
  type CallerContext,
  codedError,
  type MessageId,
  type ThreadId,
} from '../../contract/index.ts';
import type { HeldLanes } from '../free-lanes.ts';
import type { Copy } from '../many.ts';
import { bindRoute, type Parts, routeOf } from '../parts.ts';
import type { OutgoingRow } from '../rows.ts';
import type { Transaction } from '../transaction.ts';
import type { Choice } from './audience.ts';
import { BROADCAST_TITLE } from './plan.ts';
import type { BroadcastTable, BroadcastTableRow, BroadcastThread } from './table.ts';

/** A broadcast about to be stored. */
export interface NewBroadcast {
  readonly id: BroadcastId;
  readonly content: Pick<BroadcastInput, 'text' | 'tags'> & { readonly topic: string | null };
  /** To whom, in words. */
  readonly audience: string;
  readonly choices: readonly Choice[];
  /** What goes to each. */
  readonly written: string;
  /** Set where a local agent asked for it. */
  readonly asked: CallerContext['asked'];
}

/** What was stored. */
export interface Stored {
  readonly head: BroadcastTableRow;
  /** The messages, in the order of the list. */
  readonly rows: readonly OutgoingRow[];
  /** The place of each message in the list. */
  readonly positions: ReadonlyMap<MessageId, number>;
}

/** Puts one broadcast into the threads of its recipients. */
export interface Circulation {
  /** The thread of each choice with a link in which its message would go; the others are not there. */
  threadsFor(choices: readonly Choice[]): ReadonlyMap<Choice, BroadcastThread>;
  /** Inside a transaction. @throws CodedError thread.no_link */
  store(broadcast: NewBroadcast, lanes: HeldLanes, tx: Transaction): Stored;
}

/** Makes it over the tables. */
export function createCirculation(parts: Parts, table: BroadcastTable): Circulation {
  const { clock, threads } = parts;

  const threadsFor = (choices: readonly Choice[]): ReadonlyMap<Choice, BroadcastThread> => {
    const links = choices.flatMap(({ link }) => link?.linkId ?? []);
    const kept = new Map(
      table.threadsOn.all(JSON.stringify(links)).map((thread) => [thread.via, thread]),
    );
    const found = new Map<Choice, BroadcastThread>();
    for (const choice of choices) {
      if (!choice.link) continue;
      const { linkId } = choice.link;
      const thread = kept.get(linkId);
      if (thread?.peer_id === choice.peer.peerId) {
        found.set(choice, thread);
        continue;
      }
      // A session that the person picked is one thread here, whatever goes into it.
      const key = parts.options.link(linkId)?.sessionKeyFor('', null);
      const shared = key ? threads.ofSession.get(linkId, key) : undefined;
      if (shared) found.set(choice, { ...shared, via: linkId });
    }
    return found;
  };

  const makeThread = (choice: Choice, tx: Transaction): BroadcastThread | undefined => {
    if (!choice.link) return undefined;
    const id = v7() as ThreadId;
    const { linkId } = choice.link;
    threads.insert.run(id, choice.peer.peerId, linkId, BROADCAST_TITLE, 1, null, clock.now());
    table.setThread.run(linkId, id);
    const made = threads.byId(id);
    const route = made && routeOf(parts, made);
    if (made && route) bindRoute(parts, made, route, tx);
    const place = route ? { link_id: route.linkId, session_key: route.sessionKey } : {};
    return made && { ...made, ...place, via: linkId };
  };

  /** Where a message of each choice that is included goes, and whether it can leave at once. */
  const copiesOf = (
    { choices }: NewBroadcast,
    lanes: HeldLanes,
    tx: Transaction,
  ): ReadonlyMap<Choice, Copy> => {
    const going = choices.filter((choice) => choice.included);
    const there = threadsFor(going);
    const copies = new Map<Choice, Copy>();
    for (const choice of going) {
      const thread = there.get(choice) ?? makeThread(choice, tx);
      if (!thread) throw codedError('thread.no_link', `${choice.peer.name} has no link.`);
      const attempt = lanes.take(thread);
      if (attempt) bindRoute(parts, thread, attempt, tx);
      copies.set(choice, { id: v7() as MessageId, threadId: thread.id, attempt });
    }
    return copies;
  };

  return {
    threadsFor,
    store: (broadcast, lanes, tx) => {
      const { id, content, audience, choices, written, asked } = broadcast;
      const at = clock.now();
      const copies = copiesOf(broadcast, lanes, tx);
      const tags = JSON.stringify(content.tags);
      const left = choices.length - copies.size;
      const { topic, text } = content;
      const recipients = copies.size;
      const row = table.insert.get(id, topic, tags, text, at, audience, recipients, left)?.row;
      if (row === undefined) throw new Error('a broadcast was not stored');
      const head = { row, id, topic, tags, text, at, audience, recipients, left_out: left };
      const positions = new Map<MessageId, number>();
      const list = choices.map((choice, position) => {
        const messageId = copies.get(choice)?.id ?? null;
        if (messageId) positions.set(messageId, position);
        return [choice.peer.peerId, choice.peer.name, messageId, choice.reason, choice.why];
      });
      table.insertRows.run(head.row, JSON.stringify(list));
      const circular = { kind: 'broadcast', body: written, at } as const;
      const rows = tx.many.add(circular, [...copies.values()]);
      if (asked) {
        for (const message of rows) parts.askers.note.run(message.id, asked.requestId, asked.agent);
      }
      return { head, rows, positions };
    },
  };
}
