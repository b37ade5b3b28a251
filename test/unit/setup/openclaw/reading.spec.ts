import { describe, expect, it } from 'vitest';
import { readAudit } from '../../../../electron/setup/openclaw/audit.ts';
import { readDevices, tokenRoles } from '../../../../electron/setup/openclaw/devices.ts';
import {
  readMacFirewall,
  readNft,
  readUfw,
  readWindowsFirewall,
} from '../../../../electron/setup/openclaw/firewall/verdict.ts';
import { parseProcNet } from '../../../../electron/setup/openclaw/listeners.ts';
import { askVersion, lastObject } from '../../../../electron/setup/openclaw/program.ts';
import { scopeViews } from '../../../../electron/setup/openclaw/scope-words.ts';

const question = { port: 18_789, address: '192.168.1.5', interfaceName: 'eth0' };

/** Columns and words as ufw(8) and help.ubuntu.com/community/UFW print them; not recorded from a machine. */
describe('ufw status verbose', () => {
  const active = (rules: string) =>
    `Status: active\nLogging: on (low)\nDefault: deny (incoming), allow (outgoing), disabled (routed)\n\nTo                         Action      From\n--                         ------      ----\n${rules}`;
  it.each([
    ['18789/tcp                  ALLOW IN    Anywhere', 'allows'],
    ['18000:19000/tcp            ALLOW IN    Anywhere', 'allows'],
    ['18789/udp                  ALLOW IN    Anywhere', 'blocks'],
    ['18789/tcp on tailscale0    ALLOW IN    Anywhere', 'blocks'],
    ['18789/tcp on eth0          ALLOW IN    Anywhere', 'allows'],
    ['18789/tcp                  ALLOW IN    192.168.1.0/24', 'partly'],
    ['18789/tcp                  DENY IN     Anywhere', 'blocks'],
    ['22/tcp                     ALLOW IN    Anywhere', 'blocks'],
    [
      '18789/tcp                  ALLOW IN    10.0.0.0/8\n18789/tcp                  ALLOW IN    Anywhere',
      'allows',
    ],
    [
      '18789/tcp                  ALLOW IN    10.0.0.0/8\n18789/tcp                  DENY IN     Anywhere',
      'partly',
    ],
  ])('%s', (rules, state) => {
    expect(readUfw(active(rules), question)?.state).toBe(state);
  });
  it('is off where it is inactive, and unreadable where it says something else', () => {
    expect(readUfw('Status: inactive\n', question)?.state).toBe('off');
    expect(readUfw('ERROR: You need to be root to run this script\n', question)).toBeNull();
  });
});

/** Shapes of libnftables-json(5): MATCH, SET, RANGE, verdicts, and XT for what iptables-nft put there. */
describe('nft -j list ruleset', () => {
  const ruleset = (policy: string, rules: readonly object[][]) => ({
    nftables: [
      { metainfo: { version: '1.0.9' } },
      { chain: { family: 'inet', table: 'filter', name: 'input', hook: 'input', policy } },
      ...rules.map((expr) => ({
        rule: { family: 'inet', table: 'filter', chain: 'input', expr },
      })),
    ],
  });
  const dport = (right: unknown) => ({
    match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right },
  });
  it('follows rules about the port and the interface, and the policy after them', () => {
    expect(readNft(ruleset('drop', []), question)?.state).toBe('blocks');
    expect(readNft(ruleset('accept', []), question)?.state).toBe('allows');
    expect(readNft(ruleset('drop', [[dport(18_789), { accept: null }]]), question)?.state).toBe(
      'allows',
    );
    expect(
      readNft(ruleset('drop', [[dport({ set: [22, 80] }), { accept: null }]]), question)?.state,
    ).toBe('blocks');
    expect(
      readNft(ruleset('accept', [[dport({ range: [18_000, 19_000] }), { drop: null }]]), question)
        ?.state,
    ).toBe('blocks');
  });
  it('says that it cannot tell where a rule is finer than that', () => {
    const saddr = {
      match: { left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '10.0.0.1' },
    };
    expect(readNft(ruleset('drop', [[saddr, { accept: null }]]), question)?.state).toBe('partly');
  });
  it('minds where a rule is about all interfaces but one, about several, or about a kind', () => {
    const on = (op: string, right: unknown) => ({
      match: { op, left: { meta: { key: 'iifname' } }, right },
    });
    const state = (policy: string, rule: object[]) =>
      readNft(ruleset(policy, [rule]), question)?.state;
    expect(state('accept', [on('!=', 'lo'), { drop: null }])).toBe('blocks');
    expect(state('drop', [on('!=', 'eth0'), { accept: null }])).toBe('blocks');
    expect(state('drop', [on('==', { set: ['eth0', 'wlan0'] }), { accept: null }])).toBe('allows');
    expect(state('drop', [on('==', 'eth*'), { accept: null }])).toBe('allows');
    expect(state('drop', [dport(18_789), { return: null }])).toBe('blocks');
  });
  it('cannot tell what a rule of iptables, a limit or a map of verdicts comes to', () => {
    const state = (rule: object[]) => readNft(ruleset('drop', [rule]), question)?.state;
    expect(state([{ xt: { type: 'match', name: 'conntrack' } }, { accept: null }])).toBe('partly');
    expect(state([{ limit: { rate: 10 } }, { counter: {} }, { accept: null }])).toBe('partly');
    expect(state([{ vmap: { key: {}, data: {} } }])).toBe('partly');
  });
  it('minds rules about several protocols, and about all but what this machine began', () => {
    const about = (key: string, op: string, right: unknown) => ({
      match: { op, left: key === 'state' ? { ct: { key } } : { meta: { key } }, right },
    });
    const state = (rule: object[]) => readNft(ruleset('accept', [rule]), question)?.state;
    const both = about('l4proto', '==', { set: ['tcp', 'udp'] });
    expect(state([both, { drop: null }])).toBe('blocks');
    expect(state([about('l4proto', '==', 'udp'), { drop: null }])).toBe('allows');
    expect(state([about('state', 'in', ['established']), { drop: null }])).toBe('allows');
    expect(state([about('state', '!=', ['established']), { drop: null }])).toBe('partly');
  });
  it('is off without a chain for what comes in, and unreadable without a list', () => {
    expect(readNft({ nftables: [] }, question)?.state).toBe('off');
    expect(readNft(null, question)).toBeNull();
  });
});

