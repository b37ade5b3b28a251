/** The tray icon and the menus. They show what the app says, and lead to places in the window. */
import { join } from 'node:path';
import {
  app,
  Menu,
  type MenuItemConstructorOptions,
  type NativeImage,
  nativeImage,
  nativeTheme,
  Tray,
} from 'electron';
import { assertNever } from '../../contract/index.ts';
import { PLATFORM } from './platform.ts';
import { iconFile, trayLook } from './tray-look.ts';
import { type MenuAction, type MenuLine, type TrayFacts, trayMenu } from './tray-menu.ts';
import type { Area } from './window-place.ts';

/** Where the icon's bounds mean something; on Linux they are empty. */
const TELLS_BOUNDS = PLATFORM !== 'linux';
const MENU_BY_HAND = PLATFORM === 'darwin';

/**
 * What the tray's icon and its menu set off. `place` is a place in the window, as in its address.
 */
export interface TrayActions {
  /** `near`: where the icon is, on platforms that tell. */
  readonly show: (near?: Area) => void;
  readonly pause: (paused: boolean) => void;
  /** Stops the work of others that agents are on. */
  readonly stopRunning: () => void;
  readonly go: (place: string) => void;
  readonly quit: () => void;
}

/**
 * The icon in the tray. A left click opens the window, a right click the menu. On macOS an icon that has
 * a context menu opens it with either button and tells of no click, so there the menu is shown by hand.
 */
export class DesktopTray {
  readonly #assets: string;
  readonly #actions: TrayActions;
  readonly #log: (line: string) => void;
  #tray: Tray | null = null;
  /** What was put up last, so that an open menu is not closed under the pointer. */
  #icon = '';
  #menu = '';
  #toolTip = '';
  #now: TrayFacts | null = null;
  #built: Menu | null = null;

  constructor(assets: string, actions: TrayActions, log: (line: string) => void) {
    this.#assets = assets;
    this.#actions = actions;
    this.#log = log;
    nativeTheme.on('updated', () => this.refresh());
  }

  /** True where an icon is up. */
  get isUp(): boolean {
    return this.#tray?.isDestroyed() === false;
  }

  /**
   * Puts a new icon up: the desktop has a place for icons that was not there before. Where that place
   * only began anew, Electron itself sees to it (`TaskbarCreated` on Windows, a new owner of the
   * watcher's name on Linux); an icon that never had a place stays without one.
   */
  renew(): void {
    if (this.isUp) this.#tray?.destroy();
    this.#tray = null;
    this.refresh();
  }

  update(now: TrayFacts): void {
    this.#now = now;
    this.refresh();
  }

  /** Shows the last state again, with a new icon where the old one is gone. */
  refresh(): void {
    if (this.#now === null) return;
    const look = trayLook(this.#now.app, this.#now.settings);
    const dark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
    const icon = iconFile(look, PLATFORM, dark);
    if (!this.isUp && !this.#putUp(icon)) return;
    const tray = this.#tray;
    if (tray === null) return;
    if (icon !== this.#icon) tray.setImage(this.#image(icon));
    this.#icon = icon;
    if (look.tooltip !== this.#toolTip) tray.setToolTip(look.tooltip);
    this.#toolTip = look.tooltip;
    const lines = trayMenu(this.#now);
    const told = JSON.stringify(lines);
    if (told === this.#menu) return;
    this.#menu = told;
    this.#built = Menu.buildFromTemplate(lines.map((line) => this.#item(line)));
    if (!MENU_BY_HAND) tray.setContextMenu(this.#built);
    app.setBadgeCount(look.badge);
  }

  #putUp(icon: string): boolean {
    this.#icon = icon;
    this.#menu = '';
    this.#toolTip = '';
    try {
      const tray = new Tray(this.#image(icon));
      this.#tray = tray;
      tray.on('click', (_event, bounds) => this.#actions.show(TELLS_BOUNDS ? bounds : undefined));
      if (MENU_BY_HAND) {
        tray.on('right-click', () => tray.popUpContextMenu(this.#built ?? undefined));
      }
      return true;
    } catch (error) {
      this.#log(`no tray icon: ${String(error)}`);
      return false;
    }
  }

  #image(icon: string): NativeImage {
    const made = nativeImage.createFromPath(join(this.#assets, 'tray', icon));
    made.setTemplateImage(icon.includes('Template'));
    return made;
  }

  #item(line: MenuLine): MenuItemConstructorOptions {
    if ('separator' in line) return { type: 'separator' };
    const { label, action, checked } = line;
    if (action === null) return { label, enabled: false };
    const click = (): void => this.#act(action);
    return checked === undefined ? { label, click } : { label, click, type: 'checkbox', checked };
  }

  #act(action: MenuAction): void {
    switch (action.kind) {
      case 'go':
        this.#actions.go(action.place);
        break;
      case 'show':
        this.#actions.show();
        break;
      case 'pause':
        this.#actions.pause(action.paused);
        break;
      case 'stop_running':
        this.#actions.stopRunning();
        break;
      case 'quit':
        this.#actions.quit();
        break;
      default:
        assertNever(action);
    }
  }
}

/** What the application menu sets off; `diagnose` offers the diagnostics bundle. */
export interface MenuActions extends Pick<TrayActions, 'quit'> {
  readonly show: () => void;
  readonly diagnose: () => void;
}

/** The application menu: what a text field needs, and the window. */
export function setApplicationMenu(actions: MenuActions): void {
  const template: MenuItemConstructorOptions[] = [
    {
      label: 'Peerage',
      submenu: [
        { label: 'Open Peerage', click: actions.show },
        { type: 'separator' },
        { label: 'Quit Peerage', accelerator: 'CmdOrCtrl+Q', click: actions.quit },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { label: 'Help', submenu: [{ label: 'Diagnostics…', click: actions.diagnose }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
