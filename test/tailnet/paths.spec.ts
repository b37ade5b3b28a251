import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, it } from 'vitest';
import { freePort, until } from '../real/parts/process.ts';
import { describeWith } from '../real/parts/require.ts';
import type { StatusJson, TailnetNode } from './parts/node.ts';
import { reach } from './parts/proxy.ts';
import { recorded } from './parts/recorded.ts';
import { startTailnet, type Tailnet } from './parts/tailnet.ts';

await describeWith(['tailnet'], 'paths between machines of a real tailnet', () => {
  let tailnet: Tailnet;
  let a: TailnetNode;
  let b: TailnetNode;
  let far: TailnetNode;
  let server: Server;
  let port: number;
  beforeAll(async () => {
    tailnet = await startTailnet();
    const { alice, bob } = tailnet;
    [a, b, far] = await Promise.all([
      tailnet.joined('node-a', alice),
      tailnet.joined('node-b', bob),
      tailnet.joined('node-far', bob, { relayedOnly: true }),
    ]);
    server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(async () => {
    await tailnet?.stop();
    server?.close();
  });

  const said = async (name: string, situation: string, ...args: readonly string[]) => {
    const result = await a.cli(args);
    const shown = args.map((arg) => arg.replace(/100\.64\.0\.\d+/, '100.64.0.2'));
    recorded(name, situation, shown, result, tailnet.folder);
    return result;
  };
  const status = async (name: string, situation: string) =>
    JSON.parse((await said(name, situation, 'status', '--json')).stdout) as StatusJson;
  const peer = (of: StatusJson, name: string) =>
    Object.values(of.Peer ?? {}).find(({ HostName }) => HostName === name);
  const proxy = (): number => a.proxyPort ?? 0;
  const ping = (count = 1) => ['ping', `--c=${count}`, '--timeout=3s', '--until-direct=false'];

  it('directly: a ping comes back, and a port of the other side opens', async () => {
    const to = await b.ip4();
    // The first may be lost while the path is made.
    await until('a path', async () => (await a.cli([...ping(), to])).code === 0);
    const { stdout } = await said('ping-direct', 'A machine of the same network.', ...ping(), to);
    assert.match(stdout, /^pong from node-b \(100\.64\.0\.\d+\) via 127\.0\.0\.1:\d+ in \d+m?s$/m);
    assert.equal(await reach(proxy(), to, port), 'open');
    assert.equal(await reach(proxy(), 'node-b.tailnet.test', port), 'open');
    assert.equal(await reach(proxy(), to, await freePort()), 'refused');
    const now = await status('status-running', 'Three machines, the second talked to just now.');
    assert.notEqual(peer(now, 'node-b')?.CurAddr, '');
    assert.equal(peer(now, 'node-b')?.Online, true);
    await said('status-text-running', 'Three machines.', 'status');
    await said('ip', 'Joined.', 'ip', '-4');
  });

  it('by the relay, where nothing else goes', async () => {
    const to = await far.ip4();
    await until('a path', async () => (await a.cli([...ping(), to])).code === 0);
    const { stdout } = await said('ping-relayed', 'A machine that only relays.', ...ping(), to);
    assert.match(stdout, /^pong from node-far \(100\.64\.0\.\d+\) via DERP\(test\) in \d+m?s$/m);
    assert.equal(await reach(proxy(), to, port), 'open');
    const now = await status('status-relayed', 'Talking to a machine by the relay.');
    assert.equal(peer(now, 'node-far')?.CurAddr, '');
    assert.equal(peer(now, 'node-far')?.Relay, 'test');
  });

  it('tells whose an address is, and that it knows no other', async () => {
    const known = await said(
      'whois',
      'A machine of another person.',
      'whois',
      '--json',
      await b.ip4(),
    );
    const { Node, UserProfile } = JSON.parse(known.stdout);
    assert.equal(Node.Name, 'node-b.tailnet.test.');
    assert.equal(UserProfile.LoginName, 'bob');
    const other = await said('whois-unknown', 'No such machine.', 'whois', '--json', '100.64.7.7');
    assert.equal(other.code, 1);
    assert.match(other.stderr, /peer not found/);
    const lan = await said(
      'whois-lan',
      'An address of another network.',
      'whois',
      '--json',
      '10.77.0.4',
    );
    assert.equal(lan.code, 1);
    const itself = await said('ping-itself', 'Its own address.', ...ping(), await a.ip4());
    assert.match(itself.stdout + itself.stderr, /is local Tailscale IP/);
    await said('ping-unknown', 'No such machine.', ...ping(), '100.64.7.7');
  });

  it('a tagged machine belongs to its tag and to nobody', async () => {
    const { control, alice } = tailnet;
    const open = [{ src: ['*'], dst: ['*:*'] }];
    await control.setPolicy(open, { 'tag:openclaw': ['alice@'] });
    const tagged = await tailnet.node('tagged');
    const { key } = await control.createKey(alice, { tags: ['tag:openclaw'] });
    await tagged.join(key);
    const to = await tagged.ip4();
    await until('the tagged machine', async () => peer(await a.status(), 'tagged') !== undefined);
    const { stdout } = await said('whois-tagged', 'A tagged machine.', 'whois', '--json', to);
    assert.deepEqual(JSON.parse(stdout).Node.Tags, ['tag:openclaw']);
    await status('status-tagged', 'One of the machines is tagged.');
    await tagged.stop();
  });

  it('not through a policy that closes the port, though a ping comes back', async () => {
    const to = await b.ip4();
    assert.equal(await reach(proxy(), to, port), 'open');
    const other = await freePort();
    await tailnet.control.setPolicy([{ src: ['alice@'], dst: [`${to}:${other}`] }]);
    await until('the port closed', async () => (await reach(proxy(), to, port, 1_500)) !== 'open');
    assert.equal(await reach(proxy(), to, port, 2_000), 'no answer');
    // What the policy allows and nobody listens to is refused: that tells the two apart.
    assert.equal(await reach(proxy(), to, other), 'refused');
    const { code } = await said('ping-policy', 'The policy closes the port.', ...ping(), to);
    assert.equal(code, 0);
    await tailnet.control.setPolicy([{ src: ['*'], dst: ['*:*'] }]);
    await until('the port open', async () => (await reach(proxy(), to, port)) === 'open');
  });

  it('not to a machine that went away', async () => {
    const to = await b.ip4();
    await b.stop();
    await until('its going', async () => peer(await a.status(), 'node-b')?.Online === false);
    const now = await status('status-peer-offline', 'The second machine went away.');
    assert.equal(peer(now, 'node-b')?.Online, false);
    const { code, stdout } = await said('ping-offline', 'It went away.', ...ping(), to);
    assert.equal(code, 1);
    assert.match(stdout, /timed out|no reply/);
    assert.equal(await reach(proxy(), to, port, 2_000), 'no answer');
  });
});
