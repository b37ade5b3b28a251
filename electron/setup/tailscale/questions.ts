/** Single questions to Tailscale: a ping, a look at the network, whose address this is. */
import * as z from 'zod';
import {
  type AppError,
  appError,
  fail,
  type NetcheckView,
  ok,
  type Result,
  type TailnetPath,
} from '../../contract/index.ts';
import type { Cli } from './cli.ts';
import { jsonObjects } from './json-objects.ts';
import { troubleOf } from './trouble.ts';
import { firstLine, plainLine, plainOutput } from './words.ts';

const PING_LIMIT_MS = 12_000;
const NETCHECK_LIMIT_MS = 30_000;
const WHOIS_LIMIT_MS = 5_000;

/** `pong from NAME (IP) via WAY in TIME`; TIME is a Go duration in ms (cmd/tailscale/cli/ping.go). */
const PONG = /^pong from .* via (\S+) in (?:(\d+)m)?([0-9.]+)(µs|us|ms|s)$/m;
const UNIT_MS = { µs: 0.001, us: 0.001, ms: 1, s: 1000 } as const;

/**
 * One ping, also where it ends relayed. It passes by the rules of the tailnet and of firewalls, so it
 * proves the path and not that a port is allowed.
 * @returns setup.tailnet_no_path where nothing came back
 */
export async function ping(
  cli: Cli,
  address: string,
  now: () => number,
  signal?: AbortSignal,
): Promise<Result<TailnetPath>> {
  const args = ['ping', '--c=1', '--timeout=5s', '--until-direct=false', address];
  const end = await cli.run(args, { timeoutMs: PING_LIMIT_MS, signal });
  const pong = PONG.exec(end.stdout);
  if (pong) {
    const [, way = '', minutes, amount, unit] = pong;
    const relay = /^DERP\((.*)\)$/.exec(way);
    return ok({
      kind: relay ? 'relayed' : way.startsWith('peer-relay(') ? 'peer_relay' : 'direct',
      region: relay ? plainLine(relay[1] ?? '', 20) : null,
      ms: Number(minutes ?? 0) * 60_000 + Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS],
      pingedAt: now(),
    });
  }
  if (/is local Tailscale IP/.test(end.stdout)) {
    return ok({ kind: 'direct', region: null, ms: 0, pingedAt: now() });
  }
  const said = plainOutput(end.stdout, end.stderr);
  if (end.kind === 'timed_out' || /timed out|no reply|no matching peer/i.test(said)) {
    return fail(appError('setup.tailnet_no_path', firstLine(said) || 'No answer in time.'));
  }
  return fail(troubleOf(end).error);
}

/** `tailscale netcheck --format=json` (net/netcheck: Report); latencies are in nanoseconds. */
const Netcheck = z.object({
  UDP: z.boolean(),
  IPv4: z.boolean().catch(false),
  IPv6: z.boolean().catch(false),
  MappingVariesByDestIP: z.boolean().nullish().catch(null),
  RegionLatency: z.record(z.string(), z.number()).nullish().catch(null),
  CaptivePortal: z.boolean().nullish().catch(null),
});

/** Looks at the network here. @returns setup.netcheck_failed where it found nothing at all */
export async function netcheck(cli: Cli, signal?: AbortSignal): Promise<Result<NetcheckView>> {
  const end = await cli.run(['netcheck', '--format=json'], {
    timeoutMs: NETCHECK_LIMIT_MS,
    signal,
  });
  const parsed = Netcheck.safeParse(jsonObjects().push(end.stdout)[0]);
  if (!parsed.success) {
    const why = firstLine(plainOutput(end.stderr, end.stdout)) || 'It gave no answer in time.';
    return fail(appError('setup.netcheck_failed', why));
  }
  const seen = parsed.data;
  const relays = Object.entries(seen.RegionLatency ?? {})
    .map(([region, ns]) => ({ region: plainLine(region, 20), ms: Math.round(ns / 1e5) / 10 }))
    .toSorted((a, b) => a.ms - b.ms);
  const view: Omit<NetcheckView, 'meaning'> = {
    udp: seen.UDP,
    ipv4: seen.IPv4,
    ipv6: seen.IPv6,
    hardNat: seen.MappingVariesByDestIP ?? null,
    relays,
    captivePortal: seen.CaptivePortal ?? null,
  };
  return ok({ ...view, meaning: meaningOf(view) });
}

function meaningOf(view: Omit<NetcheckView, 'meaning'>): string[] {
  const lines: string[] = [];
  if (view.captivePortal) lines.push('A login page of this network is in the way. Open it first.');
  if (!view.udp) {
    lines.push('UDP is blocked here, so everything goes through a relay, slower than directly.');
  } else if (view.hardNat) {
    lines.push('This network makes direct paths hard: many connections will go through a relay.');
  } else lines.push('Direct paths are possible from here.');
  lines.push(
    view.relays.length === 0
      ? 'No relay answered: machines that cannot be reached directly cannot be reached at all.'
      : `The nearest relay answers in ${Math.round(view.relays[0]?.ms ?? 0)} ms.`,
  );
  return lines;
}

/** Whose an address is, as Tailscale vouches for it. */
export interface TailnetCaller {
  readonly nodeId: string;
  /** Full name without the dot at the end. */
  readonly node: string;
  readonly addresses: readonly string[];
  readonly tags: readonly string[];
  /** Null for tagged machines. */
  readonly owner: { readonly login: string; readonly name: string } | null;
}

/** `tailscale whois --json` (client/tailscale/apitype: WhoIsResponse). */
const WhoIs = z.object({
  Node: z.object({
    StableID: z.string().min(1),
    Name: z.string().catch(''),
    Addresses: z.array(z.string()).nullish().catch(null),
    Tags: z.array(z.string()).nullish().catch(null),
  }),
  UserProfile: z
    .object({ LoginName: z.string().catch(''), DisplayName: z.string().catch('') })
    .nullish()
    .catch(null),
});

/** Asks whose an address (`IP` or `IP:port`) is. Null where the tailnet knows no such address. */
export async function whois(cli: Cli, address: string): Promise<Result<TailnetCaller | null>> {
  const end = await cli.run(['whois', '--json', address], { timeoutMs: WHOIS_LIMIT_MS });
  if (end.kind === 'exited' && end.code === 0) {
    const parsed = WhoIs.safeParse(jsonObjects().push(end.stdout)[0]);
    if (!parsed.success) return fail(unreadable(end.stdout));
    const { Node, UserProfile } = parsed.data;
    const tags = (Node.Tags ?? []).map((tag) => plainLine(tag, 100));
    return ok({
      nodeId: Node.StableID,
      node: plainLine(Node.Name.replace(/\.$/, '')),
      addresses: (Node.Addresses ?? []).map((one) => one.replace(/\/\d+$/, '')),
      tags,
      owner:
        UserProfile && tags.length === 0
          ? { login: plainLine(UserProfile.LoginName), name: plainLine(UserProfile.DisplayName) }
          : null,
    });
  }
  if (/peer not found|no match for IP/i.test(`${end.stderr}${end.stdout}`)) return ok(null);
  return fail(troubleOf(end).error);
}

const unreadable = (text: string): AppError =>
  appError('setup.tailscale_unreadable', firstLine(plainOutput(text)));
