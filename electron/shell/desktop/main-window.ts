/** The one window. It shows our own page, may do nothing else, and closes to the tray. */
import { join } from 'node:path';
import { BrowserWindow, shell } from 'electron';
import { isOwnPage, mayOpenOutside, ORIGIN } from './rules.ts';

export interface MainWindow {
  readonly window: BrowserWindow;
  show(): void;
  /** From now on closing it really closes it. */
  letGo(): void;
}

/** Makes the window, hidden until its page is ready. */
export function createMainWindow(out: string): MainWindow {
  let leaving = false;
  const window = new BrowserWindow({
    width: 1180,
    height: 760,
    minWidth: 400,
    minHeight: 480,
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
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: true,
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  webContents.on('will-navigate', (event, url) => {
    if (!isOwnPage(url)) event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  window.on('close', (event) => {
    if (leaving) return;
    event.preventDefault();
    window.hide();
  });
  void window.loadURL(`${ORIGIN}/index.html`);
  return {
    window,
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    letGo: () => {
      leaving = true;
    },
  };
}
