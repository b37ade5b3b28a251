import { appError, WarningId } from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import { seedThread, theyWrote, weWrote } from './seed-messages.ts';
import { changedIdentity, failingRungs, seedPeer } from './seed-peers.ts';
import { fewWorld, NOW } from './seeds.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;

/** Everything that can be wrong, at once. */
export function brokenWorld(): World {
  const world = fewWorld();
  world.app = {
    ...world.app,
    network: 'down',
    secrets: {
      status: 'locked',
      error: appError('secrets.locked', 'The login keyring is locked.'),
    },
    storeNotice: appError('store.disk_full', 'There are 0 bytes left on /home.'),
    search: 'like',
  };
  world.putWarning({
    id: WarningId.parse('network.down'),
    code: 'link.local_network_down',
    severity: 'warning',
    title: 'This machine has no network',
    detail: 'Nothing can be reached from here; this is not about any peer.',
    remedy: null,
    peerId: null,
    since: NOW - MINUTE,
    impactsConnectivity: true,
  });
  seedPeer(world, {
    number: 9,
    name: 'Bastion',
    row: { status: 'needs_you', statusText: 'Its identity changed' },
    state: changedIdentity,
    stateText: 'Another gateway answers at this address. Nothing is sent to it.',
    link: {
      error: appError(
        'link.identity_changed',
        'The identity key differs from the one that was trusted on 22 October.',
      ),
    },
    rungs: failingRungs(world, 'identity', 'needs_you', {
      tried: 'Compare its identity with the trusted one',
      seen: 'It is another one',
      code: 'link.identity_changed',
    }),
  });
  seedPeer(world, {
    number: 10,
    name: 'Stranger',
    row: { status: 'blocked', statusText: 'Blocked by you' },
    state: { kind: 'idle' },
    stateText: 'Blocked: nothing goes out, and nothing comes in.',
  });
  seedPeer(world, {
    number: 11,
    name: 'Vault',
    row: { status: 'needs_you', statusText: 'Refused the token' },
    state: { kind: 'bad_credential', detail: 'unauthorized' },
    stateText: 'The gateway refused the token. It is not tried again before you enter another.',
    link: { error: appError('link.bad_credential', 'It answered: unauthorized.') },
  });
  seedPeer(world, {
    number: 12,
    name: 'Watcher',
    row: { status: 'degraded', statusText: 'May only read' },
    state: {
      kind: 'degraded',
      since: NOW - MINUTE,
      reason: 'too_few_scopes',
      scopes: ['operator.read'],
      missingScopes: ['operator.write'],
      serverVersion: '2026.9.6',
      latencyMs: 30,
    },
    stateText: 'Connected, but this device may only read.',
    link: { error: appError('link.too_few_scopes', 'Missing: operator.write.') },
  });
  seedBrokenThread(world);
  return world;
}

function seedBrokenThread(world: World): void {
  const thread = seedThread(world, 30, ids.peer(9), 'Rotate the keys', { lastMessageAt: NOW });
  const at = NOW - 30 * MINUTE;
  weWrote(world, thread, at, 'Rotate the deploy keys, and tell me the new fingerprints.', {
    state: 'failed',
    error: appError('link.bad_credential', 'The gateway answered: unauthorized.'),
  });
  weWrote(world, thread, at + 6 * MINUTE, 'Restart the runner on port 9000.', {
    state: 'unknown',
    error: appError('message.unknown_outcome', 'The connection was cut right after it was sent.'),
  });
  weWrote(world, thread, at + 12 * MINUTE, 'And check the disk.', {
    state: 'queued',
    delayed: true,
    nextAttemptAt: NOW + 3_600_000,
    attempts: 7,
    error: appError('link.timeout', 'No answer within 10 s.'),
  });
  weWrote(world, thread, at + 13 * MINUTE, 'Never mind.', { state: 'cancelled' });
  theyWrote(
    world,
    thread,
    at + 20 * MINUTE,
    'Bastion',
    'I may run `systemctl restart runner` once somebody allows it',
    {
      state: 'waiting_approval',
    },
  );
  theyWrote(
    world,
    thread,
    at + 26 * MINUTE,
    'Bastion',
    'Half of an answer <script>alert(1)</script> <b>not bold</b> ![a picture](https://evil.example/x.png) and [a link](javascript:alert(1))',
    {
      state: 'interrupted',
      error: appError('message.no_answer', 'The gateway restarted in the middle of it.'),
    },
  );
}
