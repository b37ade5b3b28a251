/**
 * Draws every icon from the one source, assets/icon.svg: the app's icon, and the tray's in each of its
 * states. Run by hand with a Chromium on the PATH; what it writes is committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findOnPath } from './parts/command.mjs';

const assets = join(import.meta.dirname, '..', 'assets');
const app = readFileSync(join(assets, 'icon.svg'), 'utf8');

const SHIELD = 'M32 4 56 10.5V32c0 14-9.6 23.4-24 28C17.6 55.4 8 46 8 32V10.5Z';
/** The marks, each with a shape of its own, around (46, 46). */
const MARKS: Readonly<Record<string, string>> = {
  off: '',
  connecting:
    '<circle cx="46" cy="46" r="10" fill="none" stroke-width="5"/><path d="M46 36a10 10 0 0 1 0 20Z"/>',
  well: '<circle cx="46" cy="46" r="12"/>',
  down: '<circle cx="46" cy="46" r="10" fill="none" stroke-width="5"/>',
  action: '<path d="M46 32 60 57H32Z"/>',
};
const COLOURS: Readonly<Record<string, string>> = {
  off: '#7a8699',
  connecting: '#8a6d1d',
  well: '#1f8a4c',
  down: '#6b7280',
  action: '#c2410c',
};

/** In colour: a shield, and its mark cut free by a ring of the mark's own shape. */
function trayIcon(state: string): string {
  const colour = COLOURS[state] ?? '#000';
  const shield = state === 'off' ? '#7a8699' : '#2a56c6';
  return svg(
    `<path d="${SHIELD}" fill="${shield}"/>` +
      `<g fill="#fff" stroke="#fff" stroke-width="9" stroke-linejoin="round">${solid(state)}</g>` +
      `<g fill="${colour}" stroke="${colour}">${MARKS[state]}</g>`,
  );
}

/** For macOS: black and transparent only; the system colours it. */
function templateIcon(state: string): string {
  const cut = `<mask id="m"><rect width="64" height="64" fill="#fff"/><g fill="#000" stroke="#000" stroke-width="9">${solid(state)}</g></mask>`;
  const shield =
    state === 'off'
      ? `<path d="${SHIELD}" fill="none" stroke="#000" stroke-width="5"/>`
      : `<path d="${SHIELD}" mask="url(#m)"/>`;
  return svg(`${cut}${shield}<g stroke="#000">${MARKS[state]}</g>`);
}

const solid = (state: string): string =>
  (MARKS[state] ?? '').replaceAll(/ fill="none" stroke-width="5"/g, '');
const svg = (inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${inner}</svg>`;

const executablePath = process.env.PEERAGE_CHROMIUM ?? findOnPath('chromium', 'google-chrome');
if (!executablePath) throw new Error('icons need a Chromium on the PATH');
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage();

async function draw(source: string, size: number, file: string): Promise<void> {
  const sized = source.replace('<svg ', `<svg width="${size}" height="${size}" `);
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>html,body{margin:0}svg{display:block}</style>${sized}`);
  writeFileSync(join(assets, file), await page.screenshot({ omitBackground: true }));
}

mkdirSync(join(assets, 'tray'), { recursive: true });
mkdirSync(join(assets, 'icons'), { recursive: true });
await draw(app, 1024, 'icon.png');
for (const size of [16, 32, 48, 64, 128, 256, 512]) {
  await draw(app, size, `icons/${size}x${size}.png`);
}
for (const state of Object.keys(MARKS)) {
  await draw(trayIcon(state), 22, `tray/${state}.png`);
  await draw(trayIcon(state), 44, `tray/${state}@2x.png`);
  await draw(templateIcon(state), 18, `tray/${state}Template.png`);
  await draw(templateIcon(state), 36, `tray/${state}Template@2x.png`);
}
await browser.close();
