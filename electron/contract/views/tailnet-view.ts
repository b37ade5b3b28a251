/** What a window is told of Tailscale on this machine, and of the tailnet that it belongs to. */
import * as z from 'zod';
import { AppError, type RemedyAction } from '../result.ts';

/** Tailscale's own stable id of a machine (`ID` of its status); nothing of ours. */
export const TailnetNodeId = z.string().min(1).max(100).brand<'TailnetNodeId'>();
export type TailnetNodeId = z.infer<typeof TailnetNodeId>;

/** How packets go. `unknown` where nothing was sent lately: the path is made only when it is used. */
export const TailnetPath = z.object({
  kind: z.enum(['direct', 'peer_relay', 'relayed', 'unknown']),
  /** Code of the relay's region, for example `fra`; null unless relayed. */
  region: z.string().nullable(),
  /** Round trip of the last ping from here, and when that was. */
  ms: z.number().nullable(),
  pingedAt: z.number().nullable(),
});
export type TailnetPath = z.infer<typeof TailnetPath>;

/** A machine of the tailnet. Its names come from its owner: they are shown as text and prove nothing. */
export const TailnetNode = z.object({
  id: TailnetNodeId,
  /** The first label of the DNS name, else the name that its system gave itself. */
  name: z.string(),
  /** Full name without the dot at the end; empty where the tailnet gives none. */
  dnsName: z.string(),
  /** Plain addresses, IPv4 first. */
  addresses: z.array(z.string()),
  /** As Tailscale says it: `linux`, `macOS`, `windows`, `iOS`, `android`. */
  os: z.string(),
  /** Whose it is; null for tagged machines, which belong to their tags. */
  owner: z.object({ login: z.string(), name: z.string() }).nullable(),
  tags: z.array(z.string()),
  online: z.boolean(),
  /** Known only of machines that are offline. */
  lastSeen: z.number().nullable(),
  expired: z.boolean(),
  /** Null = never. */
  keyExpiresAt: z.number().nullable(),
});
export type TailnetNode = z.infer<typeof TailnetNode>;

/** Another machine of the tailnet, and the way on which it is reached just now. */
export const TailnetPeer = TailnetNode.extend({
  path: TailnetPath,
  /** The same person's as this machine. */
  mine: z.boolean(),
  /** Shared in from another tailnet: it answers, but can start no connection to here. */
  sharedIn: z.boolean(),
});
export type TailnetPeer = z.infer<typeof TailnetPeer>;

/** One way to install Tailscale; commands are shown and copied, never run. */
export const InstallWay = z.object({
  label: z.string(),
  command: z.string().nullable(),
  /** The vendor's page. */
  url: z.string().nullable(),
});
export type InstallWay = z.infer<typeof InstallWay>;

/** Something about the tailnet that is worth knowing though it works. */
export const TailnetWarning = AppError.extend({
  severity: z.enum(['info', 'warning', 'problem']),
  /** The machine that it is about; null = all of it. */
  nodeId: TailnetNodeId.nullable(),
});
export type TailnetWarning = z.infer<typeof TailnetWarning>;

/** Every kind but `running` carries `error`: what it means, and what to do. */
export const TailnetState = z.discriminatedUnion('kind', [
  /** Nobody has looked yet. */
  z.object({ kind: z.literal('unchecked') }),
  z.object({
    kind: z.literal('not_installed'),
    error: AppError,
    lookedAt: z.array(z.string()),
    install: z.array(InstallWay),
  }),
  /** There is a program, but it hangs, is another one, or answers what cannot be read. */
  z.object({
    kind: z.literal('not_usable'),
    error: AppError,
    path: z.string(),
    /** What it said, as it said it, cut at 4,000 characters; secrets taken out. */
    output: z.string(),
    install: z.array(InstallWay),
  }),
  z.object({
    kind: z.literal('daemon_unreachable'),
    error: AppError,
    output: z.string(),
    /** Starts the service, for copying; null where the app is started by hand. */
    command: z.string().nullable(),
  }),
  /** The seven states of the daemon. */
  z.object({ kind: z.literal('no_state'), error: AppError }),
  z.object({ kind: z.literal('in_use_other_user'), error: AppError }),
  z.object({
    kind: z.literal('needs_login'),
    error: AppError,
    /** `key_expired` = it was joined before; `self` says as what. */
    reason: z.enum(['not_joined', 'key_expired']),
    self: TailnetNode.nullable(),
  }),
  z.object({
    kind: z.literal('needs_approval'),
    error: AppError,
    self: TailnetNode.nullable(),
    /** Where an admin approves; null for a login server of one's own. */
    adminUrl: z.string().nullable(),
  }),
  z.object({ kind: z.literal('stopped'), error: AppError, self: TailnetNode.nullable() }),
  z.object({
    kind: z.literal('starting'),
    error: AppError,
    self: TailnetNode.nullable(),
    since: z.number(),
  }),
  z.object({
    kind: z.literal('running'),
    self: TailnetNode,
    /** As its owner calls it, often a login name. */
    tailnet: z.string(),
    /** Names of the tailnet's machines end in this; empty where it has no names. */
    suffix: z.string(),
    /** False where a custom login server's tailnet cannot give certificates. */
    certificates: z.boolean(),
    peers: z.array(TailnetPeer),
    warnings: z.array(TailnetWarning),
  }),
]);
export type TailnetState = z.infer<typeof TailnetState>;
/** For tables and conditions that name states of Tailscale. */
export type TailnetStateKind = TailnetState['kind'];

