/** The one Chromium behind the stand-in's windows, started with the first of them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { findOnPath } from '../../../scripts/parts/command.mjs';

let running: Promise<BrowserContext> | null = null;
let folder = '';

/** The browser; starts it where none runs. */
export function browser(): Promise<BrowserContext> {
  running ??= start();
  return running;
}

/** The port on which a test can look at the pages, or null where there is no Chromium yet. */
export async function debuggingPort(): Promise<number | null> {
  if (running === null) return null;
  await running;
  return Number(readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n')[0]);
}

export const hasBrowser = (): boolean => running !== null;

/** Ends it and removes what it wrote. */
export async function closeBrowser(): Promise<void> {
  const open = await running;
  await open?.close();
  if (folder !== '') rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function start(): Promise<BrowserContext> {
  const executablePath = process.env.PEERAGE_CHROMIUM ?? findOnPath('chromium', 'google-chrome');
  if (!executablePath) throw new Error('the stand-in needs a Chromium on the PATH');
  folder = mkdtempSync(join(tmpdir(), 'peerage-standin-'));
  return chromium.launchPersistentContext(folder, {
    executablePath,
    viewport: null,
    serviceWorkers: 'block',
    // A camera and a microphone that are there: what a page is refused then is the permission.
    args: ['--remote-debugging-port=0', '--disable-gpu', '--use-fake-device-for-media-stream'],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
