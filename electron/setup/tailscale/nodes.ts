/** Machines of the tailnet, from Tailscale's words into ours. Pure. */
import {
  type TailnetNode,
  TailnetNodeId,
  type TailnetPath,
  type TailnetPeer,
} from '../../contract/index.ts';
import type { RawNode, RawStatus } from './status-format.ts';
import { plainLine } from './words.ts';

/** The last ping of a machine. */
export interface PingMemory {
  readonly path: TailnetPath;
}

const withoutDot = (name: string): string => name.replace(/\.$/, '');

/** A time of Go's: its zero time, and what is none, are null. */
function time(text: string): number | null {
  const at = Date.parse(text);
  return Number.isFinite(at) && at > 0 ? at : null;
}

const ipv4First = (addresses: readonly string[]): string[] =>
  addresses
    .map((address) => plainLine(address, 60))
    .toSorted((a, b) => Number(a.includes(':')) - Number(b.includes(':')));

/** One machine; null where it has no id yet (before the first login). */
export function nodeOf(raw: RawNode, users: RawStatus['User'], now: number): TailnetNode | null {
  if (raw.ID === '') return null;
  const dnsName = plainLine(withoutDot(raw.DNSName));
  const user = users?.[String(raw.AltSharerUserID || raw.UserID)];
  const keyExpiresAt = time(raw.KeyExpiry);
  return {
    id: TailnetNodeId.parse(raw.ID.slice(0, 100)),
    name: dnsName.split('.')[0] || plainLine(raw.HostName) || plainLine(raw.ID),
    dnsName,
    addresses: ipv4First(raw.TailscaleIPs),
    os: plainLine(raw.OS, 40),
    owner:
      raw.Tags.length === 0 && user
        ? { login: plainLine(user.LoginName), name: plainLine(user.DisplayName) }
        : null,
    tags: raw.Tags.slice(0, 32).map((tag) => plainLine(tag, 100)),
    online: raw.Online,
    lastSeen: raw.Online ? null : time(raw.LastSeen),
    expired: raw.Expired || (keyExpiresAt !== null && keyExpiresAt <= now),
    keyExpiresAt,
  };
}

/** Which way packets go: told by Tailscale while they do, and by the last ping a while longer. */
export function pathOf(raw: RawNode, ping: TailnetPath | undefined, now: number): TailnetPath {
  const last = { ms: ping?.ms ?? null, pingedAt: ping?.pingedAt ?? null };
  if (raw.Active) {
    if (raw.CurAddr !== '') return { kind: 'direct', region: null, ...last };
    if (raw.PeerRelay !== '') return { kind: 'peer_relay', region: null, ...last };
    if (raw.Relay !== '') return { kind: 'relayed', region: plainLine(raw.Relay, 20), ...last };
  }
  const fresh = ping?.pingedAt != null && now - ping.pingedAt < PING_HOLDS_MS;
  return fresh ? ping : { kind: 'unknown', region: null, ...last };
}

/** As long as Tailscale itself calls a peer active after a packet (ipnstate.go: two minutes). */
const PING_HOLDS_MS = 120_000;

/** Hidden as `tailscale status` hides them: there only because we share something, or a rented exit. */
const isHidden = (raw: RawNode): boolean =>
  raw.ShareeNode || (raw.Location != null && raw.ExitNodeOption && !raw.ExitNode);

/** The name under which a tailnet's machines are; empty where it gives none. */
export const suffixOf = (status: RawStatus): string =>
  withoutDot(status.CurrentTailnet?.MagicDNSSuffix || status.MagicDNSSuffix);

/** All machines but this one, by name. */
export function peersOf(
  status: RawStatus,
  pings: ReadonlyMap<string, TailnetPath>,
  now: number,
): TailnetPeer[] {
  const suffix = suffixOf(status).toLowerCase();
  const me = status.Self;
  const peers: TailnetPeer[] = [];
  for (const raw of status.Peer) {
    const node = isHidden(raw) ? null : nodeOf(raw, status.User, now);
    if (!node) continue;
    peers.push({
      ...node,
      path: node.online
        ? pathOf(raw, pings.get(node.id), now)
        : { kind: 'unknown', region: null, ms: null, pingedAt: null },
      mine: raw.Tags.length === 0 && me != null && me.UserID !== 0 && raw.UserID === me.UserID,
      // A shared machine keeps the name of the tailnet that it comes from.
      sharedIn:
        suffix !== '' && node.dnsName !== '' && !node.dnsName.toLowerCase().endsWith(`.${suffix}`),
    });
  }
  return peers.toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1,
  );
}
