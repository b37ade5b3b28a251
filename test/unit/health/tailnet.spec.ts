import { describe, expect, it } from 'vitest';
import {
  appError,
  fail,
  LinkId,
  type LinkState,
  type NetcheckView,
  ok,
  PeerId,
  type Result,
  TailnetNodeId,
  type TailnetPath,
  type TailnetPeer,
  type TailnetView,
  UNCHECKED_TAILNET,
} from '../../../electron/contract/index.ts';
import { createHealth, type Health } from '../../../electron/health/index.ts';
import { fakeClock } from '../../fakes/clock.ts';

const LINK = LinkId.parse('0190a5b0-0000-7000-8000-000000000001');
const PEER = PeerId.parse('0190a5b0-0000-7000-8000-000000000002');
const ONLINE: LinkState = {
  kind: 'online',
  since: 0,
  scopes: ['operator.read', 'operator.write'],
  serverVersion: '1',
  latencyMs: 5,
};
const DESK: TailnetPeer = {
  id: TailnetNodeId.parse('n2'),
  name: 'desk',
  dnsName: 'desk.tail1234.ts.net',
  addresses: ['100.64.0.2'],
  os: 'linux',
  owner: { login: 'me@example.com', name: 'Me' },
  tags: [],
  online: true,
  lastSeen: null,
  expired: false,
  keyExpiresAt: null,
  path: { kind: 'direct', region: null, ms: 4, pingedAt: null },
  mine: true,
  sharedIn: false,
};

const NETWORK: NetcheckView = {
  udp: false,
  ipv4: true,
  ipv6: false,
  hardNat: null,
  relays: [],
  captivePortal: null,
  meaning: ['UDP is blocked here.', 'No relay answered.'],
};

interface Bench {
  readonly health: Health;
  readonly clock: ReturnType<typeof fakeClock>;
  /** Rows that were said to have changed. */
  readonly rows: string[];
  reconnects: number;
  answers: boolean;
  ping: () => Result<TailnetPath>;
  tell(peer: Partial<TailnetPeer> | 'stopped'): void;
  ids(): string[];
  rung(id: string): { status: string; seen: string };
}

function bench(url: string): Bench {
  const clock = fakeClock();
  const { path: _, mine: _mine, sharedIn: _shared, ...node } = DESK;
  const running = (peer: Partial<TailnetPeer>): TailnetView => ({
    ...UNCHECKED_TAILNET,
    program: { path: '/usr/bin/tailscale', version: '1.102.3' },
    state: {
      kind: 'running',
      self: {
        ...node,
        id: TailnetNodeId.parse('n1'),
        name: 'home',
        dnsName: 'home.tail1234.ts.net',
        addresses: ['100.64.0.1'],
      },
      tailnet: 'me@example.com',
      suffix: 'tail1234.ts.net',
      certificates: false,
      peers: [{ ...DESK, ...peer }],
      warnings: [],
    },
  });
  const stopped: TailnetView = {
    ...UNCHECKED_TAILNET,
    state: { kind: 'stopped', self: null, error: appError('setup.tailscale_stopped', '') },
  };
  let view = running({});
  const listeners = new Set<() => void>();
  const health = createHealth({
    clock,
    changed: () => {},
    probes: { tcp: async () => ({ kind: 'open', ip: null }), http: async () => ({ kind: 'live' }) },
    network: { up: () => true, onChange: () => () => {}, stop: () => {} },
    describe: (state) => ({
      text: state.kind,
      error: state.kind === 'offline' ? appError(`link.${state.cause}`, '') : null,
    }),
    remember: () => {},
    random: () => 0.5,
    tailnet: {
      view: () => view,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      ping: async () => it.ping(),
      netcheck: async () => ok(NETWORK),
    },
    seenChanged: (id) => it.rows.push(health.seen(id, ONLINE).kind),
  });
  const it: Bench = {
    health,
    clock,
    rows: [],
    reconnects: 0,
    answers: true,
    ping: () => ok({ kind: 'relayed', region: 'fra', ms: 31, pingedAt: clock.now() }),
    tell: (now) => {
      view = now === 'stopped' ? stopped : running(now);
      for (const listener of listeners) listener();
    },
    ids: () => health.warnings().map((warning) => warning.id),
    rung: (id) => {
      const rung = health.ladder(LINK)?.rungs.find((one) => one.id === id);
      return { status: rung?.status ?? '', seen: rung?.seen ?? '' };
    },
  };
  health.watch(
    {
      linkId: LINK,
      peerId: PEER,
      peerName: 'Desk',
      url,
      agentId: null,
      pinnedIdentity: null,
      pinnedTls: null,
    },
    {
      ping: (signal) =>
        it.answers
          ? Promise.resolve(5)
          : new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
      agents: async () => [{ id: 'main', name: 'main', isDefault: true }],
      reconnect: () => {
        it.reconnects += 1;
      },
    },
    ONLINE,
    {},
  );
  return it;
}

