import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { describeWith } from '../real/parts/require.ts';
import { type Lan, startLan, untilOpen } from './parts/lan.ts';
import { SEAT_PARTS, type Seat, takeSeat } from './parts/seat.ts';
import { tailnetTools } from './parts/tailnet.ts';
import {
  agree,
  anotherPeer,
  bindToTailnet,
  findTailscale,
  goToStep,
  joinByKey,
  joinByLink,
  listenOnTailnet,
  makeInvite,
  openInbox,
  openOwnGateway,
  openSetup,
  press,
  redeem,
  seen,
  takeGateway,
  words,
} from './parts/walk.ts';

const FAILED = join(import.meta.dirname, '../../.cache/tailnet-failed');
const GATEWAY_PORT = 18_789;

await describeWith([...SEAT_PARTS], 'two people, from a bare machine to an answer', () => {
  let lan: Lan;
  /** Alice, who invites, and Bob. */
  let ada: Seat;
  let bea: Seat;
  beforeAll(async () => {
    lan = await startLan(await tailnetTools(), {
      joined: false,
      names: ['adas-laptop', 'beas-box'],
    });
    [ada, bea] = await Promise.all([takeSeat(lan.a), takeSeat(lan.b)]);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const seat of [ada, bea]) await seat.keep(join(FAILED, task.name.slice(0, 40)));
  });
  afterAll(async () => {
    await Promise.all([ada?.stop(), bea?.stop()]);
    await lan?.stop();
  });

  it('start into the setup, and join: one by a link, one by a key that is nowhere afterwards', async () => {
    await findTailscale(ada);
    await joinByLink(ada, lan.control);
    await findTailscale(bea);
    await joinByKey(bea, lan.control);
    assert.equal((await lan.a.node.status()).Self.DNSName, 'adas-laptop.tailnet.test.');
    assert.deepEqual(await readdir(bea.computer.outside('/run/user/0')).then(keys), []);
  });

  it('find their own gateways, and use them', async () => {
    await takeGateway(ada);
    await takeGateway(bea);
  });

  it('have a gateway listen on the tailnet, which a new process alone does, and keep the file of before', async () => {
    const before = await readFile(bea.gateway.configPath);
    const process = bea.gateway.pid;
    await bindToTailnet(bea);
    assert.notEqual(bea.gateway.pid, process);
    const address = await lan.b.node.ip4();
    await untilOpen(lan.a, address, GATEWAY_PORT);
    assert.equal(await lan.a.reach(lan.b.address, GATEWAY_PORT), 'refused');
    assert.equal(await lan.asNeighbour(lan.b.address, GATEWAY_PORT), 'refused');
    const backups = bea.computer.outside(join(lan.b.home, '.local/share/peerage/openclaw-backups'));
    const [kept = ''] = (await readdir(backups)).filter((name) => name.endsWith('.json'));
    assert.equal(sum(await readFile(join(backups, kept))), sum(before));
    assert.equal((await stat(join(backups, kept))).mode & 0o777, 0o600);
  });

  it('open their receptions to the tailnet, and to nobody on the LAN', async () => {
    await listenOnTailnet(ada);
    const { hostname, port } = new URL(await listenOnTailnet(bea));
    await untilOpen(lan.a, hostname, Number(port));
    assert.equal(await lan.asNeighbour(lan.b.address, Number(port)), 'refused');
  });

  it('become peers by an invite and the same six words', async () => {
    const text = await makeInvite(ada, 'beas-box', 'Someone else’s', 'Bea');
    await redeem(bea, text, 'Ada');
    await seen(ada.page, 'Do you both see these six words?');
    const [here, there] = [await words(ada), await words(bea)];
    assert.equal(here.length, 6);
    assert.deepEqual(there, here);
    await seen(ada.page, 'Tailscale says that it is beas-box.tailnet.test, of bob.');
    await agree(ada, bea);
    await press(ada.page, 'Continue');
    await seen(ada.page, 'Has each side let the other in?');
    await press(ada.page, 'Continue');
  });

  it('prove it by work that is accepted over there and comes back, by a path that is named', async () => {
    bea.model.script('greeting of a new connection', { text: 'Good to hear from you.' });
    await press(ada.page, 'Ask for a greeting');
    await openInbox(bea);
    await press(bea.page, 'Accept');
    await seen(ada.page, /^There and back in/);
    await seen(ada.page, /^Through your tailnet to beas-box: direct, \d+ ms\.$/);
    await press(ada.page, 'Continue');
    await press(ada.page, 'Start writing');
    await seen(ada.page, 'Good to hear from you.');
  });

  it('and the other way round', async () => {
    ada.model.script('count the stairs', { text: 'Thirteen.' });
    await press(bea.page, 'Close the inbox');
    await bea.page.getByRole('option', { name: /^Ada/ }).click();
    const field = bea.page.getByPlaceholder('Message Ada');
    await field.fill('Please count the stairs.');
    await field.press('Enter');
    await openInbox(ada);
    await press(ada.page, 'Accept');
    await seen(bea.page, 'Thirteen.');
  });

  it('pair a gateway of one’s own from another machine, with an approval over there', async () => {
    await openSetup(bea);
    await anotherPeer(bea);
    const text = await makeInvite(bea, 'adas-laptop', 'Mine', 'My laptop');
    await openSetup(ada);
    await anotherPeer(ada);
    await redeem(ada, text, 'My box');
    await agree(bea, ada);
    await goToStep(bea.page, 'Approval');
    const asks = bea.page.getByRole('article', { name: /adas-laptop/ });
    await asks.getByRole('button', { name: 'Let it in' }).click();
    await press(ada.page, 'Continue');
    await seen(ada.page, 'My box has let this device in');
    bea.model.script('greeting of a new connection', { text: 'Here, on your own box.' });
    await goToStep(ada.page, 'Prove it');
    await press(ada.page, 'Send a greeting');
    await seen(ada.page, /^There and back in/);
  });

  it('see on the other side, by the word of the gateway, that a device was shut out', async () => {
    await press(ada.page, 'Close the setup');
    await ada.page.getByRole('option', { name: /^My box/ }).click();
    await openOwnGateway(bea);
    const device = bea.page.getByRole('article', { name: /adas-laptop/ });
    await device.getByRole('button', { name: 'Shut out' }).click();
    await device.getByRole('button', { name: 'Shut out' }).click();
    await device.getByRole('button', { name: 'Shut out' }).first().waitFor({ state: 'detached' });
    const began = performance.now();
    // Silence alone would show it as offline, never so.
    await ada.page.getByRole('option', { name: /^My box.*(?:revoked|shut out)/i }).waitFor();
    const took = performance.now() - began;
    console.info(`a revocation was seen on the other side after ${Math.round(took)} ms`);
  });
});

/** What is left of keys that Tailscale was given. */
const keys = (names: string[]): string[] => names.filter((name) => /key|tailscale/i.test(name));
const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
