/**
 * The pictures of delegations, taken from two whole apps that met by an invite on this machine; their
 * gateways are the tests' own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { systemClock } from '../../electron/clock/clock.ts';
import { startPracticeGateway } from '../../electron/practice/index.ts';
import { type FakePeer, startFakePeer } from '../../test/journeys/fake-world.ts';
import { startApp } from '../../test/ui/parts/app-process.ts';
import { connect } from './connect-peer.ts';

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

const NOTES = `## 1.4

- **Nested quotes** are read as they were written
- The parser starts in half the time
- Errors name the line`;

type Shot = (page: Page, name: string) => Promise<void>;

/** What Ada may do without Bea, with an agent that asks before it runs commands. */
async function policyPicture(bea: Page, gateway: FakePeer, shot: Shot): Promise<void> {
  gateway.fake.execMode = 'ask';
  await press(bea, 'Close the inbox');
  await bea.getByRole('option', { name: /^Ada/ }).click();
  await bea.getByRole('radio', { name: 'Let through' }).click();
  const dialog = bea.getByRole('dialog');
  await dialog.getByLabel('Goes to').selectOption({ index: 1 });
  await dialog.getByText('Nobody reads it before your agent does').waitFor();
  await shot(bea, 'policy');
  await bea.keyboard.press('Escape');
}

/** A status that goes by itself, as it would go now. */
async function morningPicture(ada: Page, shot: Shot): Promise<void> {
  await press(ada, 'Delegate');
  const dialog = ada.getByRole('dialog');
  await dialog.getByLabel('What', { exact: true }).selectOption({ label: 'Morning status' });
  await dialog.getByRole('button', { name: 'Schedule it' }).click();
  await dialog.getByLabel('Bea').check();
  await dialog.getByLabel('Focus').fill('The parser, and the release on Friday.');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  const preview = dialog.getByText('would get now');
  await preview.waitFor();
  await preview.scrollIntoViewIfNeeded();
  await shot(ada, 'morning-status');
  await ada.keyboard.press('Escape');
  await press(ada, 'Close the inbox');
}

/** What a broadcast would do, before it does. */
async function broadcastPicture(ada: Page, shot: Shot): Promise<void> {
  const clock = systemClock();
  const desk = await startPracticeGateway({ clock });
  const pod = await startPracticeGateway({ clock });
  try {
    await connect(ada, 'Maya’s desktop', desk.url, desk.token);
    await connect(ada, 'Build pod', pod.url, pod.token);
    await pod.stop();
    await ada
      .getByRole('option', { name: /^Build pod/ })
      .getByText('Up')
      .waitFor({ state: 'detached' });
    await press(ada, /^Broadcast/);
    await ada.getByLabel('Topic').fill('Freeze');
    await ada
      .getByLabel('Text', { exact: true })
      .fill('No merges until Friday, please. Ask me where it cannot wait.');
    await press(ada, 'Dry run');
    await ada.getByRole('region', { name: 'Dry run' }).waitFor();
    await shot(ada, 'broadcast');
  } finally {
    await desk.stop();
    clock.stop();
  }
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
    await ada.getByRole('radio', { name: 'Waiting 1' }).click();
    await press(ada, 'Answer');
    const field = ada.getByPlaceholder('Message Bea');
    await field.fill('It is 1.4.');
    await field.press('Enter');
    await card.getByText('They answered:').waitFor();
    await shot(bea, 'delegation-card');
    gateways[1].script('release notes', { text: NOTES });
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    await press(ada, /^Inbox/);
    await ada.getByRole('radio', { name: 'Over', exact: true }).click();
    await ada.getByText('Nested quotes', { exact: false }).waitFor();
    await shot(ada, 'delegation-answered');
    await policyPicture(bea, gateways[1], shot);
    await morningPicture(ada, shot);
    await broadcastPicture(ada, shot);
  } finally {
    await browser.close();
    for (const app of apps) await app.stop();
    for (const one of gateways) await one.stop().catch(() => undefined);
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  }
}
