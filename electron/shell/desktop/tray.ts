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
import type { Snapshot } from '../../contract/index.ts';
import { iconFile, trayLook } from './tray-look.ts';
import { type MenuAction, type MenuLine, trayMenu } from './tray-menu.ts';

export interface TrayActions {
  readonly show: () => void;
  readonly go: (place: string) => void;
  readonly quit: () => void;
}

/** The icon in the tray, put up again where the desktop's shell lost it. */
export class DesktopTray {
  readonly #assets: string;
  readonly #actions: TrayActions;
  readonly #log: (line: string) => void;
  #tray: Tray | null = null;
  /** What was put up last, so that an open menu is not closed under the pointer. */
  #icon = '';
  #menu = '';
  #toolTip = '';
  #now: Pick<Snapshot, 'app' | 'peers' | 'warnings'> | null = null;

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

  update(now: Pick<Snapshot, 'app' | 'peers' | 'warnings'>): void {
    this.#now = now;
    this.refresh();
  }

  /** Shows the last state again, with a new icon where the old one is gone. */
  refresh(): void {
    if (this.#now === null) return;
    const look = trayLook(this.#now.app);
    const dark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
    const icon = iconFile(look, process.platform, dark);
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
    tray.setContextMenu(Menu.buildFromTemplate(lines.map((line) => this.#item(line))));
    app.setBadgeCount(look.badge);
  }

  #putUp(icon: string): boolean {
    this.#icon = icon;
    this.#menu = '';
    this.#toolTip = '';
    try {
      this.#tray = new Tray(this.#image(icon));
      this.#tray.on('click', this.#actions.show);
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
    const { label, action } = line;
    return action === null ? { label, enabled: false } : { label, click: () => this.#act(action) };
  }

  #act(action: MenuAction): void {
    if (action.kind === 'go') this.#actions.go(action.place);
    else if (action.kind === 'show') this.#actions.show();
    else this.#actions.quit();
  }
}

export interface MenuActions extends Pick<TrayActions, 'show' | 'quit'> {
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
