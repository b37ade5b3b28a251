/** What a status means: one of the states, with what to do about it. Pure. */
import {
  type AppError,
  appError,
  assertNever,
  type ErrorCode,
  errorRegistry,
  KEY_EXPIRY_PAGE,
  type RemedyAction,
  type TailnetNode,
  type TailnetPath,
  type TailnetState,
  type TailnetWarning,
} from '../../contract/index.ts';
import { nodeOf, peersOf, suffixOf } from './nodes.ts';
import type { RawStatus } from './status-format.ts';
import { plainLine } from './words.ts';

/** A key that ends within this is worth a warning, ms. */
export const KEY_WARNING_MS = 14 * 24 * 3_600_000;
/** Where an admin approves machines, for tailnets of the vendor's own login server. */
export const MACHINES_URL = 'https://login.tailscale.com/admin/machines';

/** Tailscale's answer, and what it does not say of itself. Times are ms since the epoch. */
export interface StateInput {
  readonly status: RawStatus;
  readonly now: number;
  /** When this state was first seen. */
  readonly since: number;
  readonly pings: ReadonlyMap<string, TailnetPath>;
  /** Set where the version is none that we know. */
  readonly strange: AppError | null;
  /** The tailnet belongs to a login server of one's own. */
  readonly ownServer: boolean;
  /** Why another user holds the daemon, where that is so. */
  readonly otherUser?: string;
}

/** Troubles of the program itself, which the setup's first step is about. */
const ABOUT_PROGRAM: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'setup.tailscale_not_installed',
  'setup.tailscale_hangs',
  'setup.tailscale_gui_error',
  'setup.tailscale_not_tailscale',
  'setup.tailscale_unreadable',
  'setup.tailscale_version_unknown',
]);

/** Leads to the step of the setup that mends it: the program itself, or its place in a tailnet. */
const setUp = (code: ErrorCode): RemedyAction => ({
  kind: 'go',
  label: 'Set up Tailscale',
  to: ABOUT_PROGRAM.has(code) ? 'setup/tailscale' : 'setup/tailnet',
});
const switchOn: RemedyAction = {
  kind: 'call',
  label: 'Switch on',
  name: 'tailnet.up',
  input: {},
};

/** An error of Tailscale's with the button that helps. */
export function tailscaleError(code: ErrorCode, detail: string): AppError {
  const action = code === 'setup.tailscale_stopped' ? switchOn : setUp(code);
  return appError(code, detail, { remedy: { actions: [action] } });
}

/** The state that a status stands for. */
export function stateOf(input: StateInput): TailnetState {
  const { status, now } = input;
  const self = status.Self ? nodeOf(status.Self, status.User, now) : null;
  switch (status.BackendState) {
    case 'NoState':
      return {
        kind: 'no_state',
        error: tailscaleError('setup.tailscale_no_state', 'Its service has just begun.'),
      };
    case 'InUseOtherUser':
      return {
        kind: 'in_use_other_user',
        error: tailscaleError('setup.tailscale_other_user', input.otherUser ?? ''),
      };
    case 'NeedsLogin':
      return needsLogin(self, now);
    case 'NeedsMachineAuth':
      return {
        kind: 'needs_approval',
        error: tailscaleError(
          'setup.tailscale_needs_approval',
          'It has logged in; the tailnet lets new machines in by hand.',
        ),
        self,
        adminUrl: input.ownServer ? null : MACHINES_URL,
      };
    case 'Stopped':
      return {
        kind: 'stopped',
        error: tailscaleError('setup.tailscale_stopped', 'It is logged in and not connected.'),
        self,
      };
    case 'Starting':
      return {
        kind: 'starting',
        error: tailscaleError('setup.tailscale_starting', 'It has not found a way out yet.'),
        self,
        since: input.since,
      };
    case 'Running':
      return running(input, self);
    default:
      return assertNever(status.BackendState);
  }
}

function needsLogin(self: TailnetNode | null, now: number): TailnetState {
  const expired =
    self !== null && (self.expired || (self.keyExpiresAt !== null && self.keyExpiresAt <= now));
  return expired
    ? {
        kind: 'needs_login',
        reason: 'key_expired',
        error: tailscaleError(
          'setup.tailscale_key_expired',
          self.keyExpiresAt === null ? '' : `It ended on ${day(self.keyExpiresAt)}.`,
        ),
        self,
      }
    : {
        kind: 'needs_login',
        reason: 'not_joined',
        error: tailscaleError('setup.tailscale_needs_login', 'Tailscale runs, and is logged out.'),
        self,
      };
}

function running(input: StateInput, self: TailnetNode | null): TailnetState {
  const { status, now, pings } = input;
  if (self === null || self.addresses.length === 0) {
    return {
      kind: 'starting',
      error: tailscaleError('setup.tailscale_starting', 'It has no address yet.'),
      self,
      since: input.since,
    };
  }
  const suffix = suffixOf(status);
  return {
    kind: 'running',
    self,
    tailnet: plainLine(status.CurrentTailnet?.Name ?? '') || suffix,
    suffix,
    certificates: status.CertDomains.length > 0,
    peers: peersOf(status, pings, now),
    warnings: [
      ...(input.strange ? [warning(input.strange, null)] : []),
      ...offlineWarning(self),
      ...expiryWarning(self, now),
      ...status.Health.flatMap(healthWarning),
    ],
  };
}

function warning(error: AppError, nodeId: TailnetWarning['nodeId']): TailnetWarning {
  const entry: { severity: TailnetWarning['severity'] } | undefined =
    errorRegistry[error.code as ErrorCode];
  return { ...error, severity: entry?.severity ?? 'warning', nodeId };
}

const offlineWarning = (self: TailnetNode): TailnetWarning[] =>
  self.online
    ? []
    : [
        warning(
          tailscaleError('setup.tailscale_offline', 'Its login server does not hear from it.'),
          self.id,
        ),
      ];

/** Told from two weeks before a login ends. */
export function expiryWarning(node: TailnetNode, now: number): TailnetWarning[] {
  const { keyExpiresAt } = node;
  if (keyExpiresAt === null || keyExpiresAt <= now || keyExpiresAt - now > KEY_WARNING_MS)
    return [];
  return [
    warning(
      appError(
        'setup.tailscale_key_expiring',
        `The login of ${node.name} ends on ${day(keyExpiresAt)}.`,
        { remedy: { actions: [KEY_EXPIRY_PAGE] } },
      ),
      node.id,
    ),
  ];
}

/** Texts of Tailscale's own health, with their meaning for us. Source: health/healthmsg of v1.102.3. */
function healthWarning(text: string): TailnetWarning[] {
  const said = plainLine(text, 500);
  const code = ((): ErrorCode | null => {
    if (/locked out/i.test(said)) return 'setup.tailscale_locked_out';
    if (/update available: /i.test(said)) return 'setup.tailscale_update';
    // Routes of others and Tailscale's own SSH are none of our business.
    if (/Some peers are advertising routes but|Tailscale SSH enabled, but/i.test(said)) return null;
    return said === '' ? null : 'setup.tailscale_health';
  })();
  return code === null ? [] : [warning(appError(code, said), null)];
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
