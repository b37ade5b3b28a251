import type {
  LadderView,
  LinkState,
  LinkView,
  PeerDetail,
  PeerRow,
  RungView,
} from '../../../electron/contract/index.ts';
import { appError } from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import type { World } from './world.ts';

const PRINT = '9f2c61d07b8843a1e5520fd6b3a97c8e41f0d2b95a6c7e83104fd9bb26ce7a51';
const OTHER_PRINT = '03be77a4c91d5e208f6b3a40d7e9125c8ab64f1072d3958ee60b1c47fa92d835';

/** What a peer of a seed is like; the rest is filled in. */
export interface PeerSeed {
  readonly number: number;
  readonly name: string;
  readonly row?: Partial<PeerRow>;
  readonly detail?: Partial<PeerDetail>;
  readonly state?: LinkState;
  readonly stateText?: string;
  readonly link?: Partial<LinkView>;
  readonly rungs?: readonly RungView[];
}

/** An online link state. */
export const online = (world: World, latencyMs: number | null): LinkState => ({
  kind: 'online',
  since: world.now - 3_600_000,
  scopes: ['operator.read', 'operator.write'],
  serverVersion: '2026.9.6',
  latencyMs,
});

/** Puts a peer with one link and its ladder into a world. */
export function seedPeer(world: World, seed: PeerSeed): void {
  const { number, name } = seed;
  const peerId = ids.peer(number);
  const linkId = ids.link(number);
  const state = seed.state ?? online(world, 12 + number * 7);
  const row: PeerRow = {
    id: peerId,
    name,
    nickname: null,
    group: null,
    favourite: false,
    practice: false,
    own: false,
    status: 'up',
    statusText: 'Up',
    latencyMs: state.kind === 'online' ? state.latencyMs : null,
    unread: 0,
    waiting: 0,
    running: false,
    lastActivityAt: world.now - number * 600_000,
    preview: '',
    ...seed.row,
  };
  world.putPeer(row);
  const link: LinkView = {
    id: linkId,
    peerId,
    kind: 'gateway',
    url: `wss://${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.tail41c2.ts.net`,
    credential: 'token',
    agentId: 'main',
    sessionKey: null,
    state,
    stateText: seed.stateText ?? 'Connected, with read and write access.',
    error: null,
    card: null,
    pinnedIdentity: PRINT,
    pinnedTls: null,
    ...seed.link,
  };
  world.putDetail({
    id: peerId,
    name,
    nickname: row.nickname,
    group: row.group,
    favourite: row.favourite,
    practice: row.practice,
    own: row.own,
    notes: '',
    capabilities: [],
    links: [link],
    firstUseAcknowledged: true,
    createdAt: world.now - 30 * 86_400_000,
    ...seed.detail,
  });
  world.putLadder(ladderOf(world, link, seed.rungs ?? wellRungs(world)));
}

/** A ladder of these rungs. */
export function ladderOf(world: World, link: LinkView, rungs: readonly RungView[]): LadderView {
  const failed = rungs.find((rung) => rung.status === 'failed' || rung.status === 'needs_you');
  return {
    linkId: link.id,
    peerId: link.peerId,
    rungs: [...rungs],
    checking: false,
    checkedAt: world.now - 40_000,
    nextCheckAt: world.now + 20_000,
    lastGoodAt: failed ? world.now - 5_400_000 : world.now - 40_000,
    lastError: failed
      ? {
          at: world.now - 40_000,
          code: failed.code ?? 'link.timeout',
          title: failed.seen,
          detail: failed.tried,
        }
      : null,
  };
}

const titles = {
  tailscale_running: 'Tailscale on this machine',
  tailnet_peer: 'Machine in the tailnet',
  tailnet_path: 'Path to it',
  tcp_port: 'Port',
  http_health: 'Gateway process',
  handshake: 'Handshake',
  identity: 'Identity',
  approval: 'Approval and permissions',
  agent: 'Agent',
  last_answer: 'Last real answer',
} as const;

/** One rung. */
export const rung = (
  world: World,
  id: keyof typeof titles,
  status: RungView['status'],
  more: Partial<RungView> = {},
): RungView => ({
  id,
  title: titles[id],
  status,
  tried: '',
  seen: '',
  code: null,
  durationMs: null,
  at: world.now - 40_000,
  remedy: null,
  ...more,
});

const tailscale = (world: World): RungView[] => [
  rung(world, 'tailscale_running', 'not_checked'),
  rung(world, 'tailnet_peer', 'not_checked'),
  rung(world, 'tailnet_path', 'not_checked'),
];

/** A ladder on which all is well. */
export const wellRungs = (world: World): RungView[] => [
  ...tailscale(world),
  rung(world, 'tcp_port', 'ok', { durationMs: 9, tried: 'Open port 443', seen: '' }),
  rung(world, 'http_health', 'ok', { durationMs: 14 }),
  rung(world, 'handshake', 'ok', { durationMs: 31 }),
  rung(world, 'identity', 'ok', { durationMs: 0 }),
  rung(world, 'approval', 'ok', { durationMs: 0 }),
  rung(world, 'agent', 'ok', { durationMs: 12 }),
  rung(world, 'last_answer', 'ok', { durationMs: 2_300, seen: '4 min ago' }),
];

/** A ladder that fails at one rung: those below are well, those above skipped. */
export function failingRungs(
  world: World,
  at: RungView['id'],
  status: RungView['status'],
  more: Partial<RungView>,
): RungView[] {
  const well = wellRungs(world);
  const index = well.findIndex((one) => one.id === at);
  return well.map((one, position) => {
    if (position < index) return one;
    if (position === index) return rung(world, at, status, more);
    return rung(world, one.id, 'skipped');
  });
}

/** The state of a changed identity. */
export const changedIdentity: LinkState = {
  kind: 'identity_changed',
  what: 'gateway_identity',
  expected: PRINT,
  seen: OTHER_PRINT,
};

/** A connection that is refused. */
export const refused = (world: World): Partial<PeerSeed> => ({
  row: { status: 'down', statusText: 'Nothing listens there' },
  state: {
    kind: 'offline',
    cause: 'refused',
    detail: 'connect ECONNREFUSED 100.64.0.7:18789',
    since: world.now - 900_000,
    retryAt: world.now + 42_000,
  },
  stateText: 'Nothing listens at 100.64.0.7:18789.',
  link: {
    url: 'ws://100.64.0.7:18789',
    error: appError('link.refused', 'The machine answers, but refuses port 18789.'),
  },
  rungs: failingRungs(world, 'tcp_port', 'failed', {
    tried: 'Open 100.64.0.7:18789',
    seen: 'Refused at once',
    code: 'link.refused',
    durationMs: 4,
    remedy: {
      text: 'Start the gateway there.',
      actions: [{ kind: 'copy', label: 'Copy the command', text: 'openclaw gateway run' }],
    },
  }),
});
