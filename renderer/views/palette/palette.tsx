import { Command } from 'cmdk';
import {
  Bell,
  Cable,
  FlaskConical,
  House,
  Keyboard,
  type LucideIcon,
  MessageSquarePlus,
  Network,
  PanelRight,
  RefreshCw,
  Search,
  Settings2,
  SunMoon,
} from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useMemo, useState } from 'react';
import type { PeerRow } from '../../../electron/contract/index.ts';
import { useFocusReturn } from '../../components/focus-return.ts';
import { layers } from '../../components/layers.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { useClient, useMirror, useUi } from '../../store/hooks.ts';
import { useKeysText } from '../../store/use-keys-text.ts';
import { peerShape } from '../../words/states.ts';
import { focusPane } from '../shell/use-keys.ts';
import { pageCommands } from './page-commands.ts';
import './palette.css';

/** The most peers that are offered at once; the list itself shows them all. */
const MOST_PEERS = 12;

interface PaletteCommand {
  readonly text: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  readonly words?: string;
  run(): void;
}

/** Every command and every peer, by a few letters of its name. */
export function Palette() {
  const client = useClient();
  const { opening, closed } = useFocusReturn();
  const [text, setText] = useState('');
  const keys = useKeysText();
  const commands = useCommands().filter((command) =>
    fits(`${command.text} ${command.words ?? ''}`, text),
  );
  const peers = usePeersByText(text);
  const close = () => client.ui.setState({ palette: false });
  const run = (act: () => void) => {
    close();
    act();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal container={layers()}>
        <Radix.Overlay className="dialog-shade" />
        <Radix.Content
          className="dialog dialog--high palette"
          aria-describedby={undefined}
          onOpenAutoFocus={opening}
          onCloseAutoFocus={closed}
        >
          <Radix.Title className="unseen">Commands and peers</Radix.Title>
          <Command shouldFilter={false} loop label="Commands and peers">
            <Command.Input
              className="palette__field"
              value={text}
              onValueChange={setText}
              placeholder="Go to a peer, or do something"
              maxLength={100}
            />
            <Command.List className="palette__list" label="Found">
              <Command.Empty className="palette__none">Nothing fits “{text.trim()}”</Command.Empty>
              {peers.length > 0 ? (
                <Command.Group heading="Peers">
                  {peers.map((peer) => (
                    <Command.Item
                      key={peer.id}
                      value={peer.id}
                      onSelect={() => run(() => void client.navigation.openPeer(peer.id))}
                    >
                      <StatusMark shape={peerShape(peer.status)} />
                      <bdi className="clip" title={peer.name}>
                        {peer.name}
                      </bdi>
                      <span className="palette__note clip">{peer.statusText}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              ) : null}
              {commands.length > 0 ? (
                <Command.Group heading="Commands">
                  {commands.map((command) => (
                    <Command.Item
                      key={command.text}
                      value={command.text}
                      onSelect={() => run(command.run)}
                    >
                      <command.icon aria-hidden="true" />
                      <span className="clip">{command.text}</span>
                      {command.keys ? <kbd>{keys(command.keys)}</kbd> : null}
                    </Command.Item>
                  ))}
                </Command.Group>
              ) : null}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const fits = (words: string, text: string): boolean => {
  const lower = words.toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((part) => lower.includes(part));
};

function usePeersByText(text: string): readonly PeerRow[] {
  const all = useMirror((mirror) => mirror.peers);
  return useMemo(() => {
    const wanted = text.trim().toLocaleLowerCase();
    const found: PeerRow[] = [];
    for (const peer of all.values()) {
      if (fits(`${peer.name} ${peer.nickname ?? ''}`, wanted)) found.push(peer);
    }
    return found.sort((a, b) => rank(a, wanted) - rank(b, wanted)).slice(0, MOST_PEERS);
  }, [all, text]);
}

/** Those that begin with it first, then favourites, then those that were active last. */
function rank(peer: PeerRow, wanted: string): number {
  const begins = wanted !== '' && peer.name.toLocaleLowerCase().startsWith(wanted);
  return (begins ? -2e15 : 0) + (peer.favourite ? -1e15 : 0) - (peer.lastActivityAt ?? 0);
}

function useCommands(): readonly PaletteCommand[] {
  const client = useClient();
  const peerId = useUi((ui) => ui.peerId);
  const theme = useMirror((mirror) => mirror.settings.theme);
  const found = useMirror((mirror) => mirror.app?.ownGateway.kind === 'found');
  const links = useMirror((mirror) => (peerId ? mirror.details.get(peerId)?.links : undefined));
  const { navigation } = client;
  const dark = theme === 'dark';
  return [
    {
      text: 'Connect a peer',
      icon: Cable,
      keys: 'New',
      words: 'add new gateway',
      run: () => navigation.show({ kind: 'connect' }),
    },
    {
      text: 'Search messages',
      icon: Search,
      keys: 'Mod F',
      words: 'find',
      run: () => navigation.show({ kind: 'search' }),
    },
    ...(peerId ? [newThread(client, peerId, links?.[0]?.id ?? null)] : []),
    ...(links && links.length > 0
      ? [
          {
            text: 'Reconnect this peer now',
            icon: RefreshCw,
            run: () => {
              for (const link of links) void client.act('link.reconnect', { linkId: link.id });
            },
          },
        ]
      : []),
    ...(peerId
      ? [
          {
            text: 'Show details',
            icon: PanelRight,
            keys: 'Alt 3',
            words: 'health ladder',
            run: () => focusPane(client, 'details'),
          },
        ]
      : []),
    ...(found
      ? [
          {
            text: 'Use my own gateway',
            icon: House,
            run: () => navigation.show({ kind: 'own_gateway' }),
          },
          {
            text: 'Own gateway',
            icon: House,
            words: 'who can reach it, devices, token, audit, bind',
            run: () => navigation.showPage({ kind: 'own_gateway' }),
          },
        ]
      : []),
    {
      text: 'Tailnet',
      icon: Network,
      words: 'tailscale, machines, ping, path, online',
      run: () => navigation.showPage({ kind: 'tailnet' }),
    },
    {
      text: 'Try with a practice peer',
      icon: FlaskConical,
      run: () =>
        void client.act('practice.start', {}).then((started) => {
          if (started) void navigation.openPeer(started.peerId);
        }),
    },
    ...pageCommands(client),
    { text: 'Notices', icon: Bell, run: () => navigation.show({ kind: 'notices' }) },
    {
      text: dark ? 'Switch to light' : 'Switch to dark',
      icon: SunMoon,
      words: 'theme look',
      run: () =>
        void client.act('settings.update', { changes: { theme: dark ? 'light' : 'dark' } }),
    },
    {
      text: 'Settings',
      icon: Settings2,
      keys: 'Mod ,',
      words: 'preferences options',
      run: () => navigation.show({ kind: 'settings', section: 'look' }),
    },
    { text: 'Keyboard', icon: Keyboard, keys: '?', run: () => navigation.show({ kind: 'keys' }) },
  ];
}

function newThread(
  client: ReturnType<typeof useClient>,
  peerId: PeerRow['id'],
  linkId: Parameters<typeof client.call<'thread.create'>>[1]['linkId'],
): PaletteCommand {
  return {
    text: 'New thread with this peer',
    icon: MessageSquarePlus,
    run: () =>
      void client
        .act('thread.create', { peerId, linkId, title: '', agentId: null })
        .then((made) => made && client.navigation.openThread(made.threadId)),
  };
}