describe('the firewalls of macOS and Windows', () => {
  /**
   * Nobody ran these tools for the samples: each says where its shape is documented.
   * macOS, older: kolide.com/features/checks/mac-firewall (`Block all DISABLED!`); newer, 13 and later:
   * `Firewall has block all state set to disabled.`, as published reports of Macs print it, beside
   * `Firewall is enabled. (State = 1)`; a managed Mac refuses in one line. Windows: learn.microsoft.com,
   * netsh advfirewall show; datacadamia.com/os/windows/firewall prints a whole profile.
   */
  it('are read from what their own tools print', () => {
    expect(readMacFirewall('Firewall is disabled. (State = 0)\n')?.state).toBe('off');
    expect(readMacFirewall('Firewall is enabled. (State = 1)\nBlock all DISABLED!\n')?.state).toBe(
      'partly',
    );
    expect(readMacFirewall('Firewall is enabled. (State = 1)\nBlock all ENABLED!\n')?.state).toBe(
      'blocks',
    );
    expect(
      readMacFirewall(
        'Firewall is enabled. (State = 1)\nFirewall has block all state set to disabled.\n',
      )?.state,
    ).toBe('partly');
    expect(
      readMacFirewall(
        'Firewall is enabled. (State = 1)\nFirewall has block all state set to enabled.\n',
      )?.state,
    ).toBe('blocks');
    expect(readMacFirewall('Firewall is enabled. (State = 2)\n')?.state).toBe('blocks');
    expect(
      readMacFirewall(
        'Firewall settings cannot be modified from command line on managed Mac computers.\n',
      ),
    ).toBeNull();
    const profile = (state: string, policy: string) =>
      `Private Profile Settings:\n----\nState                                 ${state}\nFirewall Policy                       ${policy},AllowOutbound\n`;
    expect(readWindowsFirewall(profile('OFF', 'BlockInbound'), question)?.state).toBe('off');
    expect(readWindowsFirewall(profile('ON', 'BlockInbound'), question)?.state).toBe('partly');
    expect(readWindowsFirewall(profile('ON', 'BlockInboundAlways'), question)?.state).toBe(
      'blocks',
    );
    const two = profile('ON', 'AllowInbound') + profile('ON', 'BlockInbound');
    expect(readWindowsFirewall(two, question)?.state).toBe('partly');
    expect(
      readWindowsFirewall(profile('OFF', 'AllowInbound') + profile('ON', 'BlockInbound'), question)
        ?.state,
    ).toBe('partly');
    expect(readWindowsFirewall('Der Befehl wurde nicht gefunden.', question)).toBeNull();
    // As published of a machine in a domain: a rule for private networks would not hold there.
    const inDomain = profile('ON', 'BlockInbound').replace('Private', 'Domain');
    expect(readWindowsFirewall(inDomain, question)?.command).toMatch(/profile=domain$/);
    expect(readWindowsFirewall(inDomain + two, question)?.command).toMatch(
      /profile=domain,private$/,
    );
    const outside = readWindowsFirewall(inDomain.replace('Domain', 'Public'), question);
    expect(outside?.meaning).toContain('counts as public');
    expect(outside?.command).toMatch(/profile=private$/);
  });
});

