/**
 * `BrowserWindow`, its `webContents`, and `ipcMain`.
 * https://www.electronjs.org/docs/latest/api/browser-window
 * https://www.electronjs.org/docs/latest/api/web-contents
 * https://www.electronjs.org/docs/latest/api/ipc-main
 */
import type * as Electron from 'electron';
import { StandInPage } from './pages.ts';
import { Events, preventable, type Surface, strict } from './strict.ts';

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];
type IpcListener = (event: object, ...args: unknown[]) => void;

const channels = new Map<string, Set<IpcListener>>();

export const ipcMain = strict('ipcMain', {
  on: (channel: string, listener: IpcListener): void => {
    const known = channels.get(channel) ?? new Set();
    channels.set(channel, known.add(listener));
  },
  off: (channel: string, listener: IpcListener): void => {
    channels.get(channel)?.delete(listener);
  },
});

const CONTENTS_EVENTS = [
  'will-navigate',
  'will-attach-webview',
  'did-navigate',
  'render-process-gone',
  'destroyed',
] as const;

/**
 * Speaks to `ipcMain` as senders that are not the window's own page. Resolves with how many texts went
 * to a window within the time that an answer takes.
 */
export async function asStranger(channel: string, text: string): Promise<number> {
  const [window] = open;
  const sender = window?.webContents;
  const frames = [null, { url: 'https://a.example/' }, { url: 'peerage-app://window/index.html' }];
  const before = sent;
  for (const listener of channels.get(channel) ?? []) {
    for (const senderFrame of frames) listener({ sender, senderFrame }, text);
    // Another window's contents, even with what would be the right frame.
    listener({ sender: {}, senderFrame: sender?.mainFrame }, text);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return sent - before;
}
/** Texts that went to pages. */
let sent = 0;

/** What of a page the main process sees. */
class Contents
  extends Events<(typeof CONTENTS_EVENTS)[number]>
  implements Surface<Electron.WebContents, 'isDestroyed' | 'reload' | 'getURL' | 'send'>
{
  readonly mainFrame = { url: '' };
  readonly #page: StandInPage;
  #open: OpenHandler | null = null;
  #destroyed = false;
  /** What the outside knows this object as. */
  self: object = this;

  constructor(preload: string, loaded: () => void) {
    super(CONTENTS_EVENTS);
    this.#page = new StandInPage(preload, {
      called: (text, main) => this.#called(text, main),
      navigated: (url) => {
        this.mainFrame.url = url;
        if (url !== 'about:blank') this.tell('did-navigate', {}, url);
      },
      loaded,
      mayNavigate: (url) => {
        const event = preventable();
        this.tell('will-navigate', event, url);
        return !event.defaultPrevented;
      },
      mayOpen: (url) => {
        const details = { url } as Electron.HandlerDetails;
        if (this.#open?.(details).action !== 'deny') {
          throw new Error('stand-in: only refused windows are implemented');
        }
        return false;
      },
      gone: () => this.tell('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }),
    });
  }

  getURL(): string {
    return this.mainFrame.url;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  reload(): void {
    this.#page.reload();
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    sent += 1;
    this.#page.deliver(channel, args);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler;
  }

  load(url: string): Promise<void> {
    return this.#page.load(url);
  }

  seen(visible: boolean): void {
    this.#page.seen(visible, visible);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#page.close();
    this.tell('destroyed');
  }

  #called(text: string, main: boolean): void {
    const { channel, args } = JSON.parse(text) as { channel: string; args: unknown[] };
    const frame = main ? this.mainFrame : { url: 'about:blank' };
    for (const listener of channels.get(channel) ?? []) {
      listener({ sender: this.self, senderFrame: frame }, ...args);
    }
  }
}

const WINDOW_EVENTS = [
  'close',
  'closed',
  'ready-to-show',
  'show',
  'hide',
  'resize',
  'move',
] as const;
const open = new Set<StandInWindow>();
/** A page that is slow to draw: `ready-to-show` is told when the test lets it. */
export const held = {
  holding: process.env.PEERAGE_STANDIN_HOLD_READY === '1',
  ready: [] as (() => void)[],
};
let onAllClosed = (): void => {};

/** Every window that is not destroyed. */
export const standInWindows = (): readonly StandInWindow[] => [...open];
export const whenAllClosed = (listener: () => void): void => {
  onAllClosed = listener;
};

type Members =
  | 'show'
  | 'hide'
  | 'focus'
  | 'restore'
  | 'close'
  | 'destroy'
  | 'isVisible'
  | 'isMinimized'
  | 'minimize'
  | 'isMaximized'
  | 'maximize'
  | 'isDestroyed'
  | 'getNormalBounds'
  | 'setBounds'
  | 'loadURL';

export class StandInWindow
  extends Events<(typeof WINDOW_EVENTS)[number]>
  implements Surface<Electron.BrowserWindow, Members>
{
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents: Contents;
  readonly #contents: Contents;
  #visible: boolean;
  #maximized = false;
  #minimized = false;
  #destroyed = false;
  #bounds: Electron.Rectangle;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super(WINDOW_EVENTS);
    const { webPreferences: web } = options;
    if (!web?.sandbox || !web.contextIsolation || web.nodeIntegration || !web.preload) {
      throw new Error('stand-in: only sandboxed, isolated windows with a preload are implemented');
    }
    this.options = options;
    this.#visible = options.show !== false;
    const { x = 100, y = 80, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    let shown = false;
    const ready = (): void => {
      if (!shown) this.tell('ready-to-show');
      shown = true;
    };
    this.#contents = new Contents(web.preload, () => {
      if (held.holding) held.ready.push(ready);
      else ready();
    });
    this.webContents = strict('webContents', this.#contents);
    this.#contents.self = this.webContents;
    open.add(this);
  }

  async loadURL(url: string): Promise<void> {
    await this.#contents.load(url);
  }
  show(): void {
    this.#visible = true;
    this.#contents.seen(true);
    this.tell('show');
  }
  hide(): void {
    this.#visible = false;
    this.#contents.seen(false);
    this.tell('hide');
  }
  focus(): void {}
  minimize(): void {
    this.#minimized = true;
    this.#contents.seen(false);
  }
  restore(): void {
    this.#minimized = false;
  }
  maximize(): void {
    this.#maximized = true;
  }
  isMaximized(): boolean {
    return this.#maximized;
  }
  isMinimized(): boolean {
    return this.#minimized;
  }
  isVisible(): boolean {
    return this.#visible;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
  }
  /** The person moves or resizes it. */
  moved(bounds: Electron.Rectangle): void {
    this.#bounds = bounds;
    this.tell('move');
    this.tell('resize');
  }
  /** As by the person: may be prevented. */
  close(): void {
    const event = preventable();
    this.tell('close', event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    open.delete(this);
    this.#contents.destroy();
    this.tell('closed');
    if (open.size === 0) onAllClosed();
  }
}

/** `new BrowserWindow(...)` gives an object that throws for what is not here. */
export const BrowserWindow = new Proxy(StandInWindow, {
  construct: (of, [options]) =>
    strict('BrowserWindow', new of(options as Electron.BrowserWindowConstructorOptions)),
});
