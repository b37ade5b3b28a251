/**
 * Draws every icon from the one source, assets/icon.svg: the app's icon, and the tray's in each of its
 * states. Run by hand with a Chromium on the PATH; what it writes is committed.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const DARK_COLOURS: Readonly<Record<string, string>> = {
  off: '#9aa5b8',
  connecting: '#e3c158',
  well: '#58cf8b',
  down: '#c3cad6',
  action: '#ff9457',
};

/** The unread badge: a round spot at the upper right, where no mark is. */
const BADGE = '<circle cx="51" cy="13" r="11"/>';

interface Icon {
  readonly state: string;
  readonly unread: boolean;
  /** For a dark panel. */
  readonly dark: boolean;
}

/** In colour: a shield, and its mark cut free by a ring of the mark's own shape. */
function trayIcon({ state, unread, dark }: Icon): string {
  const colour = (dark ? DARK_COLOURS : COLOURS)[state] ?? '#000';
  const calm = dark ? '#9aa5b8' : '#7a8699';
  const shield = state === 'off' ? calm : dark ? '#6f94f2' : '#2a56c6';
  const ring = dark ? '#1c1f26' : '#fff';
  const badge = unread
    ? `<g fill="${ring}" stroke="${ring}" stroke-width="7">${BADGE}</g><g fill="${dark ? '#ff6b6b' : '#d11a2a'}">${BADGE}</g>`
    : '';
  return svg(
    `<path d="${SHIELD}" fill="${shield}"/>` +
      `<g fill="${ring}" stroke="${ring}" stroke-width="9" stroke-linejoin="round">${solid(state)}</g>` +
      `<g fill="${colour}" stroke="${colour}">${MARKS[state]}</g>${badge}`,
  );
}

/** For macOS: black and transparent only; the system colours it. */
function templateIcon({ state, unread }: Icon): string {
  const hole = unread ? BADGE : '';
  const cut = `<mask id="m"><rect width="64" height="64" fill="#fff"/><g fill="#000" stroke="#000" stroke-width="9">${solid(state)}${hole}</g></mask>`;
  const shield =
    state === 'off'
      ? `<path d="${SHIELD}" fill="none" stroke="#000" stroke-width="5" mask="url(#m)"/>`
      : `<path d="${SHIELD}" mask="url(#m)"/>`;
  return svg(`${cut}${shield}<g stroke="#000">${MARKS[state]}</g>${hole}`);
}

const solid = (state: string): string =>
  (MARKS[state] ?? '').replaceAll(/ fill="none" stroke-width="5"/g, '');
const svg = (inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${inner}</svg>`;

const executablePath = process.env.PEERAGE_CHROMIUM ?? findOnPath('chromium', 'google-chrome');
if (!executablePath) throw new Error('icons need a Chromium on the PATH');
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage();

async function render(source: string, size: number): Promise<Buffer> {
  const sized = source.replace('<svg ', `<svg width="${size}" height="${size}" `);
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>html,body{margin:0}svg{display:block}</style>${sized}`);
  return page.screenshot({ omitBackground: true });
}

async function draw(source: string, size: number, file: string): Promise<void> {
  writeFileSync(join(assets, file), await render(source, size));
}

/** An ICO with a PNG for each size, so that Windows takes the one that fits its scale. */
async function drawIco(source: string, sizes: readonly number[], file: string): Promise<void> {
  const images: Buffer[] = [];
  for (const size of sizes) images.push(await render(source, size));
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [index, image] of images.entries()) {
    const at = 6 + 16 * index;
    const size = sizes[index] ?? 0;
    // A byte holds 255 at most; 0 stands for 256.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(image.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += image.length;
  }
  writeFileSync(join(assets, file), Buffer.concat([head, ...images]));
}

/** Scales that Electron knows by the name of the file; 1 has none. */
const SCALES = [1, 1.5, 2, 3];
const scaled = (scale: number): string => (scale === 1 ? '' : `@${scale}x`);

rmSync(join(assets, 'tray'), { recursive: true, force: true });
mkdirSync(join(assets, 'tray'), { recursive: true });
mkdirSync(join(assets, 'icons'), { recursive: true });
await draw(app, 1024, 'icon.png');
await drawIco(app, [16, 24, 32, 48, 64, 128, 256], 'icon.ico');
for (const size of [16, 32, 48, 64, 128, 256, 512]) {
  await draw(app, size, `icons/${size}x${size}.png`);
}
for (const state of Object.keys(MARKS)) {
  for (const unread of [false, true]) {
    const name = `tray/${state}${unread ? '-unread' : ''}`;
    for (const dark of [false, true]) {
      const source = trayIcon({ state, unread, dark });
      const file = `${name}${dark ? '-dark' : ''}`;
      for (const scale of SCALES) {
        await draw(source, Math.round(22 * scale), `${file}${scaled(scale)}.png`);
      }
      await drawIco(source, [16, 20, 24, 32, 40, 48], `${file}.ico`);
    }
    const template = templateIcon({ state, unread, dark: false });
    for (const scale of [1, 2, 3]) {
      await draw(template, 18 * scale, `${name}Template${scaled(scale)}.png`);
    }
  }
}
await browser.close();
