/** What a firewall's own tool says about one TCP port: readers of their outputs, pure. */
import type { FirewallView } from '../../../contract/index.ts';

/**
 * What is shown of one firewall. `command` opens the port or shows the rules; null where neither
 * helps.
 */
export type Verdict = Pick<FirewallView, 'state' | 'meaning' | 'command'>;

/** The machine and the port that are asked about. */
export interface PortQuestion {
  readonly port: number;
  /** The address that peers would come to; null = none but loopback. */
  readonly address: string | null;
  readonly interfaceName: string | null;
}

const allows = (meaning: string): Verdict => ({ state: 'allows', meaning, command: null });

/**
 * `ufw status verbose`. Needs root; without it the tool says so and exits 1. Rules: `To`, `Action`,
 * `From`, in the order in which the first that fits decides.
 */
export function readUfw(output: string, { port, interfaceName }: PortQuestion): Verdict | null {
  if (/^Status: inactive/m.test(output))
    return { state: 'off', meaning: 'ufw is installed and switched off.', command: null };
  if (!/^Status: active/m.test(output)) return null;
  const rules = output
    .split('\n')
    .map((line) => /^(\S.*?)\s{2,}(ALLOW|DENY|REJECT|LIMIT)(?: IN)?\s{2,}(.+?)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ to: match[1] ?? '', action: match[2] ?? '', from: match[3] ?? '' }));
  const some: string[] = [];
  const only = (): Verdict => ({
    state: 'partly',
    meaning: `ufw lets port ${port} in from ${some.join(', ')} only.`,
    command: null,
  });
  for (const { to, action, from } of rules) {
    if (!coversPort(to, port, interfaceName)) continue;
    const open = action === 'ALLOW' || action === 'LIMIT';
    if (/^Anywhere/.test(from)) {
      if (open) return allows(`ufw lets port ${port} in from anywhere.`);
      return some.length > 0
        ? only()
        : {
            state: 'blocks',
            meaning: `ufw keeps port ${port} shut.`,
            command: ufwCommand(port, interfaceName),
          };
    }
    if (open) some.push(from);
  }
  const incoming = /^Default: (\w+) \(incoming\)/m.exec(output)?.[1];
  if (incoming === 'allow') return allows('ufw lets in whatever no rule forbids.');
  if (some.length > 0) return only();
  return {
    state: 'blocks',
    meaning: `ufw keeps out what no rule allows, and none allows port ${port}.`,
    command: ufwCommand(port, interfaceName),
  };
}

/** Where a rule names an interface, it is that of the address; `18789`, `18789/tcp`, `18000:19000/tcp`. */
function coversPort(to: string, port: number, interfaceName: string | null): boolean {
  const on = / on (\S+)$/.exec(to)?.[1];
  if (on !== undefined && on !== interfaceName) return false;
  const what = to
    .replace(/ on \S+$/, '')
    .replace(/ \(v6\)$/, '')
    .trim();
  if (/^Anywhere/.test(what)) return true;
  const range = /(?:^|\s)(\d+)(?::(\d+))?(?:\/(tcp|udp))?$/.exec(what);
  if (!range || range[3] === 'udp') return false;
  const from = Number(range[1]);
  const until = Number(range[2] ?? range[1]);
  return from <= port && port <= until;
}

const ufwCommand = (port: number, interfaceName: string | null): string =>
  interfaceName === null
    ? `sudo ufw allow ${port}/tcp`
    : `sudo ufw allow in on ${interfaceName} to any port ${port} proto tcp`;

interface NftExpression {
  readonly match?: {
    readonly op?: string;
    readonly left?: {
      readonly payload?: { protocol?: string; field?: string };
      meta?: { key?: string };
    };
    readonly right?: unknown;
  };
  readonly [key: string]: unknown;
}

/**
 * `nft -j list ruleset` (libnftables-json(5)). Follows the chains at the hook `input` only, and rules
 * that speak of nothing but the port and the interface; anything finer is answered with *cannot tell*.
 */
