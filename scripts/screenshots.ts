/**
 * Takes the pictures of the documentation from the real app: a home of its own, scripted gateways on
 * loopback instead of other machines, the browser shell, Chromium; those of the setup from a real tailnet.
 * `node scripts/screenshots.ts`, with `window` only those of the window, with `work` only those of
 * delegations, with `agents` only those of what local agents ask for, with `setup` only those of the setup.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { systemClock } from '../electron/clock/clock.ts';
import {
  type Agent,
  type PracticeGateway,
  startPracticeGateway,
} from '../electron/practice/index.ts';
import { startApp } from '../test/ui/parts/app-process.ts';
import { agentPictures } from './parts/agent-pictures.ts';
import { connect } from './parts/connect-peer.ts';
import { setupPictures } from './parts/setup-pictures.ts';
import { workPictures } from './parts/work-pictures.ts';

const images = join(import.meta.dirname, '..', 'docs', 'images');

const REPLIES: readonly (readonly [RegExp, string])[] = [
  [
    /nightly/i,
    `The nightly build failed at **02:14**, in the packaging step:

\`\`\`
error: asset "tray@3x.png" is missing
\`\`\`

The file was renamed yesterday. I can put the old name back, or change the manifest. Which one?`,
  ],
  [
    /manifest/i,
    `Done. What I changed:

| File | Change |
| --- | --- |
| \`assets/manifest.json\` | the new name |
| \`docs/release.md\` | one line about it |

The build is green again: 4 min 12 s.`,
  ],
  [
    /.*/,
    'I have the three papers. The short version: two agree, and the third measured something else.',
  ],
];

const agent: Agent = ({ text }) => ({
  chunks: (REPLIES.find(([words]) => words.test(text))?.[1] ?? '').split(/(?<= )/),
  firstMs: 60,
  chunkMs: 8,
});

const clock = systemClock();
const gateways: PracticeGateway[] = [];
const gateway = async (): Promise<PracticeGateway> => {
  const started = await startPracticeGateway({ clock, agent });
  gateways.push(started);
  return started;
};

async function say(page: Page, peer: string, text: string, end: RegExp): Promise<void> {
  const field = page.getByPlaceholder(`Message ${peer}`);
  await field.fill(text);
  await field.press('Enter');
  await page.getByText(end).first().waitFor();
}

/** The pictures of the window. */
async function windowPictures(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'peerage-pictures-'));
  const app = startApp(home);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 2,
      colorScheme: 'light',
    });
    const shot = async (name: string): Promise<void> => {
      await page.mouse.move(640, 2);
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(images, `${name}.png`) });
    };
    await page.goto(await app.url);
    await page
      .getByRole('button', { name: /session/i })
      .first()
      .click();
    await page.getByText('Welcome to Peerage').waitFor();
    await page.waitForTimeout(600);
    await shot('welcome');

    const studio = await gateway();
    const maya = await gateway();
    const laptop = await gateway();
    const pod = await gateway();
    await connect(page, 'Maya’s desktop', maya.url, maya.token);
    await connect(page, 'Laptop', laptop.url, laptop.token);
    await connect(page, 'Build pod', pod.url, pod.token);
    await connect(page, 'Studio server', studio.url, studio.token);
    await say(page, 'Studio server', 'What happened to the nightly build?', /Which one/);
    await say(
      page,
      'Studio server',
      'Change the manifest, please, and tell me when it is green.',
      /green again/,
    );
    await laptop.behave('needs_approval');
    await pod.stop();
    await page.getByText('Needs approval').first().waitFor();
    await page.waitForTimeout(6_500);
    await shot('window-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('window-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page
      .getByRole('option', { name: /Laptop/ })
      .or(page.getByText('Laptop').first())
      .first()
      .click();
    await shot('needs-approval');
    await page.keyboard.press('Control+k');
    await shot('palette');
    await page.keyboard.press('Escape');
    await page.getByText('Studio server').first().click();
    await page.setViewportSize({ width: 420, height: 800 });
    await shot('narrow');
    await page.close();
  } finally {
    await browser.close();
    await app.stop();
    for (const one of gateways) await one.stop().catch(() => undefined);
    clock.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

const [only] = process.argv.slice(2);
const wanted = (name: string): boolean => only === undefined || only === name;
if (wanted('window')) await windowPictures();
if (wanted('work')) await workPictures(images);
if (wanted('agents')) await agentPictures(images);
if (wanted('setup')) await setupPictures(images);
// What a browser or a gateway left open must not keep this process.
process.exit(0);
