/**
 * Which settings a choice would change, and what will be reachable then: pure. Sources: OpenClaw
 * 2026.9.6, docs/gateway/config-gateway.md, and listening sockets as seen (any specific address also
 * takes 127.0.0.1; loopback alone also ::1).
 */
import { isIP } from 'node:net';
import {
  type AppError,
  appError,
  type BindChoice,
  type BindPlan,
  type ConfigDiffLine,
  fail,
  type GatewayExposure,
  type GatewayKeeper,
  type GatewaySettings,
  ok,
  type Result,
} from '../../contract/index.ts';
import { isPrivate, type OwnAddress } from './addresses.ts';

/** What the person chose on the page of the own gateway. */
export interface BindWish {
  readonly choice: BindChoice;
  /** For `custom`. */
  readonly address: string | null;
  readonly autoApproveLocal: boolean;
  /** The person says that a tunnel or forwarder reaches loopback. */
  readonly tunnel: boolean;
}

/** What is so today. */
export interface BindFacts {
  readonly settings: GatewaySettings;
  readonly addresses: readonly OwnAddress[];
  readonly exposure: GatewayExposure;
  readonly keeper: GatewayKeeper;
}

/** What the person is shown before a change, and the change itself. */
export interface BindDraft {
  readonly plan: Omit<BindPlan, 'planId' | 'baseHash' | 'configPath'>;
  /** The merge patch for `config.patch`; null takes a setting away. Empty = nothing to write. */
  readonly patch: Record<string, unknown>;
}

/** Draws a plan up. Fails with own_gateway.no_auth, .address_refused or .no_tailnet_address. */
export function draftBind(wish: BindWish, facts: BindFacts): Result<BindDraft> {
  const refused = refusal(wish, facts);
  if (refused) return fail(refused);
  const { settings } = facts;
  const address = addressFor(wish, facts.addresses);
  const reached = facts.exposure.addresses.some((one) => one.forwarded);
  const insists = wish.choice === 'loopback_serve' || wish.tunnel || reached;
  const wanted = {
    bind: wish.choice === 'loopback_serve' ? 'loopback' : wish.choice,
    // The old address stays where another way is chosen: it has no meaning then, and a gateway that
    // restarts in its process goes by the bind that it was started with, and ends without it.
    customBindHost: wish.choice === 'custom' ? address : settings.customAddress,
    tailscale: wish.choice === 'loopback_serve' ? 'serve' : 'off',
    autoApproveLocal: insists ? false : wish.autoApproveLocal,
  } as const;
  const diff = diffOf(settings, wanted);
  const afterwards = facts.addresses.map((own) => ({
    address: own.address,
    interfaceName: own.interfaceName,
    kind: own.kind,
    open: opensAt(own, wish.choice, address) || isForwardedNow(own, facts.exposure),
  }));
  const restart =
    diff.some((line) => line.path !== AUTO_APPROVE) || !matches(afterwards, facts.exposure);
  const byService = facts.keeper.kind === 'service';
  return ok({
    patch: patchOf(diff, wanted),
    plan: {
      choice: wish.choice,
      address,
      diff,
      warnings: warningsOf(wish, facts, insists, wanted.autoApproveLocal),
      afterwards,
      needsRestart: restart,
      restartBy: !restart ? 'none' : byService ? 'service' : 'person',
      restartCommand: restart && !byService ? START_COMMAND : null,
    },
  });
}

/** What a person types to run the gateway in a terminal. */
export const START_COMMAND = 'openclaw gateway run';

const AUTO_APPROVE = 'gateway.nodes.pairing.autoApproveLocal';

function refusal(wish: BindWish, { settings, addresses }: BindFacts): AppError | null {
  if (settings.auth === 'none') {
    return appError(
      'own_gateway.no_auth',
      'With auth.mode “none” whoever reaches the gateway, by any way, can run commands on this machine.',
      {
        remedy: {
          actions: [
            { kind: 'call', label: 'Give it a token', name: 'ownGateway.rotateToken', input: {} },
          ],
        },
      },
    );
  }
  if (wish.choice === 'custom') return refusedAddress(wish.address ?? '', addresses);
  const needsTailnet = wish.choice === 'tailnet' || wish.choice === 'loopback_serve';
  if (needsTailnet && addressFor({ ...wish, choice: 'tailnet' }, addresses) === null)
    return appError(
      'own_gateway.no_tailnet_address',
      'Without it OpenClaw would quietly listen on loopback only.',
    );
  return null;
}

