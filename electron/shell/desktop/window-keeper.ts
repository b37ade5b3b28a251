/**
 * The one window's life: made when it is first wanted, hidden when it is closed, given up after a while
 * hidden so that its memory comes back, and made again in its place.
 */
import { type BrowserWindow, screen } from 'electron';
import type { Cancel, Clock } from '../../clock/clock.ts';
import type { Bridge } from './bridge.ts';
import type { Destination } from './destination.ts';
import { createMainWindow } from './main-window.ts';
import {
  fitToScreens,
  readWindowPlace,
  type WindowPlace,
  writeWindowPlace,
} from './window-place.ts';

/** A window that was closed comes back at once for so long; then its renderer ends. */
export const KEPT_HIDDEN_MS = 15_000;

export interface WindowKeeperOptions {
  readonly out: string;
  readonly home: string;
  readonly clock: Clock;
  readonly bridge: Bridge;
  /** False where no tray could bring a hidden window back. */
  readonly hasTray: () => boolean;
  /** Tells the person, once ever, that closing did not end the app. */
  readonly tellHiding: (hasTray: boolean) => void;
}

export class WindowKeeper {
  readonly #options: WindowKeeperOptions;
  #window: BrowserWindow | null = null;
  #place: WindowPlace;
  #leaving = false;
  #giveUp: Cancel | null = null;

  constructor(options: WindowKeeperOptions) {
    this.#options = options;
    this.#place = readWindowPlace(options.home);
  }

  /** Brings the window forward, at a place of it where one is given. */
  show(to: Destination = { place: null, words: null }): void {
    if (this.#leaving) return;
    this.#giveUp?.();
    this.#giveUp = null;
    this.#options.bridge.go(to);
    const { window } = this;
    if (window === null) {
      this.#create();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Where hidden windows cannot be reached, a hidden start shows itself in the task bar. */
  showMinimized(): void {
    this.#create((window) => window.minimize());
  }

  /** From now on nothing is shown any more, and closing really closes. */
  letGo(): void {
    this.#leaving = true;
    this.#giveUp?.();
    this.#remember();
  }

  get window(): BrowserWindow | null {
    return this.#window?.isDestroyed() === false ? this.#window : null;
  }

  #create(reveal = (window: BrowserWindow): void => window.show()): void {
    const areas = screen.getAllDisplays().map((display) => display.workArea);
    this.#place = fitToScreens(this.#place, areas);
    const window = createMainWindow(this.#options.out, this.#place);
    this.#window = window;
    this.#options.bridge.connect(window.webContents);
    // Closed before it was ready, it must not come up by itself afterwards.
    let wanted = true;
    window.once('ready-to-show', () => {
      if (!wanted) return;
      if (this.#place.maximized) window.maximize();
      reveal(window);
    });
    window.on('close', (event) => {
      wanted = false;
      this.#onClose(window, event);
    });
    window.once('closed', () => {
      if (this.#window === window) this.#window = null;
    });
  }

  #onClose(window: BrowserWindow, event: { preventDefault(): void }): void {
    this.#remember();
    if (this.#leaving) return;
    event.preventDefault();
    const hasTray = this.#options.hasTray();
    if (hasTray) {
      window.hide();
      this.#giveUp?.();
      this.#giveUp = this.#options.clock.after(KEPT_HIDDEN_MS, () => {
        if (!window.isDestroyed() && !window.isVisible()) window.destroy();
      });
    } else window.minimize();
    if (this.#place.toldHiding) return;
    this.#place = { ...this.#place, toldHiding: true };
    writeWindowPlace(this.#options.home, this.#place);
    this.#options.tellHiding(hasTray);
  }

  #remember(): void {
    const { window } = this;
    if (window === null) return;
    const { x, y, width, height } = window.getNormalBounds();
    this.#place = { ...this.#place, x, y, width, height, maximized: window.isMaximized() };
    writeWindowPlace(this.#options.home, this.#place);
  }
}