export function readNft(json: unknown, { port, interfaceName }: PortQuestion): Verdict | null {
  const items = (json as { nftables?: unknown } | null)?.nftables;
  if (!Array.isArray(items)) return null;
  type Chain = { family: string; table: string; name: string; hook?: string; policy?: string };
  type Rule = { family: string; table: string; chain: string; expr?: NftExpression[] };
  const chains = items.flatMap((item: { chain?: Chain }) =>
    item.chain?.hook === 'input' ? [item.chain] : [],
  );
  if (chains.length === 0)
    return { state: 'off', meaning: 'nftables filters nothing that comes in.', command: null };
  const rules = items.flatMap((item: { rule?: Rule }) => (item.rule ? [item.rule] : []));
  let unclear = false;
  for (const chain of chains) {
    let verdict: 'accept' | 'drop' | null = null;
    for (const rule of rules) {
      if (rule.family !== chain.family || rule.table !== chain.table || rule.chain !== chain.name)
        continue;
      const fit = fits(rule.expr ?? [], port, interfaceName);
      const end = endOf(rule.expr ?? []);
      if (end === null || fit === 'no') continue;
      if (fit === 'maybe' || end === 'jump') {
        unclear = true;
        continue;
      }
      if (end !== 'policy') verdict = end;
      break;
    }
    if (verdict === null && chain.policy === 'drop' && !unclear) verdict = 'drop';
    if (verdict === 'drop')
      return {
        state: 'blocks',
        meaning: `nftables (chain ${chain.table} ${chain.name}) keeps port ${port} shut.`,
        command: 'sudo nft list ruleset',
      };
  }
  if (unclear)
    return {
      state: 'partly',
      meaning: `nftables has rules that may or may not concern port ${port}. Connecting from the other machine tells.`,
      command: 'sudo nft list ruleset',
    };
  return allows(`No rule of nftables keeps port ${port} out.`);
}

/** Parts of a rule that decide nothing about which packets it is for. */
const FITS_ALL = new Set([
  ...['accept', 'drop', 'reject', 'jump', 'goto', 'return', 'vmap'],
  ...['counter', 'log', 'comment'],
]);

function fits(
  expressions: readonly NftExpression[],
  port: number,
  interfaceName: string | null,
): 'yes' | 'no' | 'maybe' {
  let result: 'yes' | 'maybe' = 'yes';
  for (const expression of expressions) {
    const { match } = expression;
    const one = match
      ? ofMatch(match, port, interfaceName)
      : // Matches of iptables are not spelt out, and a limit may be used up.
        Object.keys(expression).every((key) => FITS_ALL.has(key))
        ? 'yes'
        : 'maybe';
    if (one === 'no') return 'no';
    if (one === 'maybe') result = 'maybe';
  }
  return result;
}

function ofMatch(
  match: NonNullable<NftExpression['match']>,
  port: number,
  interfaceName: string | null,
): 'yes' | 'no' | 'maybe' {
  const { payload, meta } = match.left ?? {};
  const { op = '==', right } = match;
  if (op !== '!=' && isReturnTraffic(match)) return 'no';
  if (op !== '==' && op !== 'in' && op !== '!=') return 'maybe';
  const inSet = ((): boolean | null => {
    if (payload?.field === 'dport') return payload.protocol !== 'udp' && holds(right, port);
    if (meta?.key === 'iifname' || meta?.key === 'iif') return names(right, interfaceName ?? '');
    if (meta?.key === 'l4proto') return right === 6 || names(right, 'tcp');
    return null;
  })();
  if (inSet === null) return 'maybe';
  // A rule about UDP ports is for no TCP packet, however it compares.
  if (payload?.protocol === 'udp') return 'no';
  return inSet === (op !== '!=') ? 'yes' : 'no';
}

/** Whether an interface or a protocol is meant: by its name, by a set of names, or by how it begins. */
function names(right: unknown, name: string): boolean {
  if (typeof right === 'string') {
    return right.endsWith('*') ? name.startsWith(right.slice(0, -1)) : right === name;
  }
  const set = (right as { set?: unknown[] } | null)?.set;
  return Array.isArray(set) && set.some((one) => names(one, name));
}