const offline: LinkState = {
  kind: 'offline',
  cause: 'timeout',
  detail: '',
  since: 0,
  retryAt: null,
};

describe('the rungs of the tailnet', () => {
  it.each(['ws://100.64.0.2:18789', 'wss://desk.tail1234.ts.net'])('are real for %s', (url) => {
    const { rung } = bench(url);
    expect(rung('tailscale_running')).toEqual({ status: 'ok', seen: 'Running (1.102.3), as home' });
    expect(rung('tailnet_peer')).toEqual({ status: 'ok', seen: 'Online: desk, of me@example.com' });
    expect(rung('tailnet_path')).toEqual({ status: 'ok', seen: 'Direct' });
  });

  it.each(['ws://192.168.1.7:18789', 'wss://gateway.example', 'ws://127.0.0.1:18789'])(
    'are not needed for %s, and say why',
    (url) => {
      const { rung } = bench(url);
      for (const id of ['tailscale_running', 'tailnet_peer', 'tailnet_path']) {
        expect(rung(id)).toEqual({
          status: 'not_needed',
          seen: 'Its address is not one of a tailnet',
        });
      }
    },
  );

  it('do not call a machine unknown that answers: the range is a provider’s as well', () => {
    const { rung, health } = bench('ws://100.64.9.9:18789');
    expect(rung('tailnet_peer').status).toBe('not_needed');
    health.noteState(LINK, offline);
    expect(rung('tailnet_peer').status).toBe('failed');
  });

  it('ping when a person checks', async () => {
    const { health, clock, rung } = bench('ws://100.64.0.2:18789');
    const checked = health.handlers['health.check'](
      { linkId: LINK },
      { door: 'window', connectionId: 'x', signal: new AbortController().signal },
    );
    await clock.advance(100);
    await checked;
    expect(rung('tailnet_path')).toEqual({ status: 'ok', seen: 'Through the relay fra' });
  });

  it('say what the network here allows where nothing came back', async () => {
    const it = bench('ws://100.64.0.2:18789');
    it.ping = () => fail(appError('setup.tailnet_no_path', 'No reply.'));
    const checked = it.health.handlers['health.check'](
      { linkId: LINK },
      { door: 'window', connectionId: 'x', signal: new AbortController().signal },
    );
    await it.clock.advance(100);
    await checked;
    expect(it.rung('tailnet_path')).toEqual({
      status: 'failed',
      seen: 'No reply. UDP is blocked here. No relay answered.',
    });
    const path = it.health.ladder(LINK)?.rungs.find((one) => one.id === 'tailnet_path');
    expect(path?.remedy?.actions).toEqual([
      { kind: 'go', label: 'Look at my network', to: 'setup/tailnet' },
    ]);
  });
});

