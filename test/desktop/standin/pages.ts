/**
 * A page of Chromium behind a window: its two worlds, its requests, its navigations.
 *
 * A scheme registered as standard and secure behaves as https does, so our pages are served from an
 * https origin that stands for it. https://www.electronjs.org/docs/latest/api/protocol
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page, Route } from 'playwright-core';
import { PATIENCE_MS } from '../../patience.ts';
import { browser } from './chromium.ts';
import { sessionRules } from './session.ts';
import { CALL_OUT, DELIVER, isolatedScript, pageScript, WORLD } from './worlds.ts';

const SUFFIX = '.standin';
/** Windows are gone at once; their pages need a moment. */
const closing = new Set<Promise<void>>();

/** Resolves when no page is there any more whose window was destroyed. */
export const pagesClosed = async (): Promise<void> => void (await Promise.all(closing));

/** `scheme://host/x` as the address in Chromium, and back. Other addresses stay. */
export function inChromium(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !sessionRules.schemes.has(parsed.protocol.slice(0, -1))) return url;
  const rest = url.slice(parsed.protocol.length + 2 + parsed.host.length);
  return `https://${parsed.host}.${parsed.protocol.slice(0, -1)}${SUFFIX}${rest}`;
}
export function inElectron(url: string): string {
  const match = /^https:\/\/([^/]*)\.([a-z-]+)\.standin(\/.*)?$/.exec(url);
  return match ? `${match[2]}://${match[1]}${match[3] ?? ''}` : url;
}

/**
 * What a page can ask for, by Electron's name and by Chromium's.
 * https://www.electronjs.org/docs/latest/api/session#sessetpermissionrequesthandlerhandler
 */
const PERMISSIONS: readonly (readonly [electron: string, chromium: string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['midi', 'midi'],
  ['midiSysex', 'midi-sysex'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
];

/** Both handlers must agree; everything that is not given is refused. */
const grantedInChromium = (url: string): string[] =>
  PERMISSIONS.filter(([name]) => {
    const { request, check } = sessionRules.permission(name, url);
    return request && check;
  }).map(([, name]) => name);

export interface PageListener {
  /** A text called out of the isolated world. `main` = from the top frame. */
  called(text: string, main: boolean): void;
  navigated(url: string): void;
  loaded(): void;
  /** The page itself wants to go there; false = it stays. */
  mayNavigate(url: string): boolean;
  mayOpen(url: string): boolean;
  gone(): void;
}

/** One page. All of its doings are in order. */
export class StandInPage {
  readonly #channel = randomUUID();
  readonly #listener: PageListener;
  readonly #preload: string;
  #ready: Promise<{ page: Page; cdp: CDPSession }>;
  #url = '';
  #crashed = false;
  /** Programmatic loads do not ask `will-navigate`. */
  #ours = 0;
  #context: number | null = null;
  #mainFrame = '';

  constructor(preload: string, listener: PageListener) {
    this.#listener = listener;
    this.#preload = readFileSync(preload, 'utf8');
    this.#ready = this.#open(this.#preload);
    this.#ready.catch(() => {});
  }

  async load(url: string): Promise<void> {
    this.#url = url;
    await this.#do(async ({ page }) => {
      this.#ours += 1;
      const at = inChromium(url);
      // Chromium's own answer to whatever the page asks for is the one that our handlers gave.
      const granted = grantedInChromium(url);
      await page.context().grantPermissions(granted, { origin: new URL(at).origin });
      await page.goto(at, { waitUntil: 'load' });
      this.#listener.loaded();
    });
  }

  reload(): void {
    if (this.#crashed) {
      // A page that crashed is of no more use to the driver, so another one takes its place.
      this.#crashed = false;
      void this.#do(({ page }) => page.close());
      this.#ready = this.#open(this.#preload);
      void this.load(this.#url);
      return;
    }
    void this.#do(async ({ page }) => {
      this.#ours += 1;
      await page.reload();
    });
  }

  /** To the listeners of the isolated world; lost where the page is not there (as in Electron). */
  deliver(channel: string, args: readonly unknown[]): void {
    const contextId = this.#context;
    if (contextId === null) return;
    for (const arg of structuredClone(args)) {
      if (typeof arg !== 'string') throw new Error('stand-in: only texts are sent here');
    }
    const expression = `${DELIVER}(${JSON.stringify(channel)}, ${JSON.stringify(args)})`;
    void this.#do(({ cdp }) => cdp.send('Runtime.evaluate', { contextId, expression }));
  }

  seen(visible: boolean, focused: boolean): void {
    const detail = JSON.stringify({ to: 'page', seen: { visible, focused } });
    const expression = `document.dispatchEvent(new CustomEvent(${JSON.stringify(this.#channel)}, { detail: ${detail} }))`;
    void this.#do(({ cdp }) => cdp.send('Runtime.evaluate', { expression }));
  }

  close(): void {
    this.#context = null;
    const closed = this.#do(({ page }) => page.close());
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  }

  async #do(work: (at: { page: Page; cdp: CDPSession }) => Promise<unknown>): Promise<void> {
    try {
      await work(await this.#ready);
    } catch (error) {
      // The page went away meanwhile; to Electron's callers that is no error.
      if (process.env.PEERAGE_LOG === '1') console.error(`stand-in page: ${String(error)}`);
    }
  }

  async #open(preload: string): Promise<{ page: Page; cdp: CDPSession }> {
    const context = await browser();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const cdp = await context.newCDPSession(page);
    page.on('popup', (popup) => {
      void popup.close();
    });
    page.on('crash', () => {
      this.#crashed = true;
      this.#context = null;
      this.#listener.gone();
    });
    await page.route('**/*', (route) => this.#request(route, page));
    cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return;
      this.#mainFrame = frame.id;
      this.#listener.navigated(inElectron(frame.url));
    });
    cdp.on('Page.windowOpen', ({ url }) => this.#listener.mayOpen(inElectron(url)));
    cdp.on('Runtime.executionContextCreated', ({ context: made }) => {
      const inside = made.auxData as { frameId?: string } | undefined;
      if (made.name === WORLD && inside?.frameId === this.#mainFrame) this.#context = made.id;
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === CALL_OUT) this.#listener.called(payload, executionContextId === this.#context);
    });
    const tree = await cdp.send('Page.getFrameTree');
    this.#mainFrame = tree.frameTree.frame.id;
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: CALL_OUT, executionContextName: WORLD });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(this.#channel) });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: isolatedScript(this.#channel, preload),
      worldName: WORLD,
    });
    return { page, cdp };
  }

  async #request(route: Route, page: Page): Promise<void> {
    const request = route.request();
    const url = inElectron(request.url());
    const top = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (top && this.#ours === 0 && !this.#listener.mayNavigate(url)) return route.abort('aborted');
    if (top) this.#ours = Math.max(0, this.#ours - 1);
    if (!(await sessionRules.mayRequest(url))) return route.abort('blockedbyclient');
    const response = await sessionRules.answer(url, request.method());
    // There is no way out of the stand-in, whatever the rules say.
    if (!response) return route.abort('connectionfailed');
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}
