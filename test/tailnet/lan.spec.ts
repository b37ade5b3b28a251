import assert from 'node:assert/strict';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../real/parts/require.ts';
import { type Lan, startLan, untilOpen } from './parts/lan.ts';
import { type Daemon, launch } from './parts/launch.ts';
import { tailnetTools } from './parts/tailnet.ts';

/** Listens on the addresses given, says whom it hears, and closes. */
const LISTENER = `
const [port, ...hosts] = process.argv.slice(1);
for (const host of hosts) {
  require('node:net').createServer((socket) => {
    console.log('from ' + socket.remoteAddress + ' to ' + socket.localAddress);
    socket.end();
  }).listen(Number(port), host, () => console.log('listens on ' + host));
}
`;
const PORT = 18_790;

await describeWith(['tailnet', 'tun'], 'a listener on the tailnet address of a machine', () => {
  let lan: Lan;
  let listener: Daemon;
  let address: string;
  beforeAll(async () => {
    lan = await startLan(await tailnetTools());
    address = await lan.b.node.ip4();
    // As `gateway.bind: "tailnet"` and our reception do: the tailnet address, and loopback.
    listener = launch({
      command: [process.execPath, '-e', LISTENER, String(PORT), address, '127.0.0.1'],
      cwd: lan.folder,
      logPath: `${lan.folder}/listener.log`,
      wrap: lan.b.wrap,
    });
  });
  afterAll(async () => {
    await listener?.stop('SIGKILL');
    await lan?.stop();
  });

  it('is reached over the tailnet, by a machine that is known', async () => {
    await untilOpen(lan.a, address, PORT);
    const from = await lan.a.node.ip4();
    // What another process prints may come a moment later.
    await expect.poll(() => listener.log()).toMatch(new RegExp(`from ${from} to ${address}`));
    const { stdout } = await lan.b.node.cli(['whois', '--json', from]);
    assert.equal(JSON.parse(stdout).UserProfile.LoginName, 'alice');
  });

  it('is closed on the LAN address', async () => {
    assert.equal(await lan.a.reach(lan.b.address, PORT), 'refused');
    assert.equal(await lan.asNeighbour(lan.b.address, PORT), 'refused');
  });

  it('is open to a neighbour that routes the tailnet address over the LAN: whois tells them apart', async () => {
    assert.equal(await lan.asNeighbour(address, PORT), 'open');
    assert.match(listener.log(), new RegExp(`from ${lan.neighbour.address} to ${address}`));
    const { code, stderr } = await lan.b.node.cli(['whois', '--json', lan.neighbour.address]);
    assert.equal(code, 1);
    assert.match(stderr, /peer not found/);
  });

  it('is not reached by a neighbour that pretends to be a machine of the tailnet', async () => {
    const source = await lan.a.node.ip4();
    assert.notEqual(await lan.asNeighbour(address, PORT, { source }), 'open');
  });
});
