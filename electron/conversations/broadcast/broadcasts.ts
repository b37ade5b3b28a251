/**
 * Broadcasts: one message per recipient, each through the normal outbox, written in one transaction
 * with the list of who gets it and who does not.
 */
import { v7 } from 'uuid';
import {
  type Audience,
  type BroadcastId,
  type BroadcastInput,
  type BroadcastRow,
  type BroadcastView,
  codedError,
  type GroupId,
  type GroupView,
  type MessageId,
  type OutgoingPreview,
  ok,
  writeBroadcast,
} from '../../contract/index.ts';
import type { FreeLanes } from '../free-lanes.ts';
import { checkSize, checkText } from '../guard.ts';
import type { HandlersOf } from '../handlers.ts';
import type { Parts } from '../parts.ts';
import type { Moved } from '../touched.ts';
import { type Choice, chooseAudience } from './audience.ts';
import { createCirculation } from './circulate.ts';
import { createGroups } from './groups.ts';
import { createKnowledge, type Heard } from './knowledge.ts';
import { BROADCAST_TITLE, previewRecipient, previewText } from './plan.ts';
import { type BroadcastTableRow, broadcastTable } from './table.ts';
import { broadcastView, freshView, rowId, rowView } from './views.ts';

/** Broadcasts of one page of the history. */
const PAGE = 50;
/** Broadcasts that a window holds from the start. */
const NEWEST = 20;

/** Broadcasts, groups and knowledge together, for calls and for what windows hold. */
export interface Broadcasts {
  readonly handlers: HandlersOf<'broadcast' | 'group' | 'knowledge'>;
  groups(): GroupView[];
  group(id: GroupId): GroupView | null;
  newest(): BroadcastView[];
  view(id: BroadcastId): BroadcastView | null;
  /** @param id as in `BroadcastRow.id` */
  row(id: string): BroadcastRow | null;
  /** Keeps a broadcast that came in, or went, other than as a message. */
  hear(heard: Heard): Promise<void>;
  /** Whether one of this source is kept. */
  isKnown(source: string): boolean;
  /** What the send guard says of a text. */
  look(text: string): OutgoingPreview;
  /** Grows with each broadcast that came in. */
  heard(): number;
  start(): Promise<void>;
  /** Forgets those from before this time. */
  forgetBefore(at: number): Promise<void>;
  stop(): void;
}

