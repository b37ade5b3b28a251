/**
 * The module `electron` of the stand-in. A name that is not exported here makes the bundle fail to
 * load, which is the point.
 */
export { Menu, Notification, nativeImage, Tray } from './panel.ts';
export { clipboard, dialog } from './person.ts';
export { protocol, session } from './session.ts';
export { app, nativeTheme, net, powerMonitor, screen, shell, utilityProcess } from './system.ts';
export { BrowserWindow, ipcMain } from './window.ts';
