import { describe, expect, it } from 'vitest';
import { TailnetState } from '../../../../electron/contract/index.ts';
import { type StateInput, stateOf } from '../../../../electron/setup/tailscale/state.ts';
import { parseStatus } from '../../../../electron/setup/tailscale/status-format.ts';
import {
  desk,
  loggedOut,
  node,
  oldStatus,
  sharedIn,
  status,
} from '../../../fakes/tailscale/shapes.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY = 24 * 3_600_000;

const judge = (raw: Record<string, unknown>, changes: Partial<StateInput> = {}): TailnetState => {
  const parsed = parseStatus(JSON.stringify(raw));
  if (!parsed.ok) throw new Error(parsed.error.detail);
  const state = stateOf({
    status: parsed.value,
    now: NOW,
    since: NOW,
    pings: new Map(),
    strange: null,
    ownServer: false,
    ...changes,
  });
  return TailnetState.parse(state);
};
const running = (raw: Record<string, unknown>, changes: Partial<StateInput> = {}) => {
  const state = judge(raw, changes);
  if (state.kind !== 'running') throw new Error(`it is ${state.kind}`);
  return state;
};
const peer = (changes: Record<string, unknown>) => running(status({}, [desk(changes)])).peers[0];
const codes = (raw: Record<string, unknown>) => running(raw).warnings.map((one) => one.code);

describe('the seven states', () => {
  it.each([
    ['NoState', 'no_state', 'setup.tailscale_no_state'],
    ['InUseOtherUser', 'in_use_other_user', 'setup.tailscale_other_user'],
    ['NeedsMachineAuth', 'needs_approval', 'setup.tailscale_needs_approval'],
    ['Stopped', 'stopped', 'setup.tailscale_stopped'],
    ['Starting', 'starting', 'setup.tailscale_starting'],
  ])('%s is %s', (BackendState, kind, code) => {
    expect(judge(status({ BackendState }))).toMatchObject({ kind, error: { code } });
  });

  it('NeedsLogin is a machine that never joined, or one whose login has ended', () => {
    expect(judge(loggedOut())).toMatchObject({
      kind: 'needs_login',
      reason: 'not_joined',
      self: null,
    });
    const ended = node({ Expired: true, KeyExpiry: '2026-11-20T00:00:00Z', Online: false });
    expect(judge(status({ BackendState: 'NeedsLogin', Self: ended }))).toMatchObject({
      kind: 'needs_login',
      reason: 'key_expired',
      error: { code: 'setup.tailscale_key_expired', detail: 'It ended on 2026-11-20.' },
    });
  });

  it('Running without an address is not running yet', () => {
    expect(judge(status({ Self: node({ TailscaleIPs: null }) })).kind).toBe('starting');
  });

  it('Running says who this machine is, and in which tailnet', () => {
    expect(running(status())).toMatchObject({
      self: {
        id: 'nHOME11CNTRL',
        name: 'home',
        dnsName: 'home.tail1234.ts.net',
        addresses: ['100.101.1.1', 'fd7a:115c:a1e0::101'],
        owner: { login: 'somebody@example.com' },
        keyExpiresAt: Date.parse('2027-06-01T00:00:00Z'),
      },
      tailnet: 'somebody@example.com',
      suffix: 'tail1234.ts.net',
      certificates: false,
      warnings: [],
    });
  });

  it('offers the page for approval only for the vendor’s own login server', () => {
    const waiting = status({ BackendState: 'NeedsMachineAuth' });
    expect(judge(waiting)).toMatchObject({
      adminUrl: 'https://login.tailscale.com/admin/machines',
    });
    expect(judge(waiting, { ownServer: true })).toMatchObject({ adminUrl: null });
  });

  it('reads an older version', () => {
    expect(running(oldStatus()).peers).toMatchObject([{ id: 'nDESK12CNTRL', online: true }]);
  });
});