describe('a login that ends soon', () => {
  const DAY = 24 * 3_600_000;
  const later = (it: Bench, days: number) => ({ keyExpiresAt: it.clock.now() + days * DAY });

  it('of a machine that a link leads to is a warning of the whole app, from two weeks before on', async () => {
    const it = bench('ws://100.64.0.2:18789');
    it.tell(later(it, 15));
    await it.clock.advance(5_000);
    expect(it.health.warnings()).toEqual([]);
    it.tell(later(it, 13.5));
    await it.clock.advance(5_000 - 1);
    expect(it.ids()).toEqual([]);
    await it.clock.advance(1);
    expect(it.health.warnings()).toMatchObject([
      { code: 'setup.tailscale_key_expiring', peerId: null, severity: 'warning' },
    ]);
    expect(it.health.warnings()[0]?.detail).toMatch(/^The login of desk ends on /);
    expect(it.health.warnings()[0]?.remedy?.actions).toMatchObject([{ kind: 'link' }]);
    it.tell({ keyExpiresAt: null });
    expect(it.ids()).toEqual([]);
  });

  it('is told no more once the link is gone, and while Tailscale is off as it was last', async () => {
    const it = bench('ws://100.64.0.2:18789');
    it.tell(later(it, 3));
    await it.clock.advance(5_000);
    expect(it.ids()).toHaveLength(1);
    it.tell('stopped');
    expect(it.ids()).toHaveLength(1);
    it.tell(later(it, 3));
    it.health.forget(LINK);
    expect(it.ids()).toEqual([]);
  });

  it('of a machine that no link needs is none', async () => {
    const it = bench('wss://example.org:1');
    it.tell(later(it, 3));
    await it.clock.advance(5_000);
    expect(it.ids()).toEqual([]);
  });
});

describe('a peer that drops off the tailnet', () => {
  it('is shown so at once, and is a warning after exactly five seconds', async () => {
    const it = bench('ws://100.64.0.2:18789');
    await it.clock.advance(3_000);
    it.answers = false;
    it.tell({ online: false, lastSeen: 0 });
    expect(it.rows).toEqual(['offline']);
    expect(it.health.seen(LINK, ONLINE)).toMatchObject({ cause: 'tailnet_offline' });
    expect(it.rung('tailnet_peer').status).toBe('failed');
    expect(it.rung('handshake').status).toBe('skipped');
    await it.clock.advance(4_999);
    expect(it.ids()).toEqual([]);
    await it.clock.advance(1);
    expect(it.ids()).toEqual([`link.tailnet_offline:${PEER}`]);
  });

  it('is no news where it goes on answering: only its login server has lost it', async () => {
    const it = bench('ws://100.64.0.2:18789');
    await it.clock.advance(3_000);
    it.tell({ online: false });
    await it.clock.advance(6_000);
    expect(it.rows).toEqual(['offline', 'online']);
    expect(it.ids()).toEqual([]);
    expect(it.rung('tailnet_peer')).toMatchObject({ status: 'ok' });
  });

  it('is tried again at once when it is back', async () => {
    const it = bench('ws://100.64.0.2:18789');
    it.health.noteState(LINK, offline);
    it.tell({ online: false });
    it.tell({ online: true });
    expect(it.reconnects).toBe(1);
  });
});

describe('our own Tailscale being off', () => {
  it('is one warning after five seconds, and none for the peers behind it', async () => {
    const it = bench('ws://100.64.0.2:18789');
    await it.clock.advance(3_000);
    it.answers = false;
    it.tell('stopped');
    expect(it.rung('tailscale_running')).toMatchObject({ status: 'needs_you' });
    expect(it.rung('tcp_port').status).toBe('skipped');
    await it.clock.advance(4_999);
    expect(it.ids()).toEqual([]);
    await it.clock.advance(1);
    expect(it.ids()).toEqual(['setup.tailscale_stopped']);
    await it.clock.advance(20_000);
    expect(it.ids()).toEqual(['setup.tailscale_stopped']);
    it.tell({});
    expect(it.ids()).toEqual([]);
  });

  it('is nothing to hear of where no peer is in the tailnet', async () => {
    const it = bench('ws://192.168.1.7:18789');
    it.tell('stopped');
    await it.clock.advance(60_000);
    expect(it.ids()).toEqual([]);
  });
});
