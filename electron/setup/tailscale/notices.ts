/**
 * What Tailscale's message bus tells (`debug watch-ipn`), as far as it is used. It is a debug command:
 * what a notice says for sure is taken as it is, all else only leads to asking again.
 * Source: ipn/backend.go (Notify), tailcfg (PeerChange, Node) of v1.102.3; NetMap in older versions.
 */
import * as z from 'zod';
import { BackendState, type RawStatus } from './status-format.ts';
import { plainLine } from './words.ts';

/** What one message says. Null, or empty, where it says nothing of that. */
export interface Notice {
  readonly state: BackendState | null;
  /** Who else holds the daemon, where that is the state. */
  readonly otherUser: string;
  /** Which machines are online now, by their `NodeID`. */
  readonly online: ReadonlyMap<number, boolean>;
  readonly removed: ReadonlySet<number>;
  /** The login server; empty for the vendor's. */
  readonly loginServer: string | null;
  /** Something changed that only asking tells. */
  readonly askAgain: boolean;
}

const Peer = z.object({ ID: z.number(), Online: z.boolean().nullish() });
const Patch = z.object({
  NodeID: z.number(),
  Online: z.boolean().nullish(),
  KeyExpiry: z.unknown().optional(),
});
const list = <T extends z.ZodType>(item: T) => z.array(item).nullish().catch(null);

const Raw = z.object({
  State: z.number().int().nullish().catch(null),
  ErrMessage: z.string().nullish().catch(null),
  LoginFinished: z.unknown().optional(),
  BrowseToURL: z.unknown().optional(),
  SelfChange: z.unknown().optional(),
  Health: z.unknown().optional(),
  Prefs: z
    .object({ ControlURL: z.string().catch('') })
    .nullish()
    .catch(null),
  NetMap: z
    .object({ Peers: list(Peer) })
    .nullish()
    .catch(null),
  PeerChangedPatch: list(Patch),
  PeersChanged: list(Peer),
  PeersRemoved: list(z.number()),
});

/** States go by number here, in the order of ipn.State. */
const STATES = BackendState.options;

/** Reads one notice; null for what is none. */
export function readNotice(object: unknown): Notice | null {
  const parsed = Raw.safeParse(object);
  if (!parsed.success) return null;
  const raw = parsed.data;
  const online = new Map<number, boolean>();
  for (const peer of [...(raw.NetMap?.Peers ?? []), ...(raw.PeersChanged ?? [])]) {
    if (peer.Online != null) online.set(peer.ID, peer.Online);
  }
  for (const patch of raw.PeerChangedPatch ?? []) {
    if (patch.Online != null) online.set(patch.NodeID, patch.Online);
  }
  return {
    state: (raw.State == null ? undefined : STATES[raw.State]) ?? null,
    otherUser: plainLine(raw.ErrMessage ?? '', 300),
    online,
    removed: new Set(raw.PeersRemoved ?? []),
    loginServer: raw.Prefs ? raw.Prefs.ControlURL : null,
    askAgain:
      raw.LoginFinished != null ||
      raw.BrowseToURL != null ||
      raw.SelfChange != null ||
      raw.Health != null ||
      raw.NetMap != null ||
      (raw.PeersChanged?.length ?? 0) > 0 ||
      (raw.PeersRemoved?.length ?? 0) > 0 ||
      (raw.PeerChangedPatch ?? []).some((patch) => patch.KeyExpiry != null),
  };
}

/** The last answer with what a notice says for sure. @param now for machines that just went */
export const withNotice = (status: RawStatus, notice: Notice, now: number): RawStatus => ({
  ...status,
  BackendState: notice.state ?? status.BackendState,
  Peer: status.Peer.filter((peer) => !notice.removed.has(peer.NodeID)).map((peer) => {
    const online = notice.online.get(peer.NodeID);
    return online === undefined || online === peer.Online
      ? peer
      : { ...peer, Online: online, LastSeen: online ? '' : new Date(now).toISOString() };
  }),
});
