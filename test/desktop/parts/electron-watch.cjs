/**
 * Given to Electron with `-r`: keeps what the app puts on the desktop, since Electron has no way to
 * ask for it. It changes nothing that the app sees.
 */
const { Menu, Notification } = require('electron');

/** @type {{ menu: Electron.Menu | null, notifications: Electron.Notification[] }} */
const kept = { menu: null, notifications: [] };
Reflect.set(globalThis, 'peerageWatch', kept);

// The tray's menu has this line at its top, the application's does not. It is kept where it is made:
// on macOS it is shown by hand, and never given to the icon.
const { buildFromTemplate } = Menu;
Menu.buildFromTemplate = (template) => {
  const menu = buildFromTemplate(template);
  if (menu.items.some((item) => item.label === 'Quit Peerage')) kept.menu = menu;
  return menu;
};
const show = Notification.prototype.show;
Notification.prototype.show = function () {
  kept.notifications.push(this);
  return show.call(this);
};
