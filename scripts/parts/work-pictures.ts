/**
 * The pictures of delegations, taken from two whole apps that met by an invite on this machine; their
 * gateways are the tests' own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startFakePeer } from '../../test/journeys/fake-world.ts';
import { startApp } from '../../test/ui/parts/app-process.ts';

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

const step = (page: Page, name: string): Promise<void> =>
  page
    .getByRole('navigation', { name: 'Steps of the setup' })
    .getByRole('button', { name: new RegExp(name) })
    .click();

/** From the first start to where others can knock. */
async function settle(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page
    .getByRole('button', { name: /session/i })
    .first()
    .click();
  await press(page, /^Set up step by step/);
  await step(page, 'Your gateway');
  await page.getByText('Your gateway runs, and is ready').waitFor();
  await press(page, 'Use this gateway');
  await step(page, 'Who can reach it');
  await page.getByRole('row').nth(1).waitFor();
  await page.getByRole('radio', { name: 'This machine', exact: true }).click();
  await page.getByText(/^It listens at/).waitFor();
  await step(page, 'The peer');
}

async function meet(ada: Page, bea: Page): Promise<void> {
  await ada.getByLabel('Address').fill('127.0.0.1');
  await ada.getByLabel('Your name for this peer').fill('Bea');
  await ada.getByRole('radio', { name: /^Someone else’s/ }).click();
  await press(ada, 'Make an invite');
  const invite = ada.getByText(/^peerage:\/\/invite\//).first();
  await invite.waitFor();
  await bea.getByRole('radio', { name: 'I was invited' }).click();
  await bea.getByLabel('Invite', { exact: true }).fill((await invite.textContent()) ?? '');
  await bea.getByLabel('Your name for this peer').fill('Ada');
  await press(bea, 'Call them');
  for (const page of [ada, bea]) await page.getByText('Do you both see these six words?').waitFor();
  for (const page of [ada, bea]) await press(page, 'The words are the same');
  for (const page of [ada, bea]) {
    await page.getByRole('button', { name: 'Connect another peer' }).waitFor();
    await press(page, 'Close the setup');
    await press(page, /^Inbox/);
  }
}

interface Work {
  readonly to: string;
  readonly topic: string;
  readonly task: string;
  readonly priority?: 'High';
  readonly expected?: string;
}

async function delegate(page: Page, work: Work, look = async (): Promise<void> => undefined) {
  await press(page, 'Delegate');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Topic').fill(work.topic);
  const choice = dialog.getByLabel('To', { exact: true });
  const option = choice.locator('option', { hasText: work.to }).first();
  await choice.selectOption({ label: (await option.textContent()) ?? '' });
  await dialog.getByLabel('Task').fill(work.task);
  if (work.expected) await dialog.getByLabel('Expected output').fill(work.expected);
  if (work.priority) await dialog.getByRole('radio', { name: work.priority }).click();
  await look();
  await dialog.getByRole('button', { name: 'Delegate', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Takes them. `folder`: where the pictures go. */
export async function workPictures(folder: string): Promise<void> {
  const gateways = [await startFakePeer('ada'), await startFakePeer('bea')] as const;
  const homes = gateways.map(() => mkdtempSync(join(tmpdir(), 'peerage-pictures-')));
  const apps = gateways.map(({ configFile }, index) =>
    startApp(homes[index] ?? '', [], { OPENCLAW_CONFIG_PATH: configFile }),
  );
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  try {
    const look = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 };
    const [ada, bea] = [await browser.newPage(look), await browser.newPage(look)];
    const shot = async (page: Page, name: string): Promise<void> => {
      await page.mouse.move(640, 2);
      await page.waitForTimeout(450);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    };
    await settle(ada, (await apps[0]?.url) ?? '');
    await settle(bea, (await apps[1]?.url) ?? '');
    await meet(ada, bea);
    const notes: Work = {
      to: 'Bea',
      topic: 'Release notes',
      task: 'Read the last twenty commits of the parser and write release notes. Leave out refactorings.',
      expected: 'Ten lines of Markdown',
      priority: 'High',
    };
    await delegate(ada, notes, () => shot(ada, 'compose'));
    const card = bea.getByRole('article', { name: 'Asked by Ada' });
    await card.getByRole('button', { name: 'Ask back' }).click();
    await card.getByLabel('Your question').fill('Which version is next, 1.4 or 2.0?');
    await bea.keyboard.press('Control+Enter');
    await press(ada, 'Answer');
    const field = ada.getByPlaceholder('Message Bea');
    await field.fill('It is 1.4.');
    await field.press('Enter');
    await card.getByText('They answered:').waitFor();
    await shot(bea, 'delegation-card');
  } finally {
    await browser.close();
    for (const app of apps) await app.stop();
    for (const one of gateways) await one.stop().catch(() => undefined);
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  }
}