describe('what listens', () => {
  it('is read from /proc/net/tcp and tcp6, and nothing that does not listen', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4965 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1
   1: 0501A8C0:4965 0A01A8C0:C001 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1
   2: 00000000000000000000000001000000:4965 00000000000000000000000000000000:0000 0A 0:0 00:0 0 1000 0 4713 1`;
    expect(parseProcNet(text)).toEqual([
      { address: '127.0.0.1', port: 18_789, inode: '4711' },
      { address: '::1', port: 18_789, inode: '4713' },
    ]);
  });
});

describe('the devices of a gateway', () => {
  const id = 'a'.repeat(64);
  const list = {
    pending: [
      {
        requestId: 'r1',
        deviceId: id,
        displayName: 'Ada\u202e\nlaptop',
        scopes: ['operator.write', 'operator.read'],
        remoteIp: '100.84.1.9',
        ts: 5,
      },
      { nonsense: true },
    ],
    paired: [
      {
        deviceId: id,
        displayName: 'Ada',
        operatorLabel: 'Kitchen',
        scopes: ['operator.read', 'operator.admin'],
        approvedVia: 'silent',
        tokens: [{ role: 'operator', scopes: ['operator.read'], createdAtMs: 1 }],
      },
      { deviceId: 'b', tokens: [{ role: 'operator', scopes: ['operator.read'], revokedAtMs: 9 }] },
    ],
  };
  const ownerOf = (address: string) =>
    address === '100.84.1.9' ? { machine: 'ada-mbp', login: 'ada@example.org' } : null;
  const read = readDevices(list, { ours: { link: id, reception: 'b' }, ownerOf });

  it('are told with what their tokens allow, the lightest right first', () => {
    expect(read.paired[0]).toMatchObject({
      name: 'Kitchen',
      renamed: true,
      approvedBy: 'silent',
      ours: 'link',
      revoked: false,
      scopes: [{ scope: 'operator.read' }],
    });
    expect(read.paired[1]).toMatchObject({ deviceId: 'b', ours: 'reception', revoked: true });
    expect(tokenRoles(list, id)).toEqual(['operator']);
    expect(tokenRoles(list, 'b')).toEqual([]);
  });

  it('that ask are told with whose machine it is, what they have, and a name in one line', () => {
    expect(read.pending).toMatchObject([
      {
        requestId: 'r1',
        name: 'Ada laptop',
        owner: { machine: 'ada-mbp' },
        scopes: [{ scope: 'operator.read' }, { scope: 'operator.write' }],
        hasScopes: [{ scope: 'operator.read' }],
      },
    ]);
  });

  it('weighs a right that nobody knows as the heaviest', () => {
    expect(scopeViews(['operator.future', 'operator.read']).map((one) => one.weight)).toEqual([
      'look',
      'manage',
    ]);
  });
});

describe('the audit', () => {
  it('puts the worst first, in our words where we have them and in its own where not', () => {
    const findings = readAudit({
      findings: [
        {
          checkId: 'x.unknown',
          severity: 'warn',
          title: 'Its own title',
          detail: 'd',
          remediation: 'do',
        },
        { checkId: 'gateway.bind_no_auth', severity: 'critical', title: 't', detail: 'd' },
        'nonsense',
      ],
    });
    expect(findings?.map((one) => [one.severity, one.title])).toEqual([
      ['critical', 'The gateway can be reached from outside and asks for no token'],
      ['warn', 'Its own title'],
    ]);
    expect(readAudit({})).toBeNull();
  });

  it('is found behind other lines that the command prints', () => {
    expect(lastObject('a warning\n{"findings":[]}')).toEqual({ findings: [] });
    expect(lastObject('not found')).toBeNull();
  });
});

describe('the version of the command', () => {
  const says = (stdout: string) =>
    askVersion(async () => ({ code: 0, stdout, stderr: '', timedOut: false }), 'openclaw');

  it('is read without what stands around it, and is null where it is none', async () => {
    expect(await says('OpenClaw 2026.9.6 (eb377ac)\n')).toBe('2026.9.6');
    expect(await says('a warning\nOpenClaw 2026.10.0-beta.1\n')).toBe('2026.10.0-beta.1');
    expect(await says('command not found')).toBeNull();
  });
});
