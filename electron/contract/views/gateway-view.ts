/** What a window is told of the gateway on this machine: how it runs, who can reach it, who is in. */
import * as z from 'zod';
import { LinkId, PeerId } from '../ids.ts';
import { AppError } from '../result.ts';
import { PairingRequest } from './gateway-device-view.ts';

/** What an address of this machine belongs to. `other` = bridges of containers, VPNs and the like. */
export const AddressKind = z.enum(['loopback', 'lan', 'tailnet', 'other']);
export type AddressKind = z.infer<typeof AddressKind>;

/** The bind settings as the configuration file holds them; null where it says nothing. */
export const GatewaySettings = z.object({
  port: z.number().int(),
  bind: z.string().nullable(),
  customAddress: z.string().nullable(),
  auth: z.enum(['none', 'token', 'password', 'trusted-proxy', 'unknown']),
  tls: z.boolean(),
  tailscale: z.enum(['off', 'serve', 'funnel']),
  /** New devices from this machine need nobody's approval; OpenClaw's default is true. */
  autoApproveLocal: z.boolean(),
  /** An own Control UI or proxy address that is announced, where one is set. */
  publicOrigin: z.string().nullable(),
});
export type GatewaySettings = z.infer<typeof GatewaySettings>;

/** A socket that listens on the gateway's port, as the system lists it. */
export const GatewayListener = z.object({
  address: z.string(),
  port: z.number().int(),
  /** Null where the system does not tell (another user's process, or not Linux). */
  pid: z.number().int().nullable(),
  process: z.string().nullable(),
});
export type GatewayListener = z.infer<typeof GatewayListener>;

/** Who keeps the gateway's process running. */
export const GatewayKeeper = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('service'),
    manager: z.enum(['systemd', 'launchd', 'schtasks', 'other']),
    label: z.string(),
  }),
  /** Started by hand, in a terminal or by another program. */
  z.object({ kind: z.literal('foreground') }),
  z.object({ kind: z.literal('not_running') }),
  /** It runs, and nobody could tell who started it. */
  z.object({ kind: z.literal('unknown') }),
]);
export type GatewayKeeper = z.infer<typeof GatewayKeeper>;

/** The gateway of this user on this machine, looked at now. Holds no secret. */
export const GatewayStatus = z.object({
  /** The command line, where there is one; `version` null where it did not tell. */
  installed: z.object({ path: z.string(), version: z.string().nullable() }).nullable(),
  configPath: z.string().nullable(),
  /** Set where the file is missing or cannot be read: then `settings` is null. */
  error: AppError.nullable(),
  settings: GatewaySettings.nullable(),
  /** `elsewhere` = the file names a gateway on another machine: nothing can be changed here. */
  place: z.enum(['here', 'elsewhere', 'unknown']),
  credential: z.enum(['token', 'password', 'none', 'not_in_file']),
  running: z.boolean(),
  /** Ready for work (`/readyz`); false also while it starts. */
  ready: z.boolean(),
  keeper: GatewayKeeper,
  /** Empty where the system does not tell: then only connecting proves anything (`ownGateway.exposure`). */
  listeners: z.array(GatewayListener),
  /** A person's way to start it, for copying. */
  startCommand: z.string().nullable(),
  checkedAt: z.number(),
});
export type GatewayStatus = z.infer<typeof GatewayStatus>;

/** One address of this machine, tried by connecting to it. */
export const AddressExposure = z.object({
  address: z.string(),
  interfaceName: z.string(),
  kind: AddressKind,
  /**
   * `open` = a gateway answers there. `other` = something that is no gateway answers on its port.
   * `filtered` = no answer at all, as behind a firewall.
   */
  state: z.enum(['open', 'closed', 'filtered', 'other']),
  /** What answers at this address is not the gateway's own listener: a tunnel or forwarder to it. */
  forwarded: z.boolean(),
  /** Who can reach it there, in one sentence. */
  meaning: z.string(),
  ms: z.number().nullable(),
});
export type AddressExposure = z.infer<typeof AddressExposure>;

/** Who can reach the own gateway, as measured by connecting to each address at `checkedAt` (ms). */
export const GatewayExposure = z.object({
  port: z.number().int(),
  /** Loopback first, then tailnet, LAN, others. Wildcard listeners show as every address open. */
  addresses: z.array(AddressExposure),
  /** The whole of it: `loopback` nobody else, `tailnet` / `lan` who at most, `nobody` not running. */
  reach: z.enum(['nobody', 'loopback', 'tailnet', 'lan', 'other']),
  summary: z.string(),
  checkedAt: z.number(),
});
export type GatewayExposure = z.infer<typeof GatewayExposure>;

/** What this machine's own firewall says about the gateway's port. */
export const FirewallView = z.object({
  /** `unreadable` = it is there, and this user may not read its rules. `none` = none was found. */
  state: z.enum(['allows', 'blocks', 'off', 'none', 'unreadable', 'partly']),
  tool: z.string().nullable(),
  port: z.number().int(),
  /** What it means, in one or two sentences. */
  meaning: z.string(),
  /** What a person can run to look, or to let the port in, for copying. */
  command: z.string().nullable(),
});
export type FirewallView = z.infer<typeof FirewallView>;

