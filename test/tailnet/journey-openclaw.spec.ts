import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { createGate, type RawClient } from '../real/parts/openclaw.ts';
import { until } from '../real/parts/process.ts';
import { describeWith } from '../real/parts/require.ts';
import { album } from './parts/album.ts';
import { type Lan, startLan, untilOpen } from './parts/lan.ts';
import { type OpenClawHome, startOpenClaw } from './parts/openclaw-home.ts';
import { newStarts, SEAT_PARTS, type Seat, takeSeat } from './parts/seat.ts';
import { tailnetTools } from './parts/tailnet.ts';
import { findTailscale, joinByKey, openSetup, seen, takeGateway } from './parts/walk.ts';
import {
  connectByToken,
  delegate,
  endPartnership,
  fillDelegation,
  openApprovals,
  openPeer,
  openThreadOf,
  outgoing,
  sendDelegation,
} from './parts/work.ts';

const FAILED = join(import.meta.dirname, '../../.cache/tailnet-failed');
const TOKEN = 'token-that-is-good-for-the-a2a-channel-alone';
const NOTES = { name: 'notes.txt', text: 'The lamp in the hall flickers since Tuesday.\n' };
const BOX = 'Bea’s box';
const AGENT = 'Bea’s agent';

/**
 * Bea has OpenClaw and nothing of ours. Ada reaches it as a gateway, and as an agent by its A2A channel;
 * what neither can do is said where she works. After every step her app is ended, every second time by
 * `kill -9`, and started again.
 */
