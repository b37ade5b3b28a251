/**
 * The pictures of the setup, of an invite and of the inbox, taken from two real apps: a `tailscale`
 * that replays recorded shapes, a scripted gateway on loopback as the own one, and nothing else made up.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Clock } from '../../electron/clock/clock.ts';
import {
  type Agent,
  type PracticeGateway,
  startPracticeGateway,
} from '../../electron/practice/index.ts';
import { tailscaleRig } from '../../test/fakes/tailscale/rig.ts';
import { desk, loggedOut, sharedIn, status, upLink } from '../../test/fakes/tailscale/shapes.ts';
import { type AppProcess, startApp } from '../../test/ui/parts/app-process.ts';

const WORK =
  'Please read the last twenty commits of the parser and write release notes of at most ten lines. Leave out refactorings.';

/** Opens an app's window, as somebody who has just been given its address. */
async function openWindow(browser: Browser, app: AppProcess): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 2,
    colorScheme: 'light',
  });
  page.setDefaultTimeout(15_000);
  await page.goto(await app.url);
  await page
    .getByRole('button', { name: /session/i })
    .first()
    .click();
  await page.getByText('Welcome to Peerage').waitFor();
  return page;
}

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

const agent: Agent = () => ({
  chunks: ['Hello. ', 'I am here, and I read you.'],
  firstMs: 60,
  chunkMs: 8,
});

/** Writes an OpenClaw configuration that leads to a gateway, and says where. */
function configOf(folder: string, { url, token }: PracticeGateway): string {
  const path = join(folder, 'openclaw.json');
  const gateway = {
    mode: 'local',
    port: Number(new URL(url).port),
    bind: 'loopback',
    auth: { mode: 'token', token },
  };
  writeFileSync(path, JSON.stringify({ gateway }), { mode: 0o600 });
  return path;
}

/** Lets the app use the gateway of its machine. */
async function connectGateway(page: Page): Promise<void> {
  await goToStep(page, 'Your gateway');
  await press(page, 'Use this gateway');
  await page.getByRole('button', { name: 'Continue', exact: true }).waitFor();
}

/** Lets programs of this machine knock: the two apps reach each other on loopback. */
async function listenHere(page: Page): Promise<void> {
  await goToStep(page, 'Who can reach it');
  await page.getByRole('radio', { name: 'This machine', exact: true }).click();
  await page.getByText(/It listens at/).waitFor();
}

const goToStep = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('navigation', { name: 'Steps of the setup' })
    .getByRole('button', { name: new RegExp(name) })
    .click();

/** Takes them. `folder`: where the pictures go. */
export async function setupPictures(browser: Browser, clock: Clock, folder: string): Promise<void> {
  const rig = tailscaleRig();
  const gateway = await startPracticeGateway({ clock, agent });
  const far = await startPracticeGateway({ clock, agent });
  const home = mkdtempSync(join(tmpdir(), 'peerage-setup-'));
  const other = mkdtempSync(join(tmpdir(), 'peerage-other-'));
  const env = { PEERAGE_TAILSCALE: rig.program, FAKE_TAILSCALE: rig.folder };
  rig.status(loggedOut());
  rig.answer('up', { feed: 'up' });
  const app = startApp(home, [], { ...env, OPENCLAW_CONFIG_PATH: configOf(home, gateway) });
  const theirs = startApp(other, [], { ...env, OPENCLAW_CONFIG_PATH: configOf(other, far) });
  try {
    const page = await openWindow(browser, app);
    const shot = async (name: string): Promise<void> => {
      await page.mouse.move(640, 2);
      await page.waitForTimeout(450);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    };
    await press(page, /^Set up step by step/);
    await page.getByText(/is installed/).waitFor();
    await shot('setup-1-tailscale');
    await press(page, 'Continue');
    await press(page, 'Get a login link');
    // Without Tailscale's own picture of the link, which is made up in the recorded shape.
    const { QR: _, ...link } = JSON.parse(upLink()) as Record<string, unknown>;
    rig.feed('up', { out: `${JSON.stringify(link, null, 2)}\n` });
    await page.getByText('Waiting for your login').waitFor();
    await shot('setup-2-tailnet');
    rig.status(status({}, [desk(), sharedIn()]));
    rig.feed('up', { exit: 0 });
    await page.getByText(/This machine is in the tailnet/).waitFor();
    await press(page, 'Continue');
    await page.getByText('Is your own gateway there?').waitFor();
    await page
      .getByText(/Your gateway/)
      .nth(1)
      .waitFor();
    await shot('setup-3-gateway');
    await goToStep(page, 'Who can reach it');
    await page.getByRole('row').nth(1).waitFor();
    await shot('setup-4-reach');
    await connectGateway(page);
    await listenHere(page);
    await goToStep(page, 'The peer');
    await page.getByRole('button', { name: /annas-box/ }).click();
    await shot('setup-5-peer');
    await press(page, 'Make an invite');
    const invite = page.getByText(/^peerage:\/\/invite\//).first();
    await invite.waitFor();
    await shot('setup-5-invite');

    const guest = await openWindow(browser, theirs);
    await press(guest, /^Set up step by step/);
    await connectGateway(guest);
    await listenHere(guest);
    await goToStep(guest, 'The peer');
    await guest.getByRole('radio', { name: 'I was invited' }).click();
    await guest
      .getByRole('textbox')
      .first()
      .fill((await invite.textContent()) ?? '');
    await guest.getByLabel('Your name for this peer').fill('Ada');
    await press(guest, 'Call them');
    await page.getByText('Do you both see these six words?').waitFor();
    await page.getByLabel('Your name for this peer').fill('Anna');
    await shot('setup-5-words');
    await press(page, 'The words are the same');
    await press(guest, 'The words are the same');
    await press(page, 'Continue');
    await page.getByText('Has each side let the other in?').waitFor();
    await shot('setup-6-approval');
    await goToStep(page, 'Prove it');
    await page.getByText('Does a message come back?').waitFor();
    await press(page, 'Ask for a greeting');
    await press(guest, 'Close the setup');
    await press(guest, /^Inbox/);
    await press(guest, 'Accept');
    await guest.getByText('Nothing waits for you').waitFor();
    await press(guest, 'Close the inbox');
    await page.getByText(/There and back in/).waitFor();
    await shot('setup-7-proof');

    await guest.getByRole('option', { name: /^Ada/ }).click();
    const field = guest.getByPlaceholder('Message Ada');
    await field.fill(WORK);
    await field.press('Enter');
    await press(page, 'Close the setup');
    await press(page, /^Inbox/);
    await page.getByRole('article', { name: 'Asked by Anna' }).waitFor();
    await shot('inbox');
  } finally {
    await app.stop();
    await theirs.stop();
    await gateway.stop().catch(() => undefined);
    await far.stop().catch(() => undefined);
    rig.remove();
    rmSync(home, { recursive: true, force: true });
    rmSync(other, { recursive: true, force: true });
  }
}
