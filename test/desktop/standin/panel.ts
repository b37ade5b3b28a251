/**
 * What the desktop around the windows shows: tray, menus, notifications, images. All of it is kept, so
 * that a test can look at it and click.
 * https://www.electronjs.org/docs/latest/api/tray
 * https://www.electronjs.org/docs/latest/api/menu
 * https://www.electronjs.org/docs/latest/api/notification
 * https://www.electronjs.org/docs/latest/api/native-image
 */
import { existsSync } from 'node:fs';
import type * as Electron from 'electron';
import { Events, type Surface, strict } from './strict.ts';

type Item = Electron.MenuItemConstructorOptions;

class StandInImage implements Surface<Electron.NativeImage, 'setTemplateImage' | 'isEmpty'> {
  readonly path: string;
  template = false;
  constructor(path: string) {
    this.path = path;
  }
  setTemplateImage(template: boolean): void {
    this.template = template;
  }
  /** createFromPath gives an empty image where there is none. */
  isEmpty(): boolean {
    return !existsSync(this.path);
  }
}

export const nativeImage = strict('nativeImage', {
  createFromPath: (path: string) => strict('NativeImage', new StandInImage(path)),
});

class StandInMenu {
  readonly items: readonly Item[];
  constructor(items: readonly Item[]) {
    this.items = items;
  }
}

let applicationMenu: StandInMenu | null = null;
export const Menu = strict('Menu', {
  buildFromTemplate: (template: Item[]) => {
    for (const item of template) {
      if (item.type !== 'separator' && item.label === undefined && item.role === undefined) {
        throw new Error('stand-in: a menu item needs a label, a role or a type');
      }
    }
    return strict('Menu', new StandInMenu(template));
  },
  setApplicationMenu: (menu: unknown) => {
    applicationMenu = menu as StandInMenu;
  },
});
export const applicationMenuItems = (): readonly Item[] => applicationMenu?.items ?? [];

export class StandInTray
  extends Events<'click' | 'right-click'>
  implements
    Surface<
      Electron.Tray,
      'setImage' | 'setToolTip' | 'setContextMenu' | 'popUpContextMenu' | 'isDestroyed' | 'destroy'
    >
{
  image: StandInImage;
  toolTip = '';
  menu: readonly Item[] = [];
  /** The menu that was shown by hand. */
  popped: readonly Item[] = [];
  /** How often the menu was put up anew. */
  menus = 0;
  #destroyed = false;
  constructor(image: unknown) {
    super(['click', 'right-click']);
    if (world.trayFails) throw new Error('no tray on this desktop');
    this.image = image as StandInImage;
    world.trays.push(this);
  }
  setImage(image: unknown): void {
    this.image = image as StandInImage;
    if (this.image.isEmpty()) throw new Error(`stand-in: there is no image ${this.image.path}`);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: unknown): void {
    this.menu = (menu as StandInMenu).items;
    this.menus += 1;
    world.trayReadyAt ??= performance.now();
  }
  /** macOS and Windows only. A menu that is passed is shown instead of the icon's own. */
  popUpContextMenu(menu?: unknown): void {
    if (process.env.PEERAGE_STANDIN_PLATFORM === undefined) {
      throw new Error('stand-in: not on Linux');
    }
    this.popped = (menu as StandInMenu | undefined)?.items ?? this.menu;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  destroy(): void {
    this.#destroyed = true;
    world.trays.splice(world.trays.indexOf(this), 1);
  }
}
export const Tray = new Proxy(StandInTray, {
  construct: (of, [image]) => strict('Tray', new of(image)),
});

export class StandInNotification
  extends Events<'click' | 'close' | 'reply' | 'action' | 'failed'>
  implements Surface<Electron.Notification, 'show' | 'close'>
{
  readonly options: Electron.NotificationConstructorOptions;
  state: 'made' | 'shown' | 'closed' = 'made';
  constructor(options: Electron.NotificationConstructorOptions) {
    super(['click', 'close', 'reply', 'action', 'failed']);
    this.options = options;
    world.notifications.push(this);
  }
  show(): void {
    this.state = 'shown';
  }
  close(): void {
    if (this.state !== 'shown') return;
    this.state = 'closed';
    this.tell('close', {});
  }
}
export const Notification = new Proxy(StandInNotification, {
  construct: (of, [options]) =>
    strict('Notification', new of(options as Electron.NotificationConstructorOptions)),
  get: (_of, key) => {
    if (key === 'isSupported') return () => true;
    if (key === 'prototype') return StandInNotification.prototype;
    throw new Error(`stand-in: Notification.${String(key)} is not implemented`);
  },
});

/** What is on the desktop now. */
export const world = {
  trays: [] as StandInTray[],
  notifications: [] as StandInNotification[],
  trayFails: process.env.PEERAGE_STANDIN_NO_TRAY === '1',
  /** When the entry began to load, and when an icon first had its menu; of `performance.now()`. */
  entryBeganAt: 0,
  trayReadyAt: null as number | null,
};
