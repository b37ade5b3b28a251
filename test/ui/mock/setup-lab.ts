import {
  appError,
  type BindPlan,
  DelegationId,
  type DelegationView,
  type GatewayExposure,
  type GatewayStatus,
  type ImportPreview,
  InviteId,
  type InviteView,
  MessageId,
  type OutgoingDelegationView,
  type PairingRequest,
  type TailnetNode,
  TailnetNodeId,
  type TailnetPeer,
  type TailnetState,
  type TailnetView,
  type UnaskedView,
} from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import { NOW } from './seeds.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const inviteId = (number: number) =>
  InviteId.parse(`01934007-0000-7000-8000-${number.toString(16).padStart(12, '0')}`);
const delegationId = (number: number) =>
  DelegationId.parse(`01934008-0000-7000-8000-${number.toString(16).padStart(12, '0')}`);

const node = (number: number, name: string, more: Partial<TailnetNode> = {}): TailnetNode => ({
  id: TailnetNodeId.parse(`n${number}`),
  name,
  dnsName: `${name}.tail1f2.ts.net`,
  addresses: [`100.64.0.${number}`, `fd7a:115c:a1e0::${number}`],
  os: 'linux',
  owner: { login: 'ada@example.org', name: 'Ada' },
  tags: [],
  online: true,
  lastSeen: null,
  expired: false,
  keyExpiresAt: NOW + 90 * DAY,
  ...more,
});

const machine = (number: number, name: string, more: Partial<TailnetPeer> = {}): TailnetPeer => ({
  ...node(number, name, more),
  path: { kind: 'unknown', region: null, ms: null, pingedAt: null },
  mine: true,
  sharedIn: false,
  ...more,
});

export const RUNNING: Extract<TailnetState, { kind: 'running' }> = {
  kind: 'running',
  self: node(1, 'ada-desk'),
  tailnet: 'ada@example.org',
  suffix: 'tail1f2.ts.net',
  certificates: true,
  peers: [
    machine(2, 'studio', { path: { kind: 'direct', region: null, ms: 4, pingedAt: NOW } }),
    machine(3, 'ada-phone', { os: 'iOS', online: false, lastSeen: NOW - 3 * 60 * MINUTE }),
    machine(4, 'ben-mini', {
      os: 'macOS',
      owner: { login: 'ben@example.net', name: 'Ben' },
      mine: false,
      sharedIn: true,
      dnsName: 'ben-mini.tail9c0.ts.net',
      path: { kind: 'relayed', region: 'fra', ms: 31, pingedAt: NOW },
    }),
    machine(5, 'build-pod', { owner: null, tags: ['tag:ci'], mine: false }),
  ],
  warnings: [],
};

const tailnet = (state: TailnetState, more: Partial<TailnetView> = {}): TailnetView => ({
  state,
  program: { path: '/usr/bin/tailscale', version: '1.102.3' },
  checkedAt: NOW,
  checking: false,
  watching: 'live',
  join: null,
  denied: null,
  ...more,
});

/** Tailscale in the states that a newcomer meets. */
export const tailnets = {
  missing: tailnet(
    {
      kind: 'not_installed',
      error: appError('setup.tailscale_not_installed', 'No program called tailscale was found.'),
      lookedAt: ['/usr/bin/tailscale', '/usr/local/bin/tailscale'],
      install: [
        {
          label: 'Debian and Ubuntu',
          command: 'sudo apt-get install tailscale',
          url: 'https://tailscale.com/download/linux',
        },
        { label: 'Open Tailscale’s page', command: null, url: 'https://tailscale.com/download' },
      ],
    },
    { program: null },
  ),
  login: tailnet({
    kind: 'needs_login',
    error: appError('setup.tailscale_needs_login', 'Tailscale runs, and belongs to no tailnet.'),
    reason: 'not_joined',
    self: null,
  }),
  joining: tailnet(
    {
      kind: 'needs_login',
      error: appError('setup.tailscale_needs_login', 'Tailscale runs, and belongs to no tailnet.'),
      reason: 'not_joined',
      self: null,
    },
    {
      join: {
        by: 'browser',
        loginServer: null,
        since: NOW,
        until: NOW + 5 * MINUTE,
        phase: { kind: 'link', url: 'https://login.tailscale.com/a/1f2e3d4c5b', qr: null },
      },
    },
  ),
  denied: tailnet(
    {
      kind: 'stopped',
      error: appError('setup.tailscale_stopped', 'It is logged in, and switched off.'),
      self: node(1, 'ada-desk'),
    },
    {
      denied: {
        error: appError('setup.tailscale_denied', 'Only root may change it so far.'),
        command: 'sudo tailscale set --operator=ada',
      },
    },
  ),
  running: tailnet(RUNNING),
} as const;

