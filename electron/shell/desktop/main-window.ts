/** Makes the window. It shows our own page, and may do nothing else. */
import { join } from 'node:path';
import { app, BrowserWindow, shell } from 'electron';
import { PLATFORM } from './platform.ts';
import { isOwnPage, mayOpenOutside, ORIGIN } from './rules.ts';
import { SMALLEST, type WindowPlace } from './window-place.ts';

/** Makes the window, hidden, and begins to load its page. @param loginLink may be opened as well */
export function createMainWindow(
  out: string,
  place: WindowPlace,
  loginLink: () => string | null,
): BrowserWindow {
  const window = new BrowserWindow({
    ...(place.x === null || place.y === null ? {} : { x: place.x, y: place.y }),
    width: place.width,
    height: place.height,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Peerage',
    webPreferences: {
      preload: join(out, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
      // On Linux and Windows Chromium fetches dictionaries from a server of Google's for it, past the
      // rules of the session: https://www.electronjs.org/docs/latest/tutorial/spellchecker
      spellcheck: PLATFORM === 'darwin',
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url, loginLink())) void shell.openExternal(url);
    return { action: 'deny' };
  });
  webContents.on('will-navigate', (event, url) => {
    if (!isOwnPage(url)) event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  void window.loadURL(`${ORIGIN}/index.html`);
  return window;
}
