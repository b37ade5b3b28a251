import { EllipsisVertical, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { GroupView, PeerId } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { count } from '../../words/count.ts';
import { GroupDialog } from './group-dialog.tsx';

interface GroupsProps {
  chosen: readonly string[];
  peerIds: readonly PeerId[];
  onChange: (chosen: readonly string[]) => void;
}

interface Shown {
  readonly name: string;
  /** Null for one that only the peer list knows. */
  readonly group: GroupView | null;
  readonly size: number;
}

const key = (name: string): string => name.normalize('NFKC').toLocaleLowerCase('en');

/** Groups that a person made, and those of the peer list; the same name is the same group. */
function useGroups(): readonly Shown[] {
  const groups = useMirror((mirror) => mirror.groups);
  const peers = useMirror((mirror) => mirror.peers);
  return useMemo(() => {
    const members = new Map<string, { name: string; group: GroupView | null; ids: Set<string> }>();
    for (const group of groups.values()) {
      members.set(key(group.name), { name: group.name, group, ids: new Set(group.peerIds) });
    }
    for (const peer of peers.values()) {
      if (peer.group === null) continue;
      const there = members.get(key(peer.group));
      if (there) there.ids.add(peer.id);
      else {
        members.set(key(peer.group), { name: peer.group, group: null, ids: new Set([peer.id]) });
      }
    }
    return [...members.values()]
      .map(({ name, group, ids }) => ({ name, group, size: ids.size }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }, [groups, peers]);
}

/** The groups to choose from, and how they are made, changed and deleted. */
export function Groups({ chosen, peerIds, onChange }: GroupsProps) {
  const client = useClient();
  const groups = useGroups();
  const [edited, setEdited] = useState<GroupView | 'new' | null>(null);
  const keys = new Set(chosen.map(key));
  const toggle = (name: string, on: boolean) =>
    onChange(on ? [...chosen, name] : chosen.filter((one) => key(one) !== key(name)));
  const remove = async (group: GroupView) => {
    const gone = await client.act('group.delete', { groupId: group.id });
    if (!gone) return;
    toggle(group.name, false);
    client.toasts.offerUndo(`${group.name} is deleted`, gone.undoMs, () => {
      void client.act('group.restore', { groupId: group.id });
    });
  };
  return (
    <fieldset className="choose">
      <legend className="field__label">Groups</legend>
      <div className="groups">
        {groups.map(({ name, group, size }) => (
          <span key={key(name)} className="group-chip">
            <label>
              <input
                type="checkbox"
                checked={keys.has(key(name))}
                onChange={(event) => toggle(name, event.target.checked)}
              />
              <span className="clip">{name}</span>
              <span className="hint-text numbers">{count(size)}</span>
            </label>
            {group ? (
              <Menu
                trigger={
                  <IconButton icon={EllipsisVertical} size="small" label={`Group ${name}`} />
                }
              >
                <MenuItem onSelect={() => setEdited(group)}>Change</MenuItem>
                <MenuItem danger onSelect={() => void remove(group)}>
                  Delete
                </MenuItem>
              </Menu>
            ) : null}
          </span>
        ))}
        <Button size="small" look="quiet" icon={Plus} onClick={() => setEdited('new')}>
          New group
        </Button>
      </div>
      {edited ? (
        <GroupDialog
          group={edited === 'new' ? null : edited}
          start={peerIds}
          onDone={(name) => {
            if (edited === 'new') toggle(name, true);
            else if (keys.has(key(edited.name))) {
              onChange([...chosen.filter((one) => key(one) !== key(edited.name)), name]);
            }
          }}
          onClose={() => setEdited(null)}
        />
      ) : null}
    </fieldset>
  );
}