/** `freeLanes` lets copies leave in the very commit that stores them. */
export function createBroadcasts(parts: Parts, freeLanes: FreeLanes): Broadcasts {
  const { clock, ledger } = parts;
  const { directory, changed } = parts.options;
  const table = broadcastTable(parts.options.store);
  const circulation = createCirculation(parts, table);
  const groups = createGroups(parts, table);
  const knowledge = createKnowledge(parts);
  /** Which row a message is, while it is on its way; others are looked up. */
  const places = new Map<MessageId, { readonly id: BroadcastId; readonly position: number }>();

  const existing = (id: BroadcastId): BroadcastTableRow => {
    const row = table.byId.get(id);
    if (!row) throw codedError('broadcast.not_found', 'No broadcast has this id.');
    return row;
  };

  const tell = (id: BroadcastId, position: number | null): void => {
    changed({ type: 'broadcast', id });
    if (position !== null) {
      changed({ type: 'broadcastRow', id: rowId(id, position), broadcastId: id });
    }
  };

  ledger.onMoved(({ after }: Moved) => {
    if (after.kind !== 'broadcast') return;
    const place = places.get(after.id) ?? table.placeOf.get(after.id);
    if (after.open === 0) places.delete(after.id);
    if (place) tell(place.id, place.position);
  });

  /** @throws CodedError group.not_found */
  const choose = (audience: Audience): readonly Choice[] => {
    const found = chooseAudience(audience, directory.audience(), groups.all());
    const [unknown] = found.unknownGroups;
    if (unknown !== undefined) throw codedError('group.not_found', `Nobody is in “${unknown}”.`);
    return found.choices;
  };

  const contentOf = ({ topic, tags, text }: BroadcastInput) => ({
    topic: topic === '' ? null : topic,
    tags: [...new Set(tags)],
    text: text.trim(),
  });

  const viewOf = (id: BroadcastId): BroadcastView => broadcastView(table, existing(id));

  /** Does to each of these messages what a person may do to one; those that went on are left alone. */
  const each = async (ids: readonly MessageId[], event: 'retry' | 'cancel'): Promise<number> =>
    ledger.write((tx) => {
      let done = 0;
      for (const id of ids) {
        const row = parts.messages.outgoing(id);
        const patch =
          event === 'retry'
            ? { error: null, queuedAt: clock.now(), delayed: false }
            : { error: null };
        if (row && tx.move(row, event, patch)) done += 1;
      }
      return done;
    });

  return {
    groups: groups.all,
    group: groups.view,
    newest: () =>
      table.before.all(Number.MAX_SAFE_INTEGER, NEWEST).map((row) => broadcastView(table, row)),
    view: (id) => {
      const row = table.byId.get(id);
      return row ? broadcastView(table, row) : null;
    },
    row: (id) => {
      const [broadcastId = '', position = ''] = id.split('/');
      const head = table.byId.get(broadcastId as BroadcastId);
      const row = head && table.rowAt.get(head.row, Number(position));
      return head && row ? rowView(head.id, row) : null;
    },
    hear: knowledge.hear,
    isKnown: knowledge.isKnown,
    look: (text) => previewText(parts, text),
    heard: knowledge.count,
    start: groups.start,
    forgetBefore: async (at) => {
      await parts.options.store.write(() => {
        table.forgetBefore.run(at);
        knowledge.forgetBefore(at);
      });
    },
    stop: groups.stop,
    handlers: {
      ...groups.handlers,
      ...knowledge.handlers,
      'broadcast.preview': (input) => {
        const written = writeBroadcast(contentOf(input));
        const choices = choose(input.audience);
        const there = circulation.threadsFor(choices);
        const recipients = choices.map((choice) =>
          previewRecipient(parts, choice, there.get(choice), BROADCAST_TITLE),
        );
        return ok({ message: previewText(parts, written), recipients });
      },
      'broadcast.send': async (input, { asked }) => {
        const id = input.id ?? (v7() as BroadcastId);
        if (table.byId.get(id)) return ok({ broadcast: viewOf(id), warning: 'none' });
        if (input.text.trim() === '') {
          throw codedError('message.empty', 'It holds nothing but white space.');
        }
        const written = writeBroadcast(contentOf(input));
        const warning = checkSize(Buffer.byteLength(written), parts.options.settings());
        if (!input.anyway) checkText(written);
        const seen = input.to && new Set(input.to);
        const choices = choose(input.audience).map((choice) =>
          choice.included && seen && !seen.has(choice.peer.peerId) ? notSeen(choice) : choice,
        );
        if (!choices.some((choice) => choice.included)) {
          throw codedError('broadcast.nobody', nobodyWords(choices));
        }
        const audience = audienceWords(input.audience, choices);
        const made = { id, content: contentOf(input), audience, choices, written, asked };
        const lanes = freeLanes();
        try {
          const { head, rows } = await ledger.write((tx) => {
            const stored = circulation.store(made, lanes, tx);
            for (const [messageId, position] of stored.positions) {
              places.set(messageId, { id, position });
            }
            return stored;
          });
          lanes.send(rows, written);
          tell(id, null);
          return ok({ broadcast: freshView(head, rows), warning });
        } catch (error) {
          for (const [messageId, place] of places) if (place.id === id) places.delete(messageId);
          throw error;
        } finally {
          lanes.drop();
        }
      },
      'broadcast.retry': async ({ broadcastId, messageIds }) => {
        const failed = table.inState.all(existing(broadcastId).row, 'failed').map(({ id }) => id);
        const wanted = messageIds && new Set(messageIds);
        const ids = failed.filter((id) => !wanted || wanted.has(id));
        return ok({ retried: await each(ids, 'retry') });
      },
      'broadcast.cancel': async ({ broadcastId }) => {
        const queued = table.inState.all(existing(broadcastId).row, 'queued').map(({ id }) => id);
        return ok({ cancelled: await each(queued, 'cancel') });
      },
      'broadcast.list': ({ cursor }) => {
        const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
        if (!Number.isSafeInteger(before)) throw codedError('broadcast.not_found', 'No such page.');
        const rows = table.before.all(before, PAGE + 1);
        const shown = rows.slice(0, PAGE);
        return ok({
          broadcasts: shown.map((row) => broadcastView(table, row)),
          nextCursor: rows.length > PAGE ? String(shown.at(-1)?.row) : null,
        });
      },
      'broadcast.open': ({ broadcastId }) => {
        const head = existing(broadcastId);
        const rows = table.rows.all(head.row).map((row) => rowView(head.id, row));
        return ok({ broadcast: broadcastView(table, head), rows });
      },
      'broadcast.close': () => ok({}),
    },
  };
}

const notSeen = (choice: Choice): Choice => ({
  ...choice,
  included: false,
  reason: 'not_seen',
  why: 'It was not on the list that you saw.',
});

/** *Everyone*; or the groups and the first names. */
function audienceWords(audience: Audience, choices: readonly Choice[]): string {
  if (audience.kind === 'all') return 'Everyone';
  const named = new Set(audience.peerIds);
  const names = choices.filter(({ peer }) => named.has(peer.peerId)).map(({ peer }) => peer.name);
  const all = [...audience.groups, ...names];
  const rest = all.length - 4;
  return rest > 1 ? `${all.slice(0, 4).join(', ')} and ${rest} more` : all.join(', ');
}

function nobodyWords(choices: readonly Choice[]): string {
  if (choices.length === 0) return 'No peer was chosen.';
  const named = choices.slice(0, 3).map(({ peer, why }) => `${peer.name}: ${why}`);
  const rest = choices.length - named.length;
  return `${named.join(' ')}${rest > 0 ? ` And ${rest} more.` : ''}`;
}
