import {
  Archive,
  ArchiveRestore,
  BellOff,
  BellRing,
  Cable,
  ChevronDown,
  Pencil,
  Plus,
  Trash2,
} from 'lucide-react';
import { Tabs } from 'radix-ui';
import {
  type LinkView,
  type PeerId,
  ThreadId,
  type ThreadView,
} from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../components/menu.tsx';
import { useClient, useDetail, useThreads } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { linkHost, preferredLink } from '../../words/links.ts';
import { linkWord } from '../../words/states.ts';

interface ThreadTabsProps {
  peerId: PeerId;
  threadId: ThreadId | null;
}

/** The threads with this peer, the newest first, and what can be done with the open one. */
export function ThreadTabs({ peerId, threadId }: ThreadTabsProps) {
  const client = useClient();
  const threads = useThreads(peerId);
  const links = useDetail(peerId)?.links ?? [];
  const open = threads.find((thread) => thread.id === threadId);
  const shown = threads.filter((thread) => !thread.archived || thread.id === threadId);
  const archived = threads.filter((thread) => thread.archived);
  const select = (id: string) => {
    const parsed = ThreadId.safeParse(id);
    if (parsed.success) void client.navigation.openThread(parsed.data);
  };
  const create = async (link: LinkView | null) => {
    const linkId = link?.id ?? null;
    const made = await client.act('thread.create', { peerId, linkId, title: '', agentId: null });
    if (made) await client.navigation.openThread(made.threadId);
  };
  return (
    <div className="tabs">
      {shown.length === 0 ? (
        <span className="tab tab--none">
          {archived.length > 0 ? 'All threads are archived' : 'No thread yet'}
        </span>
      ) : null}
      <Tabs.Root
        className="tabs__root"
        value={threadId ?? ''}
        onValueChange={select}
        activationMode="manual"
      >
        <Tabs.List className="tabs__list" aria-label="Threads" hidden={shown.length === 0}>
          {shown.map((thread) => (
            <Tabs.Trigger
              key={thread.id}
              value={thread.id}
              className="tab"
              aria-controls={undefined}
            >
              {thread.unread > 0 ? (
                <span
                  className="tab__dot"
                  role="img"
                  aria-label={counted(thread.unread, 'unread message')}
                />
              ) : null}
              <bdi className="clip">{threadTitle(thread)}</bdi>
              {thread.muted ? <BellOff className="tab__muted" aria-label="muted" /> : null}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </Tabs.Root>
      {links.length > 1 ? (
        <LinkMenu links={links} onPick={(link) => void create(link)} />
      ) : (
        <IconButton
          icon={Plus}
          size="small"
          label="New thread"
          onClick={() => void create(preferredLink(links))}
        />
      )}
      <span className="bar__gap" />
      {archived.length > 0 ? <ArchiveMenu archived={archived} onSelect={select} /> : null}
      {open ? <ThreadMenu thread={open} /> : null}
    </div>
  );
}

interface LinkMenuProps {
  links: readonly LinkView[];
  onPick: (link: LinkView) => void;
}

/** A new thread, over which of several links: the one that is best now comes first. */
function LinkMenu({ links, onPick }: LinkMenuProps) {
  const best = preferredLink(links);
  const ordered = best ? [best, ...links.filter((link) => link !== best)] : links;
  return (
    <Menu align="start" trigger={<IconButton icon={Plus} size="small" label="New thread" />}>
      {ordered.map((link) => (
        <MenuItem
          key={link.id}
          icon={Cable}
          keys={linkWord[link.state.kind]}
          onSelect={() => onPick(link)}
        >
          {linkHost(link)}
        </MenuItem>
      ))}
    </Menu>
  );
}

interface ArchiveMenuProps {
  archived: readonly ThreadView[];
  onSelect: (id: string) => void;
}

/** The way back to what was archived, there as long as something is. */
function ArchiveMenu({ archived, onSelect }: ArchiveMenuProps) {
  return (
    <Menu trigger={<IconButton icon={Archive} size="small" label="Archived threads" />}>
      {archived.map((one) => (
        <MenuItem key={one.id} icon={Archive} onSelect={() => onSelect(one.id)}>
          {threadTitle(one)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function ThreadMenu({ thread }: { thread: ThreadView }) {
  const client = useClient();
  const threadId = thread.id;
  return (
    <Menu trigger={<IconButton icon={ChevronDown} size="small" label="This thread" />}>
      <MenuItem
        icon={Pencil}
        onSelect={() => client.navigation.show({ kind: 'rename_thread', threadId })}
      >
        Rename
      </MenuItem>
      <MenuItem
        icon={thread.muted ? BellRing : BellOff}
        onSelect={() => void client.act('thread.mute', { threadId, muted: !thread.muted })}
      >
        {thread.muted ? 'Unmute' : 'Mute'}
      </MenuItem>
      <MenuItem
        icon={thread.archived ? ArchiveRestore : Archive}
        onSelect={() => void client.act('thread.archive', { threadId, archived: !thread.archived })}
      >
        {thread.archived ? 'Take out of the archive' : 'Archive'}
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={Trash2}
        danger
        onSelect={() => client.navigation.show({ kind: 'delete_thread', threadId })}
      >
        Delete
      </MenuItem>
    </Menu>
  );
}

/** What a thread is called where nobody has named it. */
export const threadTitle = (thread: Pick<ThreadView, 'title'>): string =>
  thread.title === '' ? 'New thread' : thread.title;