/** Answers to what this machine began; a new connection is not that. */
function isReturnTraffic(match: NonNullable<NftExpression['match']>): boolean {
  const left = match.left as { ct?: { key?: string } } | undefined;
  return left?.ct?.key === 'state' && !JSON.stringify(match.right).includes('"new"');
}

function holds(right: unknown, port: number): boolean {
  if (typeof right === 'number') return right === port;
  const set = (right as { set?: unknown[] } | null)?.set;
  if (Array.isArray(set)) return set.some((one) => holds(one, port));
  const range = (right as { range?: number[] } | null)?.range;
  return range?.[0] !== undefined && range[1] !== undefined && range[0] <= port && port <= range[1];
}

/** `policy`: a return leaves it to that of the chain. */
function endOf(
  expressions: readonly NftExpression[],
): 'accept' | 'drop' | 'jump' | 'policy' | null {
  for (const expression of expressions) {
    if ('accept' in expression) return 'accept';
    if ('drop' in expression || 'reject' in expression) return 'drop';
    if ('jump' in expression || 'goto' in expression || 'vmap' in expression) return 'jump';
    if ('return' in expression) return 'policy';
    // A target of iptables that is not spelt out.
    if ((expression.xt as { type?: unknown } | undefined)?.type === 'target') return 'jump';
  }
  return null;
}

/**
 * `socketfilterfw --getglobalstate`, `--getblockall` of macOS: it decides by program, not by port.
 * Blocking all is told in other words by older and newer versions.
 */
export function readMacFirewall(output: string): Verdict | null {
  if (/Firewall is disabled/i.test(output))
    return { state: 'off', meaning: 'The firewall of macOS is switched off.', command: null };
  if (!/Firewall is enabled/i.test(output)) return null;
  if (/State = 2|set to block all|block all state set to enabled|block all enabled/i.test(output))
    return {
      state: 'blocks',
      meaning: 'The firewall of macOS blocks everything that comes in.',
      command: null,
    };
  return {
    state: 'partly',
    meaning:
      'The firewall of macOS decides by program: allow incoming connections for node when it asks.',
    command: null,
  };
}

/**
 * `netsh advfirewall show currentprofile` of Windows in English; another language reads as unknown.
 */
export function readWindowsFirewall(output: string, { port }: PortQuestion): Verdict | null {
  // A machine in several networks has a profile for each: the strictest that is on counts.
  const profiles = [...output.matchAll(/^State\s+(ON|OFF)[\s\S]*?^Firewall Policy\s+(\w+),/gim)];
  if (profiles.length === 0) return null;
  const policies = profiles.flatMap(([, state, policy]) =>
    state?.toUpperCase() === 'ON' ? [policy ?? ''] : [],
  );
  if (policies.length === 0)
    return { state: 'off', meaning: 'Windows Defender Firewall is switched off.', command: null };
  if (policies.every((policy) => policy === 'AllowInbound'))
    return allows('Windows Defender Firewall lets in whatever no rule forbids.');
  if (policies.includes('BlockInboundAlways'))
    return {
      state: 'blocks',
      meaning: 'Windows Defender Firewall blocks everything that comes in.',
      command: null,
    };
  const networks = networksIn(output);
  const needed = `one is needed for port ${port}, added by an administrator.`;
  return {
    state: 'partly',
    meaning: `Windows Defender Firewall lets in only what a rule allows: ${
      networks.length > 0
        ? needed
        : `${needed} This network counts as public: first make it a private one in the settings of Windows.`
    }`,
    command: `netsh advfirewall firewall add rule name="OpenClaw gateway" dir=in action=allow protocol=TCP localport=${port} profile=${networks.join(',') || 'private'}`,
  };
}

/** The kinds of the networks that a machine is in, without public ones: nothing is opened for those. */
const networksIn = (output: string): string[] =>
  ['domain', 'private'].filter((kind) =>
    new RegExp(`^${kind} Profile Settings`, 'im').test(output),
  );
