import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { fewWorld, NOW } from './mock/seeds.ts';

const path = chromiumPath();

describe.skipIf(!path)('the details of a peer', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const openPeer = (app: MockApp, name: string) =>
    app.page.getByRole('option', { name: new RegExp(`^${name}`) }).click();

  it('says how old the last answer is where a rung below it is broken', async () => {
    const world = fewWorld();
    const ladder = world.ladders.get(ids.link(6));
    if (!ladder) throw new Error('no such ladder');
    world.putLadder({
      ...ladder,
      rungs: ladder.rungs.map((rung) =>
        rung.id === 'last_answer'
          ? { ...rung, status: 'ok', durationMs: 2_300, at: NOW - 3 * 3_600_000 }
          : rung,
      ),
    });
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Old tower');
    const last = app.page.locator('.rung').last();
    await last.getByText('3 h ago').waitFor();
    expect(await last.getAttribute('class')).toContain('rung--quiet');
    await app.picture('ladder-old-answer');
    expect(await app.violations()).toEqual([]);
    await app.close();
  });

  it('removes a link only after asking', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await openPeer(app, 'Scout');
    const removed = () => app.session.called.some((call) => call.name === 'link.remove');
    for (const [choice, result] of [
      ['Keep it', false],
      ['Remove', true],
    ] as const) {
      await app.page.getByRole('button', { name: 'More about this link' }).click();
      await app.page.getByRole('menuitem', { name: 'Remove this link' }).click();
      const dialog = app.page.getByRole('dialog');
      await dialog.getByText('It is the only link').waitFor();
      await app.picture('remove-link');
      expect(await app.violations()).toEqual([]);
      await dialog.getByRole('button', { name: choice, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(removed()).toBe(result);
    }
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('adds another agent of the own gateway, and says that it runs here', async () => {
    const world = fewWorld();
    const detail = world.details.get(ids.peer(1));
    if (!detail) throw new Error('no such peer');
    world.putDetail({ ...detail, own: true, firstUseAcknowledged: false });
    world.changeApp({
      ownGateway: {
        kind: 'found',
        configPath: '/home/ada/.openclaw/openclaw.json',
        url: 'ws://127.0.0.1:18789',
        credential: 'token',
        peerIds: [detail.id],
      },
    });
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Scout');
    await app.page.getByText('an agent of your own gateway on this machine').waitFor();
    await app.page.getByRole('button', { name: 'Add another agent of this gateway' }).click();
    const agents = app.page.getByRole('dialog').getByLabel('Agent');
    await expect.poll(() => agents.isEnabled()).toBe(true);
    const named = await agents.locator('option').last().textContent();
    await agents.selectOption({ label: named ?? '' });
    expect(await app.page.getByRole('dialog').getByLabel('Name').inputValue()).toBe(named);
    await app.picture('own-agent');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Add', exact: true }).click();
    await app.page.getByRole('dialog').waitFor({ state: 'detached' });
    const made = app.session.called.find((call) => call.name === 'ownGateway.connect');
    expect(made?.input).toMatchObject({ name: named, agentId: expect.any(String) });
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('goes on waiting for an approval after a look that failed', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await app.page.keyboard.press('Control+n');
    await app.page.getByLabel('Address').fill('later.ts.net');
    await app.page.getByLabel('Token', { exact: true }).fill('a-token');
    await app.page.getByRole('button', { name: 'Check', exact: true }).click();
    await app.page.getByText('The other side must approve this device').waitFor();
    const dialog = app.page.getByRole('dialog');
    await dialog.getByText('Nothing listens').first().waitFor();
    await app.page.getByText('The other side must approve this device').waitFor();
    await app.page.getByText('Connected in').waitFor();
    expect(await dialog.getByText('Nothing listens').count()).toBe(0);
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
