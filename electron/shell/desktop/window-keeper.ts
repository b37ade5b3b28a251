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
  type Area,
  fitToScreens,
  placeNear,
  readWindowPlace,
  type WindowPlace,
  writeWindowPlace,
} from './window-place.ts';

/** A window that was closed comes back at once for so long; then its renderer ends. */
export const KEPT_HIDDEN_MS = 15_000;

const NOWHERE: Destination = { place: null, words: null };

const sameArea = (a: Area, b: Area): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** What a window is made with. `out`: the folder of the build; `home`: where its place is kept. */
export interface WindowKeeperOptions {
  readonly out: string;
  readonly home: string;
  readonly clock: Clock;
  readonly bridge: Bridge;
  /** A link besides the known ones that the window may open outside, if there is one now. */
  readonly loginLink: () => string | null;
  /** False where no tray could bring a hidden window back. */
  readonly hasTray: () => boolean;
  /** Tells the person, once ever, that closing did not end the app. */
  readonly tellHiding: (hasTray: boolean) => void;
}

/**
 * Makes the window upon the first {@link WindowKeeper.show}, not before; there is never more than
 * one.
 */
export class WindowKeeper {
  readonly #options: WindowKeeperOptions;
  #window: BrowserWindow | null = null;
  #place: WindowPlace;
  #leaving = false;
  #giveUp: Cancel | null = null;
  /** Where the app itself put the window; as long as it stands there, the person has not moved it. */
  #put: Area | null = null;

  constructor(options: WindowKeeperOptions) {
    this.#options = options;
    this.#place = readWindowPlace(options.home);
  }

  /**
   * Brings the window forward, at a place of it where one is given. `near`: the icon that was clicked;
   * the window opens beside it until the person has given it a place of its own.
   */
  show(to: Destination = NOWHERE, near: Area | null = null): void {
    if (this.#leaving) return;
    this.#giveUp?.();
    this.#giveUp = null;
    this.#options.bridge.go(to);
    const { window } = this;
    if (window === null) {
      this.#create(near);
      return;
    }
    if (near !== null && !window.isVisible()) this.#putNear(window, near);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Where hidden windows cannot be reached, a hidden start shows itself in the task bar. */
  showMinimized(): void {
    this.#create(null, (window) => window.minimize());
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

  /** Where the window is hidden and nothing in a tray leads to it any more: puts it into the task bar. */
  keepWithinReach(): void {
    if (this.#leaving || this.#options.hasTray()) return;
    const { window } = this;
    if (window === null) this.showMinimized();
    else if (!window.isVisible()) {
      this.#giveUp?.();
      window.minimize();
    }
  }

  #create(near: Area | null, reveal = (window: BrowserWindow): void => window.show()): void {
    const areas = screen.getAllDisplays().map((display) => display.workArea);
    this.#place = fitToScreens(this.#place, areas);
    const window = createMainWindow(this.#options.out, this.#place, this.#options.loginLink);
    this.#window = window;
    this.#put = this.#place.x === null ? window.getNormalBounds() : null;
    if (near !== null) this.#putNear(window, near);
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

  #putNear(window: BrowserWindow, near: Area): void {
    const bounds = window.getNormalBounds();
    if (this.#put === null || !sameArea(this.#put, bounds)) return;
    const beside = placeNear(near, bounds, screen.getAllDisplays());
    if (beside === null) return;
    window.setBounds({ ...bounds, ...beside });
    this.#put = window.getNormalBounds();
  }

  #remember(): void {
    const { window } = this;
    if (window === null) return;
    const { x, y, width, height } = window.getNormalBounds();
    const moved = this.#put === null || !sameArea(this.#put, { x, y, width, height });
    const at = moved ? { x, y } : { x: null, y: null };
    this.#place = { ...this.#place, ...at, width, height, maximized: window.isMaximized() };
    writeWindowPlace(this.#options.home, this.#place);
  }
}
