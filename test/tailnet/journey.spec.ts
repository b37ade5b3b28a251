import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, it, vi } from 'vitest';
import { createGate, type RawClient } from '../real/parts/openclaw.ts';
import { describeWith } from '../real/parts/require.ts';
import { type Lan, startLan, untilOpen } from './parts/lan.ts';
import { SEAT_PARTS, type Seat, takeSeat } from './parts/seat.ts';
import { tailnetTools } from './parts/tailnet.ts';
import {
  agree,
  findTailscale,
  joinByKey,
  listenOnTailnet,
  makeInvite,
  openInbox,
  press,
  redeem,
  seen,
  takeGateway,
} from './parts/walk.ts';
import {
  connectAgent,
  delegate,
  endPartnership,
  incoming,
  notices,
  openApprovals,
  openPeer,
  outgoing,
  writeTo,
} from './parts/work.ts';

vi.setConfig({ testTimeout: 180_000 });
/** One picture for each step, for whoever wants to see what was seen. */
const SHOTS = join(import.meta.dirname, '../../.cache/tailnet-journey');
const FAILED = join(import.meta.dirname, '../../.cache/tailnet-failed');
const TOKEN = 'token-that-is-good-for-the-a2a-channel-alone';
const NOTES = { name: 'notes.txt', text: 'The lamp in the hall flickers since Tuesday.\n' };

