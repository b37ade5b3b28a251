/** The tray's menu as plain lines, from what is true now. The tray puts them up only when they differ. */
import { type PeerId, type PeerRow, placeText, type Snapshot } from '../../contract/index.ts';
import { trayLook } from './tray-look.ts';

/** What a line does when it is clicked. */
export type MenuAction =
  | { readonly kind: 'show' }
  | { readonly kind: 'go'; readonly place: string }
  | { readonly kind: 'quit' };

export type MenuLine =
  | { readonly label: string; readonly action: MenuAction | null }
  | { readonly separator: true };

const MAX_PEERS = 10;
const LABEL_UNITS = 60;
const TROUBLE: ReadonlySet<PeerRow['status']> = new Set([
  'needs_you',
  'blocked',
  'down',
  'degraded',
]);
const APPROVALS: ReadonlySet<string> = new Set(['link.needs_approval', 'link.identity_changed']);

/** The whole menu. */
export function trayMenu(now: Pick<Snapshot, 'app' | 'peers' | 'warnings'>): MenuLine[] {
  const separator = { separator: true } as const;
  const approvals = now.warnings.filter((warning) => APPROVALS.has(warning.code));
  const peers = [...now.peers].sort(byWeight).slice(0, MAX_PEERS);
  const more = now.peers.length - peers.length;
  return [
    { label: plain(trayLook(now.app).status), action: null },
    ...approvals.slice(0, 3).map((warning) => ({
      label: plain(`Needs you: ${warning.title}`),
      action: go(
        warning.peerId === null
          ? placeText({ kind: 'notices' })
          : placeText({ kind: 'peer_health', peerId: warning.peerId }),
      ),
    })),
    ...(peers.length > 0 ? [separator] : []),
    ...peers.map(peerLine),
    ...(more > 0
      ? [{ label: `${more} more in the window`, action: { kind: 'show' } as const }]
      : []),
    separator,
    { label: 'Open Peerage', action: { kind: 'show' } },
    { label: 'Settings', action: go(placeText({ kind: 'settings', section: null })) },
    { label: 'Quit Peerage', action: { kind: 'quit' } },
  ];
}

const go = (place: string): MenuAction => ({ kind: 'go', place });

function peerLine(peer: PeerRow): MenuLine {
  const unread = peer.unread === 0 ? '' : ` (${peer.unread} unread)`;
  const name = peer.nickname ?? peer.name;
  return {
    label: plain(`${name}: ${peer.statusText}${unread}`),
    action: go(placeText({ kind: 'peer', peerId: peer.id as PeerId })),
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
