/**
 * The pictures of what local agents ask for, from a whole app with scripted gateways on loopback: the
 * asks come through the built command, as an agent's would.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from 'playwright-core';
import { startFakePeer } from '../../test/journeys/fake-world.ts';
import { COMMAND, doorHome } from '../../test/real/parts/door-app.ts';
import { startApp } from '../../test/ui/parts/app-process.ts';

const PEERS = ['Ada', 'Build-pod', 'Cora'] as const;

const SIZE = { width: 1280, height: 720 };

const peerage = (home: string, agent: string, args: readonly string[], text: string) =>
  new Promise<void>((resolve) => {
    const all = [COMMAND, '--home', home, '--as', agent, ...args];
    const child = execFile(process.execPath, all, () => resolve());
    child.stdin?.end(text);
  });

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

async function policy(page: Page, section: string, choice: string): Promise<void> {
  await page.getByLabel(section).getByRole('radio', { name: choice }).click();
}

/** Takes them. `folder`: where the pictures go. */
export async function agentPictures(folder: string): Promise<void> {
  const own = await startFakePeer('own');
  const others = await Promise.all(PEERS.map((name) => startFakePeer(name)));
  const of = doorHome(
    others.map(({ url, token }, index) => ({ name: PEERS[index] ?? '', url, token })),
  );
  const user = mkdtempSync(join(tmpdir(), 'peerage-user-'));
  mkdirSync(join(user, '.openclaw'));
  writeFileSync(join(user, '.openclaw', 'openclaw.json'), '{}');
  const more = ['--config', of.configFile, '--secrets', of.secretsFolder];
  const app = startApp(of.home, more, { OPENCLAW_CONFIG_PATH: own.configFile, HOME: user });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  try {
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 2 });
    await page.goto(await app.url);
    await page.getByRole('option', { name: /Ada/ }).waitFor();
    for (const one of others)
      one.script('', { text: 'Green since 14:05; all 2,300 tests passed.' });
    const ask = (agent: string, args: readonly string[], text: string) =>
      peerage(of.home, agent, args, text);
    await ask(
      'Claude Code',
      ['send', 'Cora', '--kind', 'insight'],
      'The cache key misses the lock file.',
    );
    await ask(
      'OpenClaw main',
      ['send', 'Ada', '--kind', 'question', '--topic', 'Release 1.4'],
      'Is the build of 1.4 green? One line is enough.',
    );
    await ask(
      'Claude Code',
      [
        'delegate',
        'Build-pod',
        '--priority',
        'high',
        '--deadline',
        '2h',
        '--context',
        '{"branch":"main","since":"v1.3"}',
      ],
      'Read the commits since v1.3 and write release notes. Leave out refactorings.',
    );
    await ask(
      'OpenClaw main',
      ['broadcast', '--to', 'all', '--topic', 'build', '--tags', 'ci,cache', '--timeout', '1'],
      'The cache of the build is keyed by the lock file from now on.',
    );
    await press(page, /^Agents/);
    await page.getByRole('article').nth(3).waitFor();
    const cards = page.getByRole('article');
    await cards.filter({ hasText: 'The cache key' }).getByRole('button', { name: 'Deny' }).click();
    await cards.nth(3).waitFor({ state: 'detached' });
    const shot = async (name: string, what: Page | Locator = page): Promise<void> => {
      await page.mouse.move(2, 2);
      await page.waitForTimeout(450);
      await what.screenshot({ path: join(folder, `${name}.png`) });
    };
    await shot('agents-waiting');
    await page.getByRole('radio', { name: 'All' }).click();
    await page.getByText('Denied by you').first().waitFor();
    await page.getByRole('radio', { name: 'Rules' }).click();
    await page.getByText('Messages in 24 hours').waitFor();
    await policy(page, 'Agents and OpenClaw main', 'Allow');
    await shot('agents-rules');
    await press(page, 'Close agents');
    await press(page, /^Notices|^Notifications/);
    await page.getByRole('dialog').waitFor();
    await shot('agents-notice');
    await page.keyboard.press('Escape');
    await press(page, /^This machine/);
    await page.getByRole('menuitem', { name: /^Own gateway/ }).click();
    await page.getByRole('button', { name: 'Install into my OpenClaw' }).scrollIntoViewIfNeeded();
    await shot('agents-skill', page.getByRole('region', { name: 'Skill for your agents' }));
  } finally {
    await browser.close();
    await app.stop();
    for (const one of [own, ...others]) await one.stop().catch(() => undefined);
    of.remove();
    rmSync(user, { recursive: true, force: true });
  }
}