export const STATUS: GatewayStatus = {
  installed: { path: '/home/ada/.npm/bin/openclaw', version: '2026.9.6' },
  configPath: '/home/ada/.openclaw/openclaw.json',
  error: null,
  settings: {
    port: 18_789,
    bind: 'lan',
    customAddress: null,
    auth: 'token',
    tls: false,
    tailscale: 'off',
    autoApproveLocal: true,
    publicOrigin: null,
  },
  place: 'here',
  credential: 'token',
  running: true,
  ready: true,
  keeper: { kind: 'service', manager: 'systemd', label: 'openclaw-gateway.service' },
  listeners: [],
  startCommand: 'openclaw gateway start',
  checkedAt: NOW,
};

const address = (
  at: string,
  interfaceName: string,
  kind: 'loopback' | 'lan' | 'tailnet',
  meaning: string,
) => ({
  address: at,
  interfaceName,
  kind,
  state: 'open' as const,
  forwarded: false,
  meaning,
  ms: 2,
});

export const EXPOSURE: GatewayExposure = {
  port: 18_789,
  addresses: [
    address('127.0.0.1', 'lo', 'loopback', 'Programs of this machine.'),
    address('100.64.0.1', 'tailscale0', 'tailnet', 'Machines of your tailnet.'),
    address('192.168.1.20', 'wlan0', 'lan', 'Everyone in the local network, guests included.'),
  ],
  reach: 'lan',
  summary: 'Everyone in your local network can reach the gateway',
  checkedAt: NOW,
};

export const PLAN: BindPlan = {
  planId: 'plan-1',
  choice: 'loopback',
  address: null,
  configPath: '/home/ada/.openclaw/openclaw.json',
  diff: [
    { path: 'gateway.bind', before: '"lan"', after: '"loopback"' },
    { path: 'gateway.nodes.pairing.autoApproveLocal', before: null, after: 'false' },
  ],
  warnings: [
    { severity: 'info', text: 'Devices that come over the local network lose their connection.' },
  ],
  afterwards: EXPOSURE.addresses.map(({ address: at, interfaceName, kind }) => ({
    address: at,
    interfaceName,
    kind,
    open: kind === 'loopback',
  })),
  needsRestart: true,
  restartBy: 'service',
  restartCommand: null,
  baseHash: 'hash',
};

export const REQUEST: PairingRequest = {
  requestId: 'request-1',
  deviceId: 'd'.repeat(64),
  name: 'Peerage on studio',
  fingerprint: '3f'.repeat(32),
  platform: 'linux',
  client: 'gateway-client',
  address: '100.64.0.2',
  owner: { machine: 'studio', login: 'ada@example.org' },
  role: 'operator',
  scopes: [
    { scope: 'operator.read', words: 'Read what your agents say and do', weight: 'look' },
    { scope: 'operator.write', words: 'Write to your agents', weight: 'act' },
  ],
  hasScopes: [],
  askedAt: NOW - MINUTE,
};

export const WORDS = ['harbour', 'violin', 'march', 'lantern', 'copper', 'orbit'] as const;

export const invite = (more: Partial<InviteView> = {}): InviteView => ({
  id: inviteId(1),
  direction: 'issued',
  for: 'theirs',
  state: 'open',
  peerName: 'Ben',
  createdAt: NOW,
  expiresAt: NOW + 10 * MINUTE,
  words: null,
  other: null,
  confirmedThere: false,
  directions: null,
  gateway: null,
  peerId: null,
  error: null,
  ...more,
});

export const comparing = (): InviteView =>
  invite({
    state: 'comparing',
    words: [...WORDS],
    other: {
      name: 'Ben’s Mac mini',
      fingerprint: 'a1b2c3d4'.repeat(8),
      address: '100.64.0.4',
      proof: { kind: 'tailnet', node: 'ben-mini', owner: 'ben@example.net' },
    },
  });

