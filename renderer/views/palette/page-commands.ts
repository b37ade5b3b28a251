import {
  Bot,
  CalendarClock,
  CirclePause,
  CirclePlay,
  Files,
  FolderInput,
  Inbox,
  Lightbulb,
  ListChecks,
  type LucideIcon,
  Mail,
  Megaphone,
  RadioTower,
  Save,
  Send,
  Waypoints,
} from 'lucide-react';
import type { Client } from '../../store/client.ts';
import { exportPeers } from '../import/export-peers.ts';

interface PageCommand {
  readonly text: string;
  readonly icon: LucideIcon;
  readonly words: string;
  run(): void;
}

/** The commands that lead to pages, and those that bring peers in or take them out. */
export function pageCommands(client: Client): PageCommand[] {
  const { navigation } = client;
  const paused = client.mirror.getState().settings.incomingPaused;
  return [
    {
      text: 'Set up step by step',
      icon: ListChecks,
      words: 'wizard tailscale gateway bind',
      run: () => navigation.showPage({ kind: 'setup', step: null }),
    },
    {
      text: 'Broadcast',
      icon: Megaphone,
      words: 'everyone all group team dry run send to many',
      run: () => navigation.showPage({ kind: 'broadcast', tab: 'write', broadcastId: null }),
    },
    {
      text: 'Broadcasts that were sent',
      icon: Megaphone,
      words: 'history retry failed recipients',
      run: () => navigation.showPage({ kind: 'broadcast', tab: 'sent', broadcastId: null }),
    },
    {
      text: 'Knowledge',
      icon: Lightbulb,
      words: 'broadcasts insights topics tags share',
      run: () => navigation.showPage({ kind: 'broadcast', tab: 'knowledge', broadcastId: null }),
    },
    {
      text: 'Inbox',
      icon: Inbox,
      words: 'incoming delegations accept decline',
      run: () => navigation.showPage({ kind: 'inbox', delegationId: null }),
    },
    {
      text: paused ? 'Take in work again' : 'Pause incoming work',
      icon: paused ? CirclePlay : CirclePause,
      words: 'stop kill switch incoming reception resume',
      run: () => void client.act('settings.update', { changes: { incomingPaused: !paused } }),
    },
    {
      text: 'Agents',
      icon: Bot,
      words: 'requests approve deny rules budget command line mcp skill',
      run: () => navigation.showPage({ kind: 'agents', requestId: null }),
    },
    {
      text: 'Delegate work to a peer',
      icon: Send,
      words: 'delegation task ask compose',
      run: () => navigation.show({ kind: 'compose', form: 'delegation' }),
    },
    {
      text: 'Write a morning status',
      icon: Send,
      words: 'compose form insight review feedback milestone blocker question close',
      run: () => navigation.show({ kind: 'compose', form: 'status' }),
    },
    {
      text: 'Relays',
      icon: RadioTower,
      words: 'clawlink relay team agents lan',
      run: () => navigation.showPage({ kind: 'relays' }),
    },
    {
      text: 'Shared files',
      icon: Files,
      words: 'clawlink relay documents versions',
      run: () => navigation.showPage({ kind: 'files', file: null }),
    },
    {
      text: 'Be a relay for your team',
      icon: Waypoints,
      words: 'clawlink relay server start stop lan token',
      run: () => navigation.showPage({ kind: 'relay_server' }),
    },
    {
      text: 'Schedule a morning status',
      icon: CalendarClock,
      words: 'status every day weekdays time',
      run: () => navigation.show({ kind: 'morning_status' }),
    },
    {
      text: 'Use an invite',
      icon: Mail,
      words: 'redeem link code',
      run: () => navigation.showPage({ kind: 'invite', text: '' }),
    },
    {
      text: 'Take over peers from another tool',
      icon: FolderInput,
      words: 'import clawlink mesh peer-config',
      run: () => navigation.show({ kind: 'import' }),
    },
    {
      text: 'Save the list of peers as a file',
      icon: Save,
      words: 'export backup json',
      run: () => void exportPeers(client),
    },
  ];
}
