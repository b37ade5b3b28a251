/**
 * peer-agent/peer-config.md, of both kinds: `Key: value` lines under headings (Agent Peer via
 * Tailscale), or bullets with bold keys under *My Details* and *My Peer* (its LAN sibling, without
 * tokens). Comment lines and headings share the mark `#`, so lines are told apart by their keys.
 */
import type { Parsed } from './parsed.ts';
import { cleanLine, realValue, tokenIn } from './text.ts';

type PeerConfig = Extract<Parsed, { kind: 'peer_config' }>;

/** Keys that mean the same wherever they stand. */
const KEYS: Readonly<Record<string, string>> = {
  'my tailscale ip': 'my.ip',
  'my lan ip': 'my.ip',
  'my gateway url': 'my.url',
  'my gateway token': 'my.token',
  'peer name': 'peer.name',
  'peer tailscale ip': 'peer.ip',
  'peer lan ip': 'peer.ip',
  'peer ip': 'peer.ip',
  'peer gateway url': 'peer.url',
  'peer gateway token': 'peer.token',
  'peer agent id': 'peer.agent',
  'peer agentid': 'peer.agent',
  'peer machine': 'peer.machine',
};

/** Keys that belong to the heading above them. */
const UNDER_HEADING: Readonly<Record<string, string>> = {
  name: 'name',
  machine: 'machine',
  'lan ip': 'ip',
  'tailscale ip': 'ip',
  ip: 'ip',
  'gateway url': 'url',
  'gateway token': 'token',
  'agent id': 'agent',
  agentid: 'agent',
};

const HEADINGS: readonly (readonly [RegExp, 'my' | 'peer' | null])[] = [
  [/^my (peer configuration|details|configuration)\b/, 'my'],
  [/^(my peer|peer)\b/, 'peer'],
  [/^how to reach/, null],
];

/** Longer lines hold nothing of ours. */
const LONGEST_LINE = 8192;

/** Reads the file; null where it is none of this form. */
export function parsePeerConfig(text: string): PeerConfig | null {
  const values = new Map<string, string>();
  const problems = new Set<string>();
  let section: 'my' | 'peer' | null = null;
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    if (line.length > LONGEST_LINE) continue;
    const heading = headingOf(line);
    if (heading !== null) {
      const known = HEADINGS.find(([pattern]) => pattern.test(heading));
      if (known) section = known[1];
      continue;
    }
    const pair = keyAndValue(line);
    if (!pair) continue;
    const member = own(UNDER_HEADING, pair.key);
    const name = own(KEYS, pair.key) ?? (member && section ? `${section}.${member}` : undefined);
    if (name === undefined || realValue(pair.value) === null) continue;
    const before = values.get(name);
    if (before === undefined) values.set(name, pair.value);
    else if (before !== pair.value)
      problems.add(`“${pair.shown}” stands there more than once. The first one counts.`);
  }
  if (values.size === 0) return null;
  return { kind: 'peer_config', ...peerOf(values), problems: [...problems] };
}

/** What a table itself holds: a line may well begin with `constructor:`. */
const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A line that begins with `#` and holds no colon; one with a colon is a comment. */
function headingOf(line: string): string | null {
  const bare = line.trim();
  if (!bare.startsWith('#') || bare.includes(':')) return null;
  return bare.replaceAll('#', '').trim().toLowerCase();
}

function keyAndValue(line: string): { key: string; shown: string; value: string } | null {
  // A line of a list or of a quote; the key may stand in bold or in code.
  const bare = line.trimStart().replace(/^(?:>\s?)?(?:[-*+]\s+)?/, '');
  const at = bare.indexOf(':');
  if (at < 1 || at > 60 || bare.startsWith('#')) return null;
  const shown = bare.slice(0, at).replace(/[`*_]/g, '').replace(/\s+/g, ' ').trim();
  const marks = /^[*_`]+/.exec(bare)?.[0] ?? '';
  const after = bare.slice(at + 1);
  const value = marks !== '' && after.startsWith(marks) ? after.slice(marks.length) : after;
  // A remark may follow the value. No value of ours has a space before a `#`.
  const remark = value.search(/\s#/);
  return {
    key: shown.toLowerCase(),
    shown,
    value: (remark < 0 ? value : value.slice(0, remark)).trim(),
  };
}

function peerOf(values: ReadonlyMap<string, string>): Pick<PeerConfig, 'peer' | 'ownToken'> {
  const url = realValue(values.get('peer.url'));
  const ip = realValue(values.get('peer.ip'));
  const name = cleanLine(values.get('peer.name'), 80);
  const token = tokenIn(values.get('peer.token'));
  const machine = cleanLine(values.get('peer.machine'), 200);
  const something = url !== null || ip !== null || name !== null || token !== null;
  return {
    ownToken: tokenIn(values.get('my.token')),
    peer: something
      ? {
          name: name ?? machine?.slice(0, 80) ?? null,
          nickname: null,
          address: url ?? ip,
          token,
          agentId: cleanLine(values.get('peer.agent'), 200),
          notes: machine !== null && name !== null ? `Machine: ${machine}` : '',
        }
      : null,
  };
}