await describeWith([...SEAT_PARTS], 'work between two people, over their own tailnet', () => {
  let lan: Lan;
  let ada: Seat;
  let bea: Seat;
  /** Bea's own OpenClaw, where commands of her agents are asked about. */
  let person: RawClient;
  let shots = 0;
  const shot = async ({ page, computer }: Seat, name: string): Promise<void> => {
    shots += 1;
    await mkdir(SHOTS, { recursive: true });
    const number = String(shots).padStart(2, '0');
    await page.screenshot({ path: join(SHOTS, `${number} ${name} (${computer.name}).png`) });
  };

  beforeAll(async () => {
    lan = await startLan(await tailnetTools(), {
      joined: false,
      names: ['adas-laptop', 'beas-box'],
    });
    const config = { tools: { exec: { mode: 'ask', host: 'gateway' } } };
    [ada, bea] = await Promise.all([takeSeat(lan.a), takeSeat(lan.b, { config })]);
  }, 300_000);
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const seat of [ada, bea]) await seat.keep(join(FAILED, task.name.slice(0, 40)));
  });
  afterAll(async () => {
    person?.cut();
    await Promise.all([ada?.stop(), bea?.stop()]);
    await lan?.stop();
  });

  it('first start and setup, on both sides', async () => {
    for (const seat of [ada, bea]) {
      await findTailscale(seat);
      await joinByKey(seat, lan.control);
      await takeGateway(seat);
      await listenOnTailnet(seat);
      await shot(seat, 'set up');
    }
    const text = await makeInvite(ada, 'beas-box', 'Someone else’s', 'Bea');
    await redeem(bea, text, 'Ada');
    await agree(ada, bea, (name) => shot(ada, name));
    await seen(ada.page, 'Bea is connected');
    await seen(bea.page, 'Ada is connected');
    await ada.restart();
  });

  it('a delegation with an attachment goes there, and is told of', async () => {
    const task = 'Please find out why the lamp flickers.';
    await delegate(ada, { to: 'Bea', topic: 'The lamp', task, file: NOTES });
    await shot(await at(ada, () => outgoing(ada, 'Bea', 'The lamp', /^Under way/)), 'delegated');
    const card = await incoming(bea, 'Ada', 'The lamp');
    assert.match((await card.textContent()) ?? '', /notes\.txt/);
    assert.match(await notices(bea), /Ada asks for work/);
    await bea.restart();
    const again = await incoming(bea, 'Ada', 'The lamp');
    assert.match((await again.textContent()) ?? '', /Tailscale says that it is adas-laptop/);
    await shot(bea, 'the card waits');
  });

  it('is asked back about, and the answer brings the same work back', async () => {
    const card = await incoming(bea, 'Ada', 'The lamp');
    await card.getByRole('button', { name: 'Ask back' }).click();
    await card.getByLabel('Your question').fill('Which hall is it?');
    await card.getByRole('button', { name: 'Ask back' }).click();
    await openInbox(ada);
    await seen(ada.page, 'Which hall is it?');
    await shot(ada, 'asked back');
    await ada.restart();
    await openInbox(ada);
    await press(ada.page, 'Answer');
    await seen(ada.page, 'notes.txt');
    await writeTo(ada, 'Bea', 'The one on the ground floor.');
    const back = await incoming(bea, 'Ada', 'The lamp');
    assert.equal(await back.getByRole('button', { name: 'Accept', exact: true }).count(), 1);
    await back.getByRole('button', { name: 'Show all of it' }).click();
    await seen(bea.page, 'The one on the ground floor.');
    await shot(bea, 'answered');
  });

  it('is accepted, waits for a command’s approval on the way, and its answer comes back', async () => {
    person = await openApprovals(bea);
    const proof = join(bea.computer.home, 'looked.txt');
    bea.model.script('why the lamp flickers', {
      tool: { name: 'exec', args: { command: `touch ${proof}` } },
      text: 'The bulb is loose. I tightened it.',
    });
    const card = await incoming(bea, 'Ada', 'The lamp');
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    const asked = await person.event('exec.approval.requested', () => true, 90_000);
    assert.equal(existsSync(bea.computer.outside(proof)), false);
    await shot(ada, 'a command waits over there');
    await ada.restart();
    await person.request('exec.approval.resolve', { id: asked.payload.id, decision: 'allow-once' });
    const done = await outgoing(ada, 'Bea', 'The lamp', /^Over/);
    await seen(ada.page, 'The bulb is loose. I tightened it.');
    assert.match((await done.textContent()) ?? '', /The bulb is loose/);
    assert.equal(existsSync(bea.computer.outside(proof)), true);
    await shot(ada, 'done');
    // What the agent was given names the sender that Tailscale vouches for, and holds the file.
    const [call] = bea.model.callsFor('why the lamp flickers');
    assert.match(call?.prompt ?? '', /adas-laptop\.tailnet\.test of alice as Tailscale says/);
    assert.match(call?.prompt ?? '', /flickers since Tuesday/);
  });

  it('a second one is stopped while it runs', async () => {
    const gate = createGate();
    bea.model.script('paint the door', { text: 'One coat is on it now.', gate });
    await delegate(ada, { to: 'Bea', topic: 'The door', task: 'Please paint the door.' });
    const card = await incoming(bea, 'Ada', 'The door');
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    await outgoing(ada, 'Bea', 'The door', /^Under way/);
    await bea.restart();
    await openPeer(ada, 'Bea');
    await ada.page.getByRole('option', { name: /^Bea.*Working/ }).waitFor();
    await seen(ada.page, 'Up,');
    const running = await outgoing(ada, 'Bea', 'The door', /^Under way/);
    await shot(ada, 'a second one runs');
    await running.getByRole('button', { name: 'Stop', exact: true }).click();
    const over = await outgoing(ada, 'Bea', 'The door', /^Over/);
    await shot(ada, 'stopped');
    assert.doesNotMatch((await over.textContent()) ?? '', /One coat/);
    gate.release();
  });

  it('the partnership ends, and nothing can be asked any more', async () => {
    await openPeer(bea, 'Ada');
    await endPartnership(bea, 'Ada');
    await shot(bea, 'ended');
    await openPeer(ada, 'Bea');
    await ada.page.getByRole('option', { name: /^Bea.*No link/ }).waitFor();
    await shot(ada, 'ended over there');
  });

  it('with plain OpenClaw on the other side: work goes there and its answer comes back, after a restart too', async () => {
    const address = await lan.b.node.ip4();
    const { gateway } = bea;
    await gateway.admin.patchConfig({
      gateway: { bind: 'tailnet' },
      channels: {
        a2a: {
          enabled: true,
          exposeAgents: ['main'],
          peers: {
            ada: { token: TOKEN, url: `http://${await lan.a.node.ip4()}:9/`, outboundToken: TOKEN },
          },
        },
      },
    });
    await gateway.kill('SIGKILL');
    await gateway.start();
    await untilOpen(lan.a, address, gateway.port);
    await connectAgent(ada, `http://${address}:${gateway.port}`, TOKEN, 'Bea’s OpenClaw');
    await shot(ada, 'plain OpenClaw is a peer');
    bea.model.script('water the plants', { text: 'They are watered.' });
    await delegate(ada, {
      to: 'Bea’s OpenClaw',
      topic: 'The plants',
      task: 'Please water the plants.',
    });
    await outgoing(ada, 'Bea’s OpenClaw', 'The plants', /^Over/);
    await seen(ada.page, 'They are watered.');
    await shot(ada, 'plain OpenClaw answered');
    await ada.restart();
    await outgoing(ada, 'Bea’s OpenClaw', 'The plants', /^Over/);
    await seen(ada.page, 'They are watered.');
  });
});

/** Waits, and goes on with the same person. */
async function at(seat: Seat, wait: () => Promise<unknown>): Promise<Seat> {
  await wait();
  return seat;
}