await describeWith([...SEAT_PARTS], 'work with somebody who has plain OpenClaw', () => {
  let lan: Lan;
  let ada: Seat;
  let bea: OpenClawHome;
  /** Bea, at her own OpenClaw. */
  let person: RawClient;
  let address: string;
  const shot = album('tailnet-journey-openclaw');
  const startAnew = newStarts();
  /** A step is done: a picture of what it came to, and a new start. */
  const done = async (step: string): Promise<void> => {
    await shot(ada, step);
    await startAnew(ada);
  };
  const card = (peer: string, topic: string, which: RegExp) => outgoing(ada, peer, topic, which);
  const asked = (text: string) =>
    until('the model is asked', () => bea.model.callsFor(text).length > 0, LINK_PATIENCE_MS);
  /** What stands above the thread about what cannot be had here; in full when it is pointed at. */
  const limits = async (): Promise<string> => {
    const line = ada.page.locator('.thread__limits');
    await line.waitFor();
    return `${await line.textContent()}\n${await line.getAttribute('title')}`;
  };

  beforeAll(async () => {
    lan = await startLan(await tailnetTools(), {
      joined: false,
      names: ['adas-laptop', 'beas-box'],
    });
    await lan.b.node.join((await lan.control.createKey(lan.b.owner)).key);
    address = await lan.b.node.ip4();
    const peers = { ada: { token: TOKEN, url: 'http://127.0.0.1:9/', outboundToken: TOKEN } };
    const config = {
      gateway: { bind: 'tailnet' },
      tools: { exec: { mode: 'ask', host: 'gateway' } },
      channels: { a2a: { enabled: true, exposeAgents: ['main'], peers } },
    };
    [ada, bea] = await Promise.all([takeSeat(lan.a), startOpenClaw(lan.b, { config })]);
    person = await openApprovals(bea);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await ada.keep(join(FAILED, task.name.slice(0, 40)));
  });
  afterAll(async () => {
    person?.cut();
    await Promise.all([ada?.stop(), bea?.stop()]);
    await lan?.stop();
  });

  it('first start and setup, with a gateway that lets this device in', async () => {
    await findTailscale(ada);
    await joinByKey(ada, lan.control);
    await done('in the tailnet');
    await openSetup(ada);
    await takeGateway(ada);
    await done('uses its gateway');
    const { port, token } = bea.gateway;
    await untilOpen(lan.a, address, port);
    const what = 'OpenClaw gateway';
    const box = { what, url: `ws://${address}:${port}`, token: token ?? '', name: BOX } as const;
    await connectByToken(ada, box, async () => {
      await seen(ada.page, 'The other side must approve this device');
      await shot(ada, 'must be let in');
    });
    await done('waits to be let in');
    const requestId = await until('the device asks', async () => {
      const { pending } = await bea.gateway.admin.request('device.pair.list');
      return (pending as { requestId: string }[])[0]?.requestId;
    });
    await bea.gateway.admin.request('device.pair.approve', { requestId });
    await ada.page.getByRole('option', { name: new RegExp(`^${BOX}.*Up`) }).waitFor();
    await done('let in');
  });

  it('a delegation with an attachment runs there at once; what cannot be had is said in its thread', async () => {
    const proof = join(bea.computer.home, 'never.txt');
    bea.model.script('why the lamp flickers', {
      tool: { name: 'exec', args: { command: `touch ${proof}` } },
      text: 'The bulb is loose, I think.',
    });
    const task = 'Please find out why the lamp flickers.';
    await delegate(ada, { to: BOX, topic: 'The lamp', task, file: NOTES });
    await done('delegated');
    await card(BOX, 'The lamp', /^Over/);
    await done('answered');
    await openThreadOf(ada, BOX, 'The lamp', /^Over/);
    await seen(ada.page, 'The bulb is loose, I think.');
    const said = await limits();
    assert.match(
      said,
      /Nobody there is asked first · skips commands that need a yes · answers in text only/,
    );
    assert.match(said, /begins at once: nobody over there is asked first, and nobody asks back/);
    assert.match(said, /leaves out commands that its person would have to allow/);
    assert.match(said, /answers with text, and keeps its files/);
    await done('what cannot be had');
    const [call] = bea.model.callsFor('why the lamp flickers');
    assert.match(call?.messages.map(({ text }) => text).join('\n') ?? '', /flickers since Tuesday/);
    // Bea would have had to allow it, and a run of a mere writer cannot ask her.
    assert.equal(existsSync(bea.computer.outside(proof)), false);
    assert.equal(bea.model.callsFor('why the lamp flickers').length, 2);
  });

  it('a second one is stopped while it runs', async () => {
    const gate = createGate();
    bea.model.script('paint the door', { text: 'One coat is on it now.', gate });
    await delegate(ada, { to: BOX, topic: 'The door', task: 'Please paint the door.' });
    await asked('paint the door');
    await done('a second one runs');
    const running = await card(BOX, 'The door', /^Under way/);
    await running.getByRole('button', { name: 'Stop', exact: true }).click();
    await card(BOX, 'The door', /^Over/);
    await done('stopped');
    const over = await card(BOX, 'The door', /^Over/);
    assert.doesNotMatch((await over.textContent()) ?? '', /One coat/);
    gate.release();
  });

  it('the partnership ends, as far as it does from here, and what stays is said', async () => {
    const told = await endPartnership(ada, BOX);
    assert.match(told, /this device stays let in, until its person removes it there/);
    await done('ended');
    await openPeer(ada, BOX);
    await ada.page.getByRole('option', { name: new RegExp(`^${BOX}.*No link`) }).waitFor();
    await done('still ended');
  });

  it('the same OpenClaw as an agent, by the token of its A2A channel', async () => {
    const what = 'A2A agent';
    const url = `http://${address}:${bea.gateway.port}`;
    await connectByToken(ada, { what, url, token: TOKEN, name: AGENT }, async () => {
      await seen(ada.page, /^Connected in/);
      await shot(ada, 'an agent answers');
    });
    await ada.page.getByRole('option', { name: new RegExp(`^${AGENT}.*Up`) }).waitFor();
    await done('an agent is a peer');
  });

  it('takes no files, and says so before anything leaves; without them the work waits for a command’s approval', async () => {
    const proof = join(bea.computer.home, 'watered.txt');
    bea.model.script('water the plants', {
      tool: { name: 'exec', args: { command: `touch ${proof}` } },
      text: 'They are watered.',
    });
    const task = 'Please water the plants.';
    const work = { to: AGENT, topic: 'The plants', task, file: NOTES };
    const form = await fillDelegation(ada, work);
    await form.getByRole('button', { name: 'Delegate', exact: true }).click();
    await seen(ada.page, 'This agent takes no files');
    await shot(ada, 'takes no files');
    await form.getByRole('button', { name: 'Remove notes.txt' }).click();
    await sendDelegation(form);
    await done('delegated to the agent');
    const command = await person.event('exec.approval.requested', () => true, LINK_PATIENCE_MS);
    await done('a command waits');
    assert.equal(existsSync(bea.computer.outside(proof)), false);
    const { id } = command.payload;
    await person.request('exec.approval.resolve', { id, decision: 'allow-once' });
    await card(AGENT, 'The plants', /^Over/);
    assert.equal(existsSync(bea.computer.outside(proof)), true);
    await done('the agent answered');
    await openThreadOf(ada, AGENT, 'The plants', /^Over/);
    await seen(ada.page, 'They are watered.');
    const said = await limits();
    assert.match(
      said,
      /Answers come whole · cannot be stopped · forgets on restart · nobody there is asked first · text only/,
    );
    assert.match(said, /cannot be stopped from here; it forgets its tasks when it restarts/);
    await done('what the agent cannot do');
  });

  it('a second one cannot be stopped: that is said, and its answer comes as usual', async () => {
    const gate = createGate();
    bea.model.script('sweep the stairs', { text: 'They are swept.', gate });
    await delegate(ada, { to: AGENT, topic: 'The stairs', task: 'Please sweep the stairs.' });
    await asked('sweep the stairs');
    await done('the agent works on a second one');
    const running = await card(AGENT, 'The stairs', /^Under way/);
    await running.getByRole('button', { name: 'Stop', exact: true }).click();
    await seen(ada.page, 'This agent did not let itself be stopped');
    await done('not stopped');
    gate.release();
    const over = await card(AGENT, 'The stairs', /^Over/);
    assert.match((await over.textContent()) ?? '', /They are swept\./);
    await done('answered all the same');
  });

  it('the partnership with the agent ends, and its token is forgotten here alone', async () => {
    const told = await endPartnership(ada, AGENT);
    assert.match(told, /stays good, until its person takes it out there/);
    await done('ended with the agent');
    await openPeer(ada, AGENT);
    await ada.page.getByRole('option', { name: new RegExp(`^${AGENT}.*No link`) }).waitFor();
    await shot(ada, 'still ended with the agent');
  });
});