/** How far joining is. `url` is a key to the login: shown, never stored or logged. */
export const TailnetJoinPhase = z.discriminatedUnion('kind', [
  /** Tailscale was asked, and has not said anything yet. */
  z.object({ kind: z.literal('asking') }),
  z.object({
    kind: z.literal('link'),
    url: z.string(),
    /** The link as a picture: a PNG `data:` URL made by Tailscale; null where it made none. */
    qr: z.string().nullable(),
  }),
  /** This machine was set up before: these settings stand and will be kept. Go on only if agreed. */
  z.object({ kind: z.literal('confirm_flags'), flags: z.array(z.string()), command: z.string() }),
  z.object({ kind: z.literal('approval'), adminUrl: z.string().nullable() }),
  z.object({ kind: z.literal('failed'), error: AppError, output: z.string() }),
]);
export type TailnetJoinPhase = z.infer<typeof TailnetJoinPhase>;

/** A join that was begun and is not forgotten yet. Times in ms since the epoch. */
export const TailnetJoin = z.object({
  by: z.enum(['browser', 'auth_key']),
  /** Null = Tailscale's own. */
  loginServer: z.string().nullable(),
  since: z.number(),
  /** Given up then. */
  until: z.number(),
  phase: TailnetJoinPhase,
});
export type TailnetJoin = z.infer<typeof TailnetJoin>;

/** Tailscale as last seen. `checkedAt`: ms since the epoch, null before the first look. */
export const TailnetView = z.object({
  state: TailnetState,
  /** The program that is used, once one was accepted. */
  program: z.object({ path: z.string(), version: z.string() }).nullable(),
  checkedAt: z.number().nullable(),
  /** A look is under way. */
  checking: z.boolean(),
  /** Whether changes are told by Tailscale at once, or looked for now and then. */
  watching: z.enum(['live', 'polling', 'off']),
  join: TailnetJoin.nullable(),
  /** Set once Tailscale refused a change for want of rights; `tailnet.allowOperator` ends it. */
  denied: z.object({ error: AppError, command: z.string() }).nullable(),
});
export type TailnetView = z.infer<typeof TailnetView>;

/** What is known before anybody looked. */
export const UNCHECKED_TAILNET: TailnetView = {
  state: { kind: 'unchecked' },
  program: null,
  checkedAt: null,
  checking: false,
  watching: 'off',
  join: null,
  denied: null,
};

/** What `tailscale netcheck` found about the network that this machine is in. */
export const NetcheckView = z.object({
  udp: z.boolean(),
  ipv4: z.boolean(),
  ipv6: z.boolean(),
  /** The network hides where packets come from differently for each target: direct paths are hard. */
  hardNat: z.boolean().nullable(),
  /** The relays that answered, nearest first. */
  relays: z.array(z.object({ region: z.string(), ms: z.number() })),
  captivePortal: z.boolean().nullable(),
  /** What it means, in plain sentences. */
  meaning: z.array(z.string()),
});
export type NetcheckView = z.infer<typeof NetcheckView>;

/** How to renew a login that ends, or to have it never end. */
export const KEY_EXPIRY_PAGE: RemedyAction = {
  kind: 'link',
  label: 'About key expiry',
  url: 'https://tailscale.com/kb/1028/key-expiry',
};
