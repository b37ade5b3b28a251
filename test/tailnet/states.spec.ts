import assert from 'node:assert/strict';
import { afterAll, beforeAll, it } from 'vitest';
import { run, until } from '../real/parts/process.ts';
import { describeWith } from '../real/parts/require.ts';
import { assertOwnSocket, type StatusJson, type TailnetNode } from './parts/node.ts';
import { recorded } from './parts/recorded.ts';
import { startTailnet, type Tailnet } from './parts/tailnet.ts';

const isRoot = process.getuid?.() === 0;

await describeWith(['tailnet'], 'the states of a real Tailscale', () => {
  let tailnet: Tailnet;
  beforeAll(async () => {
    tailnet = await startTailnet();
  });
  afterAll(() => tailnet?.stop());

  const said = async (
    name: string,
    situation: string,
    node: TailnetNode,
    ...args: readonly string[]
  ) => {
    const result = await node.cli(args);
    recorded(name, situation, args, result, tailnet.folder);
    return result;
  };
  const status = async (name: string, situation: string, node: TailnetNode) => {
    const { code, stdout } = await said(name, situation, node, 'status', '--json');
    assert.equal(code, 0);
    return JSON.parse(stdout) as StatusJson;
  };

  it('never is the Tailscale of this machine', async () => {
    const node = await tailnet.node('own-socket');
    assertOwnSocket(node.socket, tailnet.folder);
    for (const socket of [
      '/var/run/tailscale/tailscaled.sock',
      '/run/tailscale/tailscaled.sock',
      'ts.sock',
      `${tailnet.folder}/../ts.sock`,
    ]) {
      assert.throws(() => assertOwnSocket(socket, tailnet.folder));
    }
    assert.throws(() => assertOwnSocket('/run/x/ts.sock', '/run/x'));
  });

  it('Stopped: switched off, and on again by a bare `up` without joining anew', async () => {
    const node = await tailnet.joined('off', tailnet.alice);
    assert.equal((await said('down', 'Switching it off.', node, 'down')).code, 0);
    const off = await status('status-stopped', 'Joined and switched off.', node);
    assert.equal(off.BackendState, 'Stopped');
    assert.equal(off.Self.DNSName, 'off.tailnet.test.');
    assert.equal((await said('status-text-stopped', 'Switched off.', node, 'status')).code, 1);
    await said('ping-stopped', 'Switched off.', node, 'ping', '--c=1', '100.64.0.9');
    const on = await said('up-bare', 'Switching it on again.', node, 'up');
    assert.equal(on.code, 0);
    assert.equal(on.stdout, '');
    assert.equal((await node.untilState('Running')).Self.DNSName, 'off.tailnet.test.');
  });

  it('NeedsLogin again once the login of the machine has ended; joining makes it the same machine', async () => {
    const node = await tailnet.joined('ended', tailnet.alice);
    const before = await node.ip4();
    await tailnet.control.expireNode('ended');
    await node.untilState('NeedsLogin');
    const ended = await status('status-expired', 'Its login has ended.', node);
    assert.equal(ended.BackendState, 'NeedsLogin');
    assert.ok(ended.Self.KeyExpiry, 'tells when');
    assert.ok(new Date(ended.Self.KeyExpiry).getTime() <= Date.now());
    await said('status-text-expired', 'Its login has ended.', node, 'status');
    // Tailscale may register twice here: once for its own login that ended, once because it was forced to.
    const { key } = await tailnet.control.createKey(tailnet.alice, { reusable: true });
    const { code, stderr } = await node.up({ authKey: key, flags: ['--force-reauth'] });
    assert.equal(code, 0, stderr);
    await node.untilState('Running');
    assert.equal(await node.ip4(), before);
  });

  it('Running with a login that ends soon: it says when', async () => {
    const node = await tailnet.joined('ending', tailnet.alice);
    const at = new Date(Date.now() + 3 * 24 * 3_600_000);
    await tailnet.control.expireNode('ending', at);
    await until('its expiry', async () => {
      const { Self } = await node.status();
      return Self.KeyExpiry !== undefined;
    });
    const soon = await status('status-expires-soon', 'Its login ends in three days.', node);
    assert.equal(soon.BackendState, 'Running');
    const tells = new Date(soon.Self.KeyExpiry ?? '').getTime();
    assert.ok(Math.abs(tells - at.getTime()) < 2_000, soon.Self.KeyExpiry);
  });

  it('Starting until it has found a relay', async () => {
    const node = await tailnet.node('slow');
    const { key } = await tailnet.control.createKey(tailnet.alice);
    const joining = node.up({ authKey: key });
    await node.untilState('Starting');
    const starting = await status('status-starting', 'Joined; no relay found yet.', node);
    assert.equal(starting.BackendState, 'Starting');
    await said('status-text-starting', 'Joined; no relay found yet.', node, 'status');
    assert.equal((await joining).code, 0);
    await node.untilState('Running');
  });

  it('no answer at all where its service does not run', async () => {
    const node = await tailnet.node('killed');
    await node.stop('SIGKILL');
    // It also looks for another service on this machine: here runs that of the other machine.
    await tailnet.node('beside');
    const strange = 'The service was killed; another one runs on this machine.';
    const away = await said('status-other-service', strange, node, 'status', '--json');
    assert.equal(away.code, 1);
    assert.match(
      away.stderr,
      /failed to connect to local tailscaled \(which appears to be running/,
    );
    await said('whois-no-service', strange, node, 'whois', '--json', '100.64.0.1');
    await said('up-other-service', strange, node, 'up', '--json', '--timeout=5s');
    if (isRoot) {
      const none = await node.alone(['status', '--json']);
      const situation = 'No service runs on this machine.';
      recorded('status-no-service', situation, ['status', '--json'], none, tailnet.folder);
      assert.equal(none.code, 1);
      assert.match(none.stderr, /failed to connect to local tailscaled; it doesn't appear to be/);
    }
    await node.start();
    assert.equal((await node.status()).BackendState, 'NeedsLogin');
  });

  it('logged out: as never joined', async () => {
    const node = await tailnet.joined('leaver', tailnet.bob);
    assert.equal((await said('logout', 'Leaving the tailnet.', node, 'logout')).code, 0);
    const out = await status('status-logged-out', 'It has left the tailnet.', node);
    assert.equal(out.BackendState, 'NeedsLogin');
  });

  it('its version, and what it is asked for besides', async () => {
    const node = await tailnet.joined('asked', tailnet.bob);
    await said('version', 'Any.', node, 'version');
    const version = await said('version-json', 'Any.', node, 'version', '--json');
    assert.equal(JSON.parse(version.stdout).majorMinorPatch, '1.102.3');
    await said('serve-status-none', 'Nothing is served.', node, 'serve', 'status', '--json');
    await said('lock-status-off', 'No tailnet lock.', node, 'lock', 'status', '--json');
    await said(
      'status-no-peers',
      'Joined; asked for itself alone.',
      node,
      'status',
      '--json',
      '--peers=false',
    );
    await said('netcheck', 'One relay, of the test.', node, 'netcheck', '--format=json');
    const { code } = await run(node.program, ['--no-such-flag']);
    assert.equal(code, 2);
  });
});
