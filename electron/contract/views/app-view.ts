/** What a window is told of the app itself. */
import * as z from 'zod';
import { PeerId } from '../ids.ts';
import { AppError } from '../result.ts';
import { ReceptionView } from './reception-view.ts';
import { SetupView } from './setup-view.ts';
import { UpdateView } from './update-view.ts';

/** How the keychain stands. `session_only`: in memory; `read_only_folder`: given by the start. */
export const SecretsStatus = z.enum([
  'available',
  'locked',
  'no_service',
  'no_bus',
  'denied',
  'hung',
  'session_only',
  'read_only_folder',
  'folder_unsafe',
  'broken',
  'checking',
]);
export type SecretsStatus = z.infer<typeof SecretsStatus>;

/** The keychain's status, and, where nothing can be kept in it, why and what helps. */
export const SecretsView = z.object({
  status: SecretsStatus,
  error: AppError.nullable(),
});
export type SecretsView = z.infer<typeof SecretsView>;

/** The OpenClaw gateway of this user on this machine, as its config file tells; used after a click. */
export const OwnGatewayView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not_found'), lookedAt: z.array(z.string()) }),
  z.object({ kind: z.literal('unreadable'), error: AppError }),
  z.object({
    kind: z.literal('found'),
    configPath: z.string(),
    url: z.string(),
    credential: z.enum(['token', 'password', 'none', 'not_in_file']),
    /** The peer that was made of it, once the person chose to. */
    peerIds: z.array(PeerId),
  }),
]);
export type OwnGatewayView = z.infer<typeof OwnGatewayView>;

/** What the tray icon says. `off`: no network, or no peer; `action_needed`: a person has to act. */
export const TrayState = z.enum(['off', 'connecting', 'all_well', 'some_down', 'action_needed']);
export type TrayState = z.infer<typeof TrayState>;

/** Something that waits for the person to decide; `to` is the place where it is decided. */
export const WaitingView = z.object({
  /** `approval`: a gateway must let us in or is not who it was. `delegation`: work that came. `pairing`: somebody to let in. `request`: a local agent asks. */
  kind: z.enum(['approval', 'delegation', 'pairing', 'request']),
  /** Stable for as long as it waits. */
  id: z.string(),
  /** One line. May hold a name that a peer chose. */
  title: z.string(),
  to: z.string(),
});
export type WaitingView = z.infer<typeof WaitingView>;

/** The most of what waits that is named; the rest is only counted. */
export const MAX_WAITING_NAMED = 5;

/** The app as every window holds it. A change of any part of it tells all of it. */
export const AppView = z.object({
  version: z.string(),
  shell: z.enum(['desktop', 'browser']),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** Where the data lives, for Settings and bug reports. */
  home: z.string(),
  secrets: SecretsView,
  ownGateway: OwnGatewayView,
  network: z.enum(['up', 'down']),
  search: z.enum(['fts5', 'like']),
  tray: TrayState,
  unread: z.number().int(),
  peers: z.number().int(),
  /** How far the setup is. */
  setup: SetupView,
  /** What waits for the person, the longest waiting first. */
  waiting: z.object({
    total: z.number().int(),
    first: z.array(WaitingView).max(MAX_WAITING_NAMED),
  }),
  reception: ReceptionView,
  /** Something about the home folder worth a banner: set aside, read-only, full. */
  storeNotice: AppError.nullable(),
  /** How far an update of the app itself is. */
  update: UpdateView,
  /** Set when peers and links come from `--config` and cannot be edited here. */
  provisioned: z.boolean(),
});
export type AppView = z.infer<typeof AppView>;

/** What the person set, kept in the database. `settings.update` takes any part of it. */
export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  contrast: z.enum(['system', 'normal', 'high']),
  density: z.enum(['comfortable', 'compact']),
  /** UTF-8 bytes of one message: over it, a warning. */
  softLimitBytes: z.number().int().min(256).max(1_000_000),
  /** UTF-8 bytes of one message: over it, refused before anything is stored. */
  hardLimitBytes: z.number().int().min(256).max(1_000_000),
  /** An unsent message is given up, visibly, after this many hours. */
  giveUpHours: z.number().int().min(1).max(720),
  /** Messages older than this are deleted; 0 = kept for ever. */
  retentionDays: z.number().int().min(0).max(3650),
  notifications: z.boolean(),
  /** Off until the person asks for it. */
  openAtLogin: z.boolean(),
  /** While true, nobody's work is taken in; what we sent, and its answers, go on. */
  incomingPaused: z.boolean(),
  /** Messages that local agents may send in 24 hours, over all of them. */
  agentBudget: z.number().int().min(0).max(10_000),
  /** What the agents here are good at, told to whoever may reach the reception, by its agent card. */
  capabilities: z.array(z.string().trim().min(1).max(40)).max(32),
  /** Of the app itself: taken by themselves, after a question, or never looked for. */
  updates: z.enum(['automatic', 'ask', 'off']),
});
export type Settings = z.infer<typeof Settings>;

/** What Settings starts with. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  softLimitBytes: 4096,
  hardLimitBytes: 8192,
  giveUpHours: 24,
  retentionDays: 0,
  notifications: true,
  openAtLogin: false,
  incomingPaused: false,
  agentBudget: 200,
  capabilities: [],
  updates: 'automatic',
};