describe('other machines', () => {
  it('have names without the dot at the end, and are by name', () => {
    const { peers } = running(status({}, [sharedIn(), desk()]));
    expect(peers.map(({ name, dnsName }) => [name, dnsName])).toEqual([
      ['annas-box', 'annas-box.tail9876.ts.net'],
      ['desk', 'desk.tail1234.ts.net'],
    ]);
  });

  it('say whose they are, and what is shared in from another tailnet', () => {
    const { peers } = running(
      status({}, [
        sharedIn(),
        desk(),
        desk({
          PublicKey: 'nodekey:other',
          ID: 'n3',
          DNSName: 'z.tail1234.ts.net.',
          Tags: ['tag:openclaw'],
          UserID: 9,
        }),
      ]),
    );
    expect(
      peers.map(({ owner, mine, sharedIn: shared, tags }) => [
        owner?.login ?? null,
        mine,
        shared,
        tags,
      ]),
    ).toEqual([
      ['anna@example.org', false, true, []],
      ['somebody@example.com', true, false, []],
      [null, false, false, ['tag:openclaw']],
    ]);
  });

  it('name who shared them, where that is another than their owner', () => {
    expect(peer({ UserID: 101, AltSharerUserID: 202 })?.owner?.login).toBe('anna@example.org');
  });

  it.each([
    ['there only because something is shared with their owner', { ShareeNode: true }],
    ['a rented exit', { Location: { Country: 'X' }, ExitNodeOption: true }],
  ])('are hidden: %s', (_, changes) => {
    expect(running(status({}, [desk(changes)])).peers).toEqual([]);
  });

  it.each([
    [
      'direct',
      { Active: true, CurAddr: '192.0.2.1:41641', Relay: 'fra' },
      { kind: 'direct', region: null },
    ],
    ['through a peer', { Active: true, PeerRelay: '192.0.2.9:1:2' }, { kind: 'peer_relay' }],
    ['relayed', { Active: true, Relay: 'fra' }, { kind: 'relayed', region: 'fra' }],
    [
      'unknown while nothing is sent',
      { Active: false, CurAddr: '192.0.2.1:1' },
      { kind: 'unknown', region: null },
    ],
  ])('have a path: %s', (_, changes, path) => {
    expect(peer(changes)?.path).toMatchObject(path);
  });

  it('keep the path of a ping for two minutes', () => {
    const pings = (ago: number) =>
      new Map([
        ['nDESK12CNTRL', { kind: 'relayed' as const, region: 'fra', ms: 31, pingedAt: NOW - ago }],
      ]);
    expect(running(status(), { pings: pings(119_000) }).peers[0]?.path).toMatchObject({
      kind: 'relayed',
      ms: 31,
    });
    expect(running(status(), { pings: pings(121_000) }).peers[0]?.path).toMatchObject({
      kind: 'unknown',
      ms: 31,
    });
  });

  it('tell when they were last seen, only while they are offline', () => {
    expect(peer({ Online: false, LastSeen: '2026-11-21T11:00:00Z' })).toMatchObject({
      online: false,
      lastSeen: NOW - 3_600_000,
    });
    expect(peer({})).toMatchObject({ lastSeen: null });
  });

  it('have ended logins, by word or by time', () => {
    expect(peer({ Expired: true })?.expired).toBe(true);
    expect(peer({ KeyExpiry: '2026-11-21T11:59:59Z' })?.expired).toBe(true);
    expect(peer({ KeyExpiry: undefined })).toMatchObject({ expired: false, keyExpiresAt: null });
  });

  it('cannot put control or direction characters into the window', () => {
    expect(peer({ DNSName: '', HostName: 'a\u202eb\u0007c' })?.name).toBe('a b c');
  });
});

describe('warnings', () => {
  it('tell of a login that ends within 14 days, and not of one that ends later', () => {
    const ends = (inMs: number) =>
      status({ Self: node({ KeyExpiry: new Date(NOW + inMs).toISOString() }) });
    expect(codes(ends(14 * DAY))).toEqual(['setup.tailscale_key_expiring']);
    expect(codes(ends(14 * DAY + 1))).toEqual([]);
  });

  it('tell that the login server does not hear from this machine', () => {
    expect(codes(status({ Self: node({ Online: false }) }))).toEqual(['setup.tailscale_offline']);
  });

  it.each([
    ['this node is locked out; it will not have connectivity', ['setup.tailscale_locked_out']],
    ['Security update available: 1.102.3 -> 1.104.0', ['setup.tailscale_update']],
    ['Some peers are advertising routes but --accept-routes is false', []],
    ['Tailscale SSH enabled, but access controls don’t allow anyone', []],
    ['Something new', ['setup.tailscale_health']],
  ])('translate %j', (text, expected) => {
    expect(codes(status({ Health: [text] }))).toEqual(expected);
  });
});
