/** The tray's menu as plain lines, from what is true now. The tray puts them up only when they differ. */
import { type PeerRow, placeText, type Snapshot } from '../../contract/index.ts';
import { trayLook } from './tray-look.ts';

/** What a line does when it is clicked. */
export type MenuAction =
  | { readonly kind: 'show' }
  | { readonly kind: 'go'; readonly place: string }
  | { readonly kind: 'pause'; readonly paused: boolean }
  | { readonly kind: 'stop_running' }
  | { readonly kind: 'quit' };

/** One line of the menu, comparable as JSON. */
export type MenuLine =
  | {
      readonly label: string;
      /** Null = a heading, which cannot be clicked. */
      readonly action: MenuAction | null;
      /** Present on a line with a check mark. */
      readonly checked?: boolean;
    }
  | { readonly separator: true };

/** What the menu is made of. */
export type TrayFacts = Pick<Snapshot, 'app' | 'peers' | 'settings'>;

const MAX_PEERS = 10;
const LABEL_UNITS = 60;
const TROUBLE: ReadonlySet<PeerRow['status']> = new Set([
  'needs_you',
  'blocked',
  'down',
  'degraded',
]);
const separator = { separator: true } as const;

/** The whole menu. It holds everything that a click on the icon does: some panels swallow clicks. */
export function trayMenu(now: TrayFacts): MenuLine[] {
  const { incomingPaused } = now.settings;
  return [
    { label: plain(trayLook(now.app, now.settings).status), action: null },
    ...waitingLines(now.app.waiting),
    separator,
    {
      label: 'Pause incoming',
      checked: incomingPaused,
      action: { kind: 'pause', paused: !incomingPaused },
    },
    ...runningLine(now),
    ...peerLines(now.peers),
    separator,
    { label: 'Open Peerage', action: { kind: 'show' } },
    { label: 'Settings', action: go(placeText({ kind: 'settings', section: null })) },
    { label: 'Quit Peerage', action: { kind: 'quit' } },
  ];
}

/** A pause lets nothing more in; what runs already is stopped only where the person says so. */
function runningLine({ app, settings }: TrayFacts): MenuLine[] {
  const { running } = app.reception;
  if (!settings.incomingPaused || running === 0) return [];
  return [{ label: `Stop what runs for others (${running})`, action: { kind: 'stop_running' } }];
}

const go = (place: string): MenuAction => ({ kind: 'go', place });

/** What waits for the person, each line leading to where it is decided. */
function waitingLines({ total, first }: Snapshot['app']['waiting']): MenuLine[] {
  const more = total - first.length;
  return [
    ...first.map(({ title, to }) => ({ label: plain(`Needs you: ${title}`), action: go(to) })),
    ...(more > 0
      ? [{ label: `${more} more need you`, action: go(placeText({ kind: 'notices' })) }]
      : []),
  ];
}

/** One click on a peer is the way to a message: its newest thread, with the field ready. */
function peerLines(all: readonly PeerRow[]): MenuLine[] {
  if (all.length === 0) return [];
  const peers = [...all].sort(byWeight).slice(0, MAX_PEERS);
  const more = all.length - peers.length;
  return [
    separator,
    { label: 'Send a message to', action: null },
    ...peers.map(peerLine),
    ...(more > 0
      ? [{ label: `${more} more in the window`, action: { kind: 'show' } as const }]
      : []),
  ];
}

function peerLine(peer: PeerRow): MenuLine {
  const unread = peer.unread === 0 ? '' : ` (${peer.unread} unread)`;
  const name = peer.nickname ?? peer.name;
  return {
    label: plain(`${name}: ${peer.statusText}${unread}`),
    action: go(placeText({ kind: 'message', peerId: peer.id, threadId: null })),
  };
}

/** Trouble first, then favourites, then who wrote, then who was last spoken with. */
function byWeight(a: PeerRow, b: PeerRow): number {
  const weigh = (peer: PeerRow): number =>
    (TROUBLE.has(peer.status) ? 4 : 0) + (peer.favourite ? 2 : 0) + (peer.unread > 0 ? 1 : 0);
  return (
    weigh(b) - weigh(a) ||
    (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0) ||
    a.name.localeCompare(b.name)
  );
}

/** One line of a menu: no control characters, no mnemonic, not endless. Names come from peers. */
function plain(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const cut =
    line.length > LABEL_UNITS ? `${line.slice(0, LABEL_UNITS - 1).toWellFormed()}…` : line;
  return cut.replaceAll('&', '&&');
}
