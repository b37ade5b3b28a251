/** Named groups of peers: made, changed, and deleted with an undo. */
import { v7 } from 'uuid';
import type { Cancel } from '../../clock/clock.ts';
import { codedError, type GroupId, type GroupView, ok, type PeerId } from '../../contract/index.ts';
import type { HandlersOf } from '../handlers.ts';
import type { Parts } from '../parts.ts';
import { groupKey } from './audience.ts';
import type { BroadcastTable, GroupRow } from './table.ts';

/** How long a deleted group can be brought back, ms. */
const UNDO_MS = 10_000;

/** The person's groups. One that is deleted is gone for all at once, and can come back for 10 s. */
export interface Groups {
  readonly handlers: HandlersOf<'group'>;
  all(): GroupView[];
  view(id: GroupId): GroupView | null;
  /** Finishes what a stop interrupted. */
  start(): Promise<void>;
  stop(): void;
}

/** Deletes for good by timers; what a stop left over waits for {@link Groups.start}. */
export function createGroups(parts: Parts, table: BroadcastTable): Groups {
  const { clock } = parts;
  const { store, changed } = parts.options;
  const timers = new Map<GroupId, Cancel>();

  const shown = (row: GroupRow): GroupView => ({
    id: row.id,
    name: row.name,
    peerIds: table.members.all(row.id).map((member) => member.peer_id),
  });
  const existing = (id: GroupId): GroupRow => {
    const row = table.group.get(id);
    if (!row || row.deleted_at !== null)
      throw codedError('group.not_found', 'No group has this id.');
    return row;
  };
  const freeName = (name: string, except: GroupId | null): string => {
    const key = groupKey(name);
    const there = table.groupNamed.get(key);
    if (there && there.id !== except) {
      throw codedError('group.name_taken', `It is called “${there.name}”.`);
    }
    return key;
  };
  const setMembers = (id: GroupId, peerIds: readonly PeerId[]): void => {
    table.clearMembers.run(id);
    for (const peerId of peerIds) table.addMember.run(id, peerId);
  };
  const tell = (id: GroupId): void => changed({ type: 'group', id });

  return {
    all: () => table.groups.all().map(shown),
    view: (id) => {
      const row = table.group.get(id);
      return row && row.deleted_at === null ? shown(row) : null;
    },
    start: async () => {
      if (table.deletedGroups.get()?.n === 0) return;
      await store.write(() => table.removeDeletedGroups.run());
    },
    stop: () => {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
    handlers: {
      'group.list': () => ok({ groups: table.groups.all().map(shown) }),
      'group.create': async ({ name, peerIds }) => {
        const id = v7() as GroupId;
        await store.write(() => {
          table.insertGroup.run(id, name, freeName(name, null), clock.now());
          setMembers(id, peerIds);
        });
        tell(id);
        return ok({ groupId: id });
      },
      'group.update': async ({ groupId, changes }) => {
        await store.write(() => {
          existing(groupId);
          if (changes.name !== undefined) {
            table.renameGroup.run(changes.name, freeName(changes.name, groupId), groupId);
          }
          if (changes.peerIds !== undefined) setMembers(groupId, changes.peerIds);
        });
        tell(groupId);
        return ok({});
      },
      'group.delete': async ({ groupId }) => {
        await store.write(() => {
          existing(groupId);
          table.setGroupDeleted.run(clock.now(), groupId);
        });
        const remove = (): void => {
          timers.delete(groupId);
          store
            .write(() => table.removeGroup.run(groupId))
            .catch((error: unknown) => parts.options.log(`a group stays: ${String(error)}`));
        };
        timers.set(groupId, clock.after(UNDO_MS, remove));
        tell(groupId);
        return ok({ undoMs: UNDO_MS });
      },
      'group.restore': async ({ groupId }) => {
        const timer = timers.get(groupId);
        const row = table.group.get(groupId);
        if (!timer || !row) throw codedError('group.undo_expired', 'Its time has run out.');
        await store.write(() => {
          freeName(row.name, groupId);
          table.setGroupDeleted.run(null, groupId);
        });
        timer();
        timers.delete(groupId);
        tell(groupId);
        return ok({});
      },
    },
  };
}