function refusedAddress(address: string, addresses: readonly OwnAddress[]): AppError | null {
  const refuse = (why: string): AppError => appError('own_gateway.address_refused', why);
  if (/^(0\.0\.0\.0|::|\*)$/.test(address))
    return refuse('A wildcard listens on every network that this machine is in, now and later.');
  if (isIP(address) === 6) return refuse('OpenClaw takes only an IPv4 address here.');
  if (isIP(address) !== 4) return refuse('That is not an IPv4 address.');
  const own = addresses.find((one) => one.address === address);
  if (!own) return refuse(`${address} is not an address of this machine.`);
  if (own.kind === 'loopback')
    return refuse('That address is this machine alone: choose “this machine only” for it.');
  if (!isPrivate(address))
    return refuse(
      `${address} can be reached from the internet, and a token is all that would protect it.`,
    );
  return null;
}

function addressFor(wish: BindWish, addresses: readonly OwnAddress[]): string | null {
  if (wish.choice === 'custom') return wish.address;
  if (wish.choice !== 'tailnet') return null;
  return addresses.find((one) => one.kind === 'tailnet' && one.family === 'ipv4')?.address ?? null;
}

function opensAt(own: OwnAddress, choice: BindChoice, address: string | null): boolean {
  if (own.address === '127.0.0.1' || own.address === address) return true;
  return own.address === '::1' && (choice === 'loopback' || choice === 'loopback_serve');
}

const isForwardedNow = (own: OwnAddress, exposure: GatewayExposure): boolean =>
  exposure.addresses.some((one) => one.address === own.address && one.forwarded);

/**
 * True where what answers is what was planned. IPv6 loopback is left out: OpenClaw takes it where it
 * can. An address that is new since the plan must be closed.
 */
export function matches(afterwards: BindPlan['afterwards'], exposure: GatewayExposure): boolean {
  return exposure.addresses.every((one) => {
    if (one.address === '::1') return true;
    const planned = afterwards.find((entry) => entry.address === one.address)?.open ?? false;
    return planned === (one.state === 'open');
  });
}

interface Wanted {
  readonly bind: string;
  readonly customBindHost: string | null;
  readonly tailscale: 'serve' | 'off';
  readonly autoApproveLocal: boolean;
}

function diffOf(now: GatewaySettings, wanted: Wanted): ConfigDiffLine[] {
  const lines: ConfigDiffLine[] = [];
  const add = (path: string, before: unknown, after: unknown): void => {
    const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
    if (json(before) !== json(after))
      lines.push({ path, before: json(before), after: json(after) });
  };
  add('gateway.bind', now.bind, wanted.bind);
  add('gateway.customBindHost', now.customAddress, wanted.customBindHost);
  add('gateway.tailscale.mode', now.tailscale, wanted.tailscale);
  add(AUTO_APPROVE, now.autoApproveLocal, wanted.autoApproveLocal);
  return lines;
}

/** The lines of a diff as a merge patch. */
function patchOf(diff: readonly ConfigDiffLine[], wanted: Wanted): Record<string, unknown> {
  if (diff.length === 0) return {};
  const has = (path: string): boolean => diff.some((line) => line.path === path);
  return {
    gateway: {
      ...(has('gateway.bind') ? { bind: wanted.bind } : {}),
      ...(has('gateway.customBindHost') ? { customBindHost: wanted.customBindHost } : {}),
      ...(has('gateway.tailscale.mode') ? { tailscale: { mode: wanted.tailscale } } : {}),
      ...(has(AUTO_APPROVE)
        ? { nodes: { pairing: { autoApproveLocal: wanted.autoApproveLocal } } }
        : {}),
    },
  };
}

function warningsOf(
  wish: BindWish,
  { settings, exposure }: BindFacts,
  insists: boolean,
  autoApprove: boolean,
): BindPlan['warnings'] {
  const warnings: BindPlan['warnings'] = [];
  const say = (severity: 'info' | 'warning', text: string): void => {
    warnings.push({ severity, text });
  };
  if (exposure.reach === 'lan' || exposure.reach === 'other')
    say(
      'info',
      'Today more than this machine can reach the gateway. That ends with this change, unless it is listed as open below.',
    );
  if (settings.tailscale === 'funnel')
    say('info', 'Funnel shows the gateway to the whole internet today. It is switched off.');
  switch (wish.choice) {
    case 'tailnet':
      say(
        'info',
        'If Tailscale is not running when the gateway starts, it listens on loopback only until it is started again.',
      );
      break;
    case 'custom':
      say(
        'warning',
        settings.tls
          ? 'Everyone in that network can reach it, and only its token keeps them out.'
          : 'Everyone in that network can reach it, and without TLS the token can be read on the way.',
      );
      break;
    case 'loopback_serve':
      say(
        'info',
        'OpenClaw publishes itself with HTTPS on this machine’s tailnet name. It needs HTTPS certificates to be switched on in the tailnet.',
      );
      break;
    case 'loopback':
      break;
  }
  if (insists && wish.autoApproveLocal)
    say(
      'warning',
      'What comes through Serve, a tunnel or a forwarder looks like this machine. So nobody is let in unasked any more, from this machine neither.',
    );
  else if (autoApprove)
    say(
      'warning',
      'Any program of yours that can read the token lets itself in with every right, unasked.',
    );
  return warnings;
}