/** Who may reach it. `loopback_serve`: this machine, and the tailnet by Tailscale Serve. */
export const BindChoice = z.enum(['loopback', 'loopback_serve', 'tailnet', 'custom']);
export type BindChoice = z.infer<typeof BindChoice>;

/** One setting of the configuration that would change. Values as JSON text; null = not set. */
export const ConfigDiffLine = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type ConfigDiffLine = z.infer<typeof ConfigDiffLine>;

/** What a choice would change, to be seen first. Only the newest plan can be carried out. */
export const BindPlan = z.object({
  planId: z.string(),
  choice: BindChoice,
  /** The address of `tailnet` and `custom`. */
  address: z.string().nullable(),
  configPath: z.string(),
  /** Empty where everything is so already. */
  diff: z.array(ConfigDiffLine),
  warnings: z.array(z.object({ severity: z.enum(['info', 'warning']), text: z.string() })),
  /** Which address will answer afterwards, and which will not. */
  afterwards: z.array(
    z.object({
      address: z.string(),
      interfaceName: z.string(),
      kind: AddressKind,
      open: z.boolean(),
    }),
  ),
  needsRestart: z.boolean(),
  /** How the new process comes: by the service manager, or by the person's own hand. */
  restartBy: z.enum(['none', 'service', 'person']),
  /** What the person runs where `restartBy` is `person`; null where it is not known. */
  restartCommand: z.string().nullable(),
  /** The configuration as it was read; a later one is not overwritten. */
  baseHash: z.string(),
});
export type BindPlan = z.infer<typeof BindPlan>;

/** The configuration as it was before a change, to be put back. `at`: ms since the epoch. */
export const GatewayBackup = z.object({
  backupId: z.string(),
  at: z.number(),
  bytes: z.number().int(),
  /** The file that it was taken of. */
  configPath: z.string(),
});
export type GatewayBackup = z.infer<typeof GatewayBackup>;

/** Where a change of the gateway's settings stands. `done`, `failed` and `cancelled` stay until the next. */
export const GatewayTaskStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('backing_up') }),
  z.object({ kind: z.literal('writing') }),
  z.object({ kind: z.literal('restarting') }),
  /** Only a new process binds anew: the person restarts it, and this goes on by itself. */
  z.object({
    kind: z.literal('waiting_for_person'),
    text: z.string(),
    command: z.string().nullable(),
    until: z.number(),
  }),
  z.object({ kind: z.literal('coming_back') }),
  /** Connecting to each address, or seeing that our own links are back. */
  z.object({ kind: z.literal('proving') }),
  /** It failed, and the file of before is put back. */
  z.object({ kind: z.literal('restoring') }),
  z.object({ kind: z.literal('done'), at: z.number(), text: z.string() }),
  z.object({
    kind: z.literal('failed'),
    at: z.number(),
    error: AppError,
    /** The file is as it was before; null where nothing had been written. */
    restored: z.boolean().nullable(),
  }),
  z.object({ kind: z.literal('cancelled'), at: z.number(), text: z.string() }),
]);
export type GatewayTaskStep = z.infer<typeof GatewayTaskStep>;

/** One of our own links to the gateway, looked at after its token changed. */
export const RotatedLink = z.object({
  peerId: PeerId,
  linkId: LinkId,
  name: z.string(),
  connected: z.boolean(),
  text: z.string(),
});
export type RotatedLink = z.infer<typeof RotatedLink>;

/** The change of the own gateway that is under way, or was the last. Times in ms. */
export const GatewayTask = z.object({
  what: z.enum(['bind', 'restore', 'rotate_token']),
  /** The plan that is carried out, for `bind`. */
  planId: z.string().nullable(),
  startedAt: z.number(),
  step: GatewayTaskStep,
  /** Measured after `bind` and `restore`. */
  exposure: GatewayExposure.nullable(),
  /** Seen after `rotate_token`. */
  links: z.array(RotatedLink),
});
export type GatewayTask = z.infer<typeof GatewayTask>;

/** Whether requests of devices are watched for, and why not. */
export const PairingWatch = z.discriminatedUnion('kind', [
  /** The person was not asked, or said no. */
  z.object({ kind: z.literal('off') }),
  z.object({ kind: z.literal('connecting') }),
  z.object({ kind: z.literal('on'), since: z.number() }),
  z.object({ kind: z.literal('cannot'), error: AppError }),
]);
export type PairingWatch = z.infer<typeof PairingWatch>;

/** The part of the own gateway that changes by itself, told as it changes. */
export const GatewayLive = z.object({
  watch: PairingWatch,
  /** Newest first, at most 20; `pendingCount` tells all. */
  pending: z.array(PairingRequest),
  pendingCount: z.number().int(),
  task: GatewayTask.nullable(),
});
export type GatewayLive = z.infer<typeof GatewayLive>;

/** What is known before the person said anything. */
export const QUIET_GATEWAY: GatewayLive = {
  watch: { kind: 'off' },
  pending: [],
  pendingCount: 0,
  task: null,
};
