/** The tray icon and the menus. They show what the app says and ask for two things: show, quit. */
import { join } from 'node:path';
import { app, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { AppView } from '../../contract/index.ts';
import { trayLook } from './tray-look.ts';

export interface TrayActions {
  readonly show: () => void;
  readonly quit: () => void;
}

/** Puts the icon up. `update` shows a new state of the app. */
export function createTray(assets: string, actions: TrayActions): { update(app: AppView): void } {
  const image = (icon: string): Electron.NativeImage => {
    const template = process.platform === 'darwin';
    const made = nativeImage.createFromPath(
      join(assets, 'tray', template ? `${icon}Template.png` : `${icon}.png`),
    );
    made.setTemplateImage(template);
    return made;
  };
  const tray = new Tray(image('off'));
  tray.on('click', actions.show);
  let last = '';
  return {
    update: (view) => {
      const look = trayLook(view);
      const told = JSON.stringify(look);
      if (told === last) return;
      last = told;
      tray.setImage(image(look.icon));
      tray.setToolTip(look.tooltip);
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: look.status, enabled: false },
          { type: 'separator' },
          { label: 'Open Peerage', click: actions.show },
          { label: 'Quit Peerage', click: actions.quit },
        ]),
      );
      app.setBadgeCount(look.badge);
    },
  };
}

/** The application menu: what a text field needs, and the window. */
export function setApplicationMenu(actions: TrayActions): void {
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
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
