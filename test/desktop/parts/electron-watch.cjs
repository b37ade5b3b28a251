/**
 * Given to Electron with `-r`: keeps what the app puts on the desktop, since Electron has no way to
 * ask for it. It changes nothing that the app sees.
 */
const { Notification, Tray } = require('electron');

/** @type {{ menu: Electron.Menu | null, notifications: Electron.Notification[] }} */
const kept = { menu: null, notifications: [] };
Reflect.set(globalThis, 'peerageWatch', kept);

const setContextMenu = Tray.prototype.setContextMenu;
Tray.prototype.setContextMenu = function (menu) {
  kept.menu = menu;
  return setContextMenu.call(this, menu);
};
const show = Notification.prototype.show;
Notification.prototype.show = function () {
  kept.notifications.push(this);
  return show.call(this);
};
