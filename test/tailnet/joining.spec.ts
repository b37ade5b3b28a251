import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { until } from '../real/parts/process.ts';
import { describeWith } from '../real/parts/require.ts';
import type { TailnetNode, UpOptions } from './parts/node.ts';
import { recorded } from './parts/recorded.ts';
import { jsonValues } from './parts/shape.ts';
import { startTailnet, type Tailnet } from './parts/tailnet.ts';

await describeWith(['tailnet'], 'joining a real tailnet', () => {
  let tailnet: Tailnet;
  beforeAll(async () => {
    tailnet = await startTailnet();
  });
  afterAll(() => tailnet?.stop());

  const said = async (
    name: string,
    situation: string,
    node: TailnetNode,
    args: readonly string[],
    timeoutMs?: number,
  ) => {
    const result = await node.cli(args, timeoutMs);
    recorded(name, situation, args, result, tailnet.folder);
    return result;
  };
  const upSaid = async (name: string, situation: string, node: TailnetNode, options: UpOptions) => {
    const result = await node.up(options);
    const args = ['up', '--json', ...(options.authKey ? ['--auth-key=file:...'] : [])];
    recorded(name, situation, args, result, tailnet.folder);
    return result;
  };

  it('by a key: it is running, has an address and a name, and knows its owner', async () => {
    const node = await tailnet.node('by-key');
    const before = await said('status-not-joined', 'Installed, never joined.', node, [
      'status',
      '--json',
    ]);
    assert.equal(JSON.parse(before.stdout).BackendState, 'NeedsLogin');
    await said('status-text-not-joined', 'Installed, never joined.', node, ['status']);
    await said('ip-not-joined', 'Installed, never joined.', node, ['ip', '-4']);
    await said('ping-not-joined', 'Installed, never joined.', node, [
      'ping',
      '--c=1',
      '100.64.0.9',
    ]);
    const { key } = await tailnet.control.createKey(tailnet.alice);
    const { code, stdout } = await upSaid('up-by-key', 'Joining by a good key.', node, {
      authKey: key,
    });
    assert.equal(code, 0);
    assert.deepEqual(
      jsonValues(stdout)?.map((value) => (value as { BackendState: string }).BackendState),
      ['Running'],
    );
    const status = await node.untilState('Running');
    assert.equal(status.Self.DNSName, 'by-key.tailnet.test.');
    assert.match(status.TailscaleIPs?.[0] ?? '', /^100\.64\.0\.\d+$/);
    assert.equal(status.User?.[String(tailnet.alice.id)]?.LoginName, 'alice');

    const again = ['up', '--json', '--timeout=20s'];
    const trap = await said(
      'up-asks-for-flags',
      'Joined with another login server and a name of its own; `up` was given other flags only.',
      node,
      again,
    );
    assert.equal(trap.code, 1);
    assert.match(trap.stderr, /requires mentioning all\s+non-default flags/);
    const other = await said('up-other-server', 'Joined; `up` names another login server.', node, [
      'up',
      '--json',
      '--timeout=20s',
      '--login-server=http://127.0.0.1:9',
      '--hostname=by-key',
      '--accept-dns=false',
    ]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /can't change --login-server without --force-reauth/);
    assert.equal((await node.status()).BackendState, 'Running');
  });

  it('by a link that its administrator approves', async () => {
    const node = await tailnet.node('by-link');
    const joining = node.up({ timeoutSeconds: 40 });
    const waiting = await until('the link', async () => {
      const status = await node.status();
      return status.AuthURL !== '' && status;
    });
    assert.equal(waiting.BackendState, 'NeedsLogin');
    assert.ok(waiting.AuthURL.startsWith(`${tailnet.control.url}/register/`), waiting.AuthURL);
    await said('status-link-waiting', 'A link was made and nobody used it yet.', node, [
      'status',
      '--json',
    ]);
    await said('status-text-link-waiting', 'A link was made and nobody used it yet.', node, [
      'status',
    ]);
    await tailnet.control.register(waiting.AuthURL, tailnet.bob);
    const result = await joining;
    recorded(
      'up-by-link',
      'Joining by a link, used after a while.',
      ['up', '--json'],
      result,
      tailnet.folder,
    );
    assert.equal(result.code, 0);
    const objects = jsonValues(result.stdout) as { AuthURL?: string; BackendState?: string }[];
    assert.equal(objects[0]?.AuthURL, waiting.AuthURL);
    assert.equal(objects.at(-1)?.BackendState, 'Running');
    const joined = await node.untilState('Running');
    assert.equal(joined.User?.[String(tailnet.bob.id)]?.LoginName, 'bob');
  });

  it('not by a link that nobody uses: it gives up in time, and the link stays good', async () => {
    const node = await tailnet.node('nobody');
    const result = await upSaid('up-link-unused', 'Nobody used the link in time.', node, {
      timeoutSeconds: 3,
    });
    assert.equal(result.code, 1);
    assert.match(result.stderr, /timeout waiting for Tailscale service to enter a Running state/);
    const { AuthURL } = await node.status();
    await tailnet.control.register(AuthURL, tailnet.bob);
    await node.untilState('Running');
  });

  it('not by a key that has expired, was used, or never was one', async () => {
    const node = await tailnet.node('refused');
    const expired = await tailnet.control.createKey(tailnet.alice);
    await tailnet.control.expireKey(expired);
    const late = await upSaid('up-key-expired', 'The key has expired.', node, {
      authKey: expired.key,
      timeoutSeconds: 10,
    });
    assert.equal(late.code, 1);
    assert.match(late.stderr, /expired/);

    const once = await tailnet.control.createKey(tailnet.alice);
    const first = await tailnet.node('first');
    assert.equal((await first.up({ authKey: once.key })).code, 0);
    const used = await upSaid('up-key-used', 'The key was for one machine, and was used.', node, {
      authKey: once.key,
      timeoutSeconds: 10,
    });
    assert.equal(used.code, 1);
    assert.match(used.stderr, /already (?:been )?used/);

    const never = await upSaid('up-key-unknown', 'No such key.', node, {
      authKey:
        'hskey-auth-000000000000-0000000000000000000000000000000000000000000000000000000000000000',
      timeoutSeconds: 10,
    });
    assert.equal(never.code, 1);
    assert.equal((await node.status()).BackendState, 'NeedsLogin');
    for (const text of [late, used, never].map(({ stderr, stdout }) => stderr + stdout)) {
      assert.ok(!text.includes(expired.key) && !text.includes(once.key), 'a key was printed');
    }
  });

  it('not while the login server is away', async () => {
    const node = await tailnet.node('away');
    // The daemon goes on with it by itself once the server is back, and may use it before we do.
    const { key } = await tailnet.control.createKey(tailnet.alice, { reusable: true });
    await tailnet.control.stop('SIGKILL');
    try {
      const result = await upSaid('up-server-away', 'The login server does not answer.', node, {
        authKey: key,
        timeoutSeconds: 4,
      });
      assert.equal(result.code, 1);
    } finally {
      await tailnet.control.start();
    }
    await node.join(key);
  });

  const asRoot = it.skipIf(process.getuid?.() !== 0);
  asRoot('only by whom the machine lets: another user of it may look, not change', async () => {
    const node = await tailnet.joined('guarded', tailnet.alice);
    // Of the folders above, the run's own one keeps others out as well.
    const above = dirname(tailnet.folder);
    const own = basename(above).startsWith('peerage-run-') ? [above] : [];
    const passed = [...own, tailnet.folder, node.folder];
    await Promise.all(passed.map((folder) => chmod(folder, 0o711)));
    const nobody = await node.asNobody(['set', '--hostname=mine']);
    recorded(
      'set-denied',
      'Another user of this machine changes a setting.',
      ['set', '--hostname=mine'],
      nobody,
      tailnet.folder,
    );
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /Access denied: checkprefs access denied/);
    const up = await node.asNobody(['up', '--json', '--timeout=5s']);
    recorded(
      'up-denied',
      'Another user of this machine switches it on.',
      ['up', '--json', '--timeout=5s'],
      up,
      tailnet.folder,
    );
    assert.equal(up.code, 1);
    const look = await node.asNobody(['status', '--json', '--peers=false']);
    assert.equal(JSON.parse(look.stdout).BackendState, 'Running');
  });
});
