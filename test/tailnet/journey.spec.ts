import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { createGate, type RawClient } from '../real/parts/openclaw.ts';
import { describeWith } from '../real/parts/require.ts';
import { album } from './parts/album.ts';
import { type Lan, startLan } from './parts/lan.ts';
import { newStarts, SEAT_PARTS, type Seat, takeSeat } from './parts/seat.ts';
import { tailnetTools } from './parts/tailnet.ts';
import {
  agree,
  findTailscale,
  goToStep,
  joinByKey,
  listenOnTailnet,
  makeInvite,
  openInbox,
  openSetup,
  press,
  redeem,
  seen,
  takeGateway,
} from './parts/walk.ts';
import {
  delegate,
  endPartnership,
  incoming,
  notices,
  openApprovals,
  openPeer,
  openThreadOf,
  outgoing,
  saveFile,
  writeTo,
} from './parts/work.ts';

const FAILED = join(import.meta.dirname, '../../.cache/tailnet-failed');
const NOTES = { name: 'notes.txt', text: 'The lamp in the hall flickers since Tuesday.\n' };
const REPORT = 'The bulb was loose: a quarter turn – done.\n';

/** After every step both apps are ended, one of them by `kill -9`, and started again at their homes. */
await describeWith([...SEAT_PARTS], 'work between two people, over their own tailnet', () => {
  let lan: Lan;
  let ada: Seat;
  let bea: Seat;
  /** Bea's own OpenClaw, where commands of her agents are asked about. */
  let person: RawClient;
  const shot = album('tailnet-journey');
  const startAnew = newStarts();
  /** A step is done: pictures of what it came to, and a new start of both. */
  const done = async (step: string, ...seats: readonly Seat[]): Promise<void> => {
    for (const seat of seats) await shot(seat, step);
    await startAnew(ada, bea);
  };

  beforeAll(async () => {
    lan = await startLan(await tailnetTools(), {
      joined: false,
      names: ['adas-laptop', 'beas-box'],
    });
    const config = { tools: { exec: { mode: 'ask', host: 'gateway' } } };
    [ada, bea] = await Promise.all([takeSeat(lan.a), takeSeat(lan.b, { config })]);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const seat of [ada, bea]) await seat.keep(join(FAILED, task.name.slice(0, 40)));
  });
  afterAll(async () => {
    person?.cut();
    await Promise.all([ada?.stop(), bea?.stop()]);
    await lan?.stop();
  });

  it('first start, and the setup up to the peer, on both sides', async () => {
    const both = [ada, bea];
    for (const seat of both) {
      await findTailscale(seat);
      await joinByKey(seat, lan.control);
    }
    await done('in the tailnet', ...both);
    for (const seat of both) {
      await openSetup(seat);
      await takeGateway(seat);
    }
    await done('uses its gateway', ...both);
    for (const seat of both) {
      await openSetup(seat);
      await listenOnTailnet(seat);
    }
    await done('listens', ...both);
  });

  it('an invite, and the same six words', async () => {
    await openSetup(ada);
    const text = await makeInvite(ada, 'beas-box', 'Someone else’s', 'Bea');
    await done('invited', ada);
    await openSetup(bea);
    await redeem(bea, text, 'Ada');
    await done('six words', bea);
    for (const seat of [ada, bea]) {
      await openSetup(seat);
      await goToStep(seat.page, 'The peer');
    }
    await agree(ada, bea, () => shot(ada, 'six words'));
    await seen(ada.page, 'Bea is connected');
    await seen(bea.page, 'Ada is connected');
    await done('connected', ada, bea);
  });

  it('a delegation with an attachment goes there, and is told of', async () => {
    const task = 'Please find out why the lamp flickers.';
    await delegate(ada, { to: 'Bea', topic: 'The lamp', task, file: NOTES });
    await outgoing(ada, 'Bea', 'The lamp', /^Under way/);
    await done('delegated', ada);
    const card = await incoming(bea, 'Ada', 'The lamp');
    const shown = (await card.textContent()) ?? '';
    assert.match(shown, /notes\.txt/);
    assert.match(shown, /Tailscale says that it is adas-laptop/);
    await shot(bea, 'the card waits');
    assert.match(await notices(bea, () => shot(bea, 'told of')), /Ada asks for work/);
    await done('afterwards', bea);
  });

  it('is asked back about, and the answer brings the same work back', async () => {
    const card = await incoming(bea, 'Ada', 'The lamp');
    await card.getByRole('button', { name: 'Ask back' }).click();
    await card.getByLabel('Your question').fill('Which hall is it?');
    await card.getByRole('button', { name: 'Ask back' }).click();
    await card.getByLabel('Your question').waitFor({ state: 'hidden' });
    await done('asked back', bea);
    await openInbox(ada);
    await seen(ada.page, 'Which hall is it?');
    await done('is asked back', ada);
    await openInbox(ada);
    await press(ada.page, 'Answer');
    await seen(ada.page, 'notes.txt');
    await writeTo(ada, 'Bea', 'The one on the ground floor.');
    await ada.page.locator('.mine', { hasText: 'The one on the ground floor.' }).waitFor();
    await done('answers', ada);
    const back = await incoming(bea, 'Ada', 'The lamp');
    assert.equal(await back.getByRole('button', { name: 'Accept', exact: true }).count(), 1);
    await back.getByRole('button', { name: 'Show all of it' }).click();
    await seen(bea.page, 'The one on the ground floor.');
    await done('is answered', bea);
  });

  it('is accepted, and waits for a command’s approval on the way', async () => {
    person = await openApprovals(bea);
    const found = join(bea.computer.home, 'found.md');
    const proof = join(bea.computer.home, 'work', 'main', 'lamp.md');
    await writeFile(bea.computer.outside(found), REPORT);
    bea.model.script('why the lamp flickers', {
      tool: { name: 'exec', args: { command: `cp ${found} ${proof}` } },
      text: 'The bulb is loose. I tightened it.\n\nMEDIA:lamp.md',
    });
    const card = await incoming(bea, 'Ada', 'The lamp');
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    const asked = await person.event('exec.approval.requested', () => true, LINK_PATIENCE_MS);
    await outgoing(ada, 'Bea', 'The lamp', /^Under way/);
    await incoming(bea, 'Ada', 'The lamp', /^Under way/);
    await done('a command waits', ada, bea);
    assert.equal(existsSync(bea.computer.outside(proof)), false);
    await person.request('exec.approval.resolve', { id: asked.payload.id, decision: 'allow-once' });
    const over = await outgoing(ada, 'Bea', 'The lamp', /^Over/);
    await seen(ada.page, 'The bulb is loose. I tightened it.');
    assert.match((await over.textContent()) ?? '', /1 file, in the thread/);
    assert.equal(existsSync(bea.computer.outside(proof)), true);
    await done('answered', ada);
    // What the agent was given names the sender that Tailscale vouches for, and holds the file.
    const [call] = bea.model.callsFor('why the lamp flickers');
    assert.match(call?.prompt ?? '', /adas-laptop\.tailnet\.test of alice as Tailscale says/);
    assert.match(call?.prompt ?? '', /flickers since Tuesday/);
  });

  it('brings a file of the agent’s back, which a click saves', async () => {
    await openThreadOf(ada, 'Bea', 'The lamp', /^Over/);
    assert.equal((await saveFile(ada, 'lamp.md')).toString('utf8'), REPORT);
    await done('a file came back', ada);
    const card = await incoming(bea, 'Ada', 'The lamp', /^Over/);
    await card.getByRole('button', { name: 'Show all of it' }).click();
    await seen(bea.page, /^The answer came with lamp\.md \(\d+ B/);
    await done('what went back', bea);
  });

  it('a second one is stopped while it runs', async () => {
    const gate = createGate();
    bea.model.script('paint the door', { text: 'One coat is on it now.', gate });
    await delegate(ada, { to: 'Bea', topic: 'The door', task: 'Please paint the door.' });
    await done('a second one', ada);
    const card = await incoming(bea, 'Ada', 'The door');
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    await incoming(bea, 'Ada', 'The door', /^Under way/);
    await done('a second one runs', bea);
    await openPeer(ada, 'Bea');
    await ada.page.getByRole('option', { name: /^Bea.*Working/ }).waitFor();
    await seen(ada.page, 'Up,');
    const running = await outgoing(ada, 'Bea', 'The door', /^Under way/);
    await shot(ada, 'before the stop');
    await running.getByRole('button', { name: 'Stop', exact: true }).click();
    const over = await outgoing(ada, 'Bea', 'The door', /^Over/);
    assert.doesNotMatch((await over.textContent()) ?? '', /One coat/);
    await done('stopped', ada);
    await incoming(bea, 'Ada', 'The door', /^Over/);
    await shot(bea, 'stopped');
    gate.release();
  });

  it('the partnership ends, and nothing can be asked any more', async () => {
    await endPartnership(bea, 'Ada');
    await done('ended', bea);
    await openPeer(ada, 'Bea');
    await ada.page.getByRole('option', { name: /^Bea.*No link/ }).waitFor();
    await done('ended over there', ada);
    for (const [seat, peer] of [
      [ada, 'Bea'],
      [bea, 'Ada'],
    ] as const) {
      await openPeer(seat, peer);
      await seat.page.getByRole('option', { name: new RegExp(`^${peer}.*No link`) }).waitFor();
      await shot(seat, 'still ended');
    }
  });
});