export const delegation = (number: number, more: Partial<DelegationView> = {}): DelegationView => ({
  id: delegationId(number),
  peerId: ids.peer(2),
  caller: 'Ben',
  proof: { kind: 'tailnet', node: 'ben-mini', owner: 'ben@example.net' },
  topic: 'Release notes',
  text: 'Please read the last twenty commits of the parser and write release notes of at most ten lines. Leave out refactorings.',
  textBytes: 120,
  bytes: 120,
  parts: [],
  contextId: 'context',
  state: 'proposed',
  priority: 'normal',
  deadlineAt: null,
  expected: null,
  hops: 0,
  held: null,
  collects: true,
  agentId: null,
  sessionKey: null,
  receivedAt: NOW - 4 * MINUTE,
  changedAt: NOW - 4 * MINUTE,
  snoozedUntil: null,
  decision: null,
  question: null,
  reply: null,
  answer: null,
  error: null,
  ...more,
});

/** Work that we gave to Ben. */
export const outgoing = (
  number: number,
  more: Partial<OutgoingDelegationView> = {},
): OutgoingDelegationView => ({
  id: DelegationId.parse(`01934009-0000-7000-8000-${number.toString(16).padStart(12, '0')}`),
  messageId: MessageId.parse(`01934009-0000-7000-8000-${number.toString(16).padStart(12, '0')}`),
  threadId: ids.thread(1),
  peerId: ids.peer(2),
  peer: 'Ben',
  linkKind: 'gateway',
  topic: 'Nightly build',
  task: 'Find out why the nightly build fails in the packaging step, and mend it.',
  context: '',
  expected: '',
  priority: 'normal',
  deadlineAt: null,
  state: 'in_progress',
  stateFrom: 'delivery',
  delivery: 'delivered',
  running: true,
  question: null,
  answer: null,
  error: null,
  attachments: 0,
  sentAt: NOW - 10 * MINUTE,
  changedAt: NOW - 10 * MINUTE,
  ...more,
});

/** Work that Ben started here through his write access. */
export const unasked = (number: number, more: Partial<UnaskedView> = {}): UnaskedView => ({
  id: DelegationId.parse(`01934010-0000-7000-8000-${number.toString(16).padStart(12, '0')}`),
  sender: 'Peerage on ben-mini',
  verified: false,
  peerId: ids.peer(2),
  seenBy: 'peerage',
  topic: 'Tidy the downloads',
  text: '[Delegation] → Tidy the downloads\nTask: Sort the folder by year.',
  priority: 'normal',
  deadlineAt: null,
  agentId: 'main',
  sessionKey: 'agent:main:peerage-0123-x',
  state: 'in_progress',
  answer: null,
  receivedAt: NOW - 2 * MINUTE,
  changedAt: NOW - 2 * MINUTE,
  ...more,
});

export const IMPORT: ImportPreview = {
  previewId: 'preview-1',
  files: [
    {
      path: '/home/ada/.config/agent-team-mesh/tokens.json',
      kind: 'mesh_tokens',
      mode: '0644',
      tooOpen: true,
      tokens: 2,
      notes: [],
      error: null,
    },
    {
      path: '/home/ada/.openclaw/skills/agent-team-mesh/references/registry.json',
      kind: 'mesh_registry',
      mode: '0644',
      tooOpen: true,
      tokens: 0,
      notes: [],
      error: null,
    },
  ],
  rows: [
    {
      id: 'row-0',
      path: '/home/ada/.clawlink/agent_state.json',
      what: 'relay',
      name: '192.168.1.20',
      nickname: null,
      address: 'http://192.168.1.20:9077',
      token: 'environment',
      outcome: 'add',
      text: 'A relay. Will be added. Its token, from CLAWLINK_TOKEN, goes into the keychain. You are “Ada” on it, under a new id: the other tool keeps its own.',
      peerId: null,
    },
    {
      id: 'row-1',
      path: '/home/ada/.config/agent-team-mesh/tokens.json',
      what: 'peer',
      name: 'Anna',
      nickname: 'Ann',
      address: 'ws://100.64.0.3:18789',
      token: 'found',
      outcome: 'add',
      text: 'Will be added. Its token goes into the keychain.',
      peerId: null,
    },
    {
      id: 'row-2',
      path: '/home/ada/.config/agent-team-mesh/tokens.json',
      what: 'peer',
      name: 'Dora',
      nickname: null,
      address: null,
      token: 'found',
      outcome: 'cannot',
      text: 'A token without an address. Choose registry.json too, which holds the addresses.',
      peerId: null,
    },
    {
      id: 'row-3',
      path: '/home/ada/.openclaw/skills/agent-team-mesh/references/registry.json',
      what: 'peer',
      name: 'Cleo',
      nickname: null,
      address: null,
      token: 'none',
      outcome: 'cannot',
      text: 'No address stands there.',
      peerId: null,
    },
  ],
};
