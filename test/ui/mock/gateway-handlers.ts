import {
  type AuditFinding,
  appError,
  fail,
  ok,
  type PairedDevice,
} from '../../../electron/contract/index.ts';
import { NOW } from './seeds.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

const READ = {
  scope: 'operator.read',
  words: 'Read every conversation and the settings, without secrets',
  weight: 'look',
} as const;
const WRITE = {
  scope: 'operator.write',
  words: 'Give work to every agent, which may run commands on this machine',
  weight: 'act',
} as const;
const ADMIN = {
  scope: 'operator.admin',
  words: 'Do everything: change settings, devices and agents',
  weight: 'manage',
} as const;

const HOUR = 3_600_000;

const device = (number: number, name: string, more: Partial<PairedDevice> = {}): PairedDevice => ({
  deviceId: String(number).repeat(64),
  name,
  renamed: false,
  fingerprint: `${number}fb2a9c407e1d3886a4f90be21c7d56e`.slice(0, 32).repeat(2),
  platform: 'linux',
  client: 'gateway-client',
  roles: ['operator'],
  scopes: [READ, WRITE],
  address: null,
  owner: null,
  connected: false,
  lastSeenAt: NOW - HOUR,
  approvedAt: NOW - 24 * HOUR,
  approvedBy: 'person',
  revoked: false,
  ours: null,
  ...more,
});

const FINDINGS: AuditFinding[] = [
  {
    checkId: 'fs.config.perms_world_readable',
    severity: 'critical',
    title: 'Every user of this machine can read the token',
    detail: '/home/ada/.openclaw/openclaw.json mode=644; consider restricting to 600.',
    remedy: 'chmod 600 /home/ada/.openclaw/openclaw.json',
  },
  {
    checkId: 'gateway.trusted_proxies_missing',
    severity: 'warn',
    title: 'No reverse proxy is trusted',
    detail: 'gateway.bind is loopback and gateway.trustedProxies is empty.',
    remedy: 'Nothing to do, unless you put a reverse proxy in front of the gateway.',
  },
  {
    checkId: 'summary.attack_surface',
    severity: 'info',
    title: 'What agents may do here, in short',
    detail: 'groups: open=0, allowlist=0',
    remedy: null,
  },
];

/** Calls about who is let in at the own gateway, its token, its copies and its audit. */
export function gatewayHandlers(world: World): MockHandlers {
  let devices = [
    device(1, 'Peerage on workshop', {
      ours: 'link',
      connected: true,
      approvedBy: 'silent',
    }),
    device(5, 'Peerage on workshop (reception)', {
      ours: 'reception',
      connected: true,
      approvedBy: 'silent',
      scopes: [WRITE],
    }),
    device(2, 'Ada’s laptop', {
      connected: true,
      renamed: true,
      platform: 'darwin',
      address: '100.84.12.9',
      owner: { machine: 'ada-mbp', login: 'ada@example.org' },
    }),
    device(3, 'Old phone', {
      scopes: [READ, ADMIN],
      platform: 'ios',
      address: '192.168.1.22',
      lastSeenAt: NOW - 960 * HOUR,
    }),
    device(4, 'Test rig', { revoked: true, address: '10.0.0.8' }),
  ];
  const change = (deviceId: string, changes: Partial<PairedDevice>) => {
    devices = devices.map((one) => (one.deviceId === deviceId ? { ...one, ...changes } : one));
    return ok({});
  };
  return {
    'ownGateway.devices': () => ok({ paired: devices, pending: [...world.gateway.pending] }),
    'ownGateway.rename': ({ deviceId, name }) => change(deviceId, { name, renamed: true }),
    'ownGateway.revoke': ({ deviceId }) => change(deviceId, { revoked: true, connected: false }),
    'ownGateway.remove': ({ deviceId }) => {
      devices = devices.filter((one) => one.deviceId !== deviceId);
      return ok({});
    },
    'ownGateway.audit': () => ok({ findings: FINDINGS, checkedAt: NOW }),
    'ownGateway.backups': () =>
      ok({
        backups: [
          {
            backupId: `${NOW}-0123abcd`,
            at: NOW - 26 * HOUR,
            bytes: 2_048,
            configPath: '/home/ada/.openclaw/openclaw.json',
          },
        ],
      }),
    'ownGateway.restoreBackup': () => fail(appError('own_gateway.backup_gone', 'It made room.')),
    'ownGateway.rotateToken': () => {
      world.changeGateway({
        task: {
          what: 'rotate_token',
          planId: null,
          startedAt: NOW,
          step: { kind: 'done', at: NOW, text: 'The gateway has a new token.' },
          exposure: null,
          links: [],
        },
      });
      return ok({});
    },
  };
}
