/**
 * A whole run in the desktop shell: start, tray, window, wait for the end, stop in order.
 *
 * The Electron that is used, all of it in this folder: app (whenReady, on, exit, setPath,
 * setBadgeCount, isPackaged, setAppUserModelId), BrowserWindow, ipcMain.on, Menu, nativeImage,
 * Notification, protocol, session.defaultSession, shell.openExternal, Tray; in preload.ts
 * contextBridge and ipcRenderer.
 */
import { join } from 'node:path';
import { app, Notification, session } from 'electron';
import { systemClock } from '../../clock/clock.ts';
import { type AppPort, type NoticeView, ok, placeText } from '../../contract/index.ts';
import { createBoundary } from '../boundary.ts';
import { type FirstStart, startFirst, tellError } from '../first-start.ts';
import { stopInOrder, stopSignal } from '../ordered-stop.ts';
import type { ServeOptions } from '../serve-options.ts';
import { loadStaticFiles } from '../static-files.ts';
import { connectWindow } from './bridge.ts';
import { createMainWindow } from './main-window.ts';
import { registerScheme, restrictSession, servePages } from './pages.ts';
import { createTray, setApplicationMenu } from './tray.ts';

export interface DesktopRun {
  /** The folders of the build and of the icons. */
  readonly out: string;
  readonly assets: string;
  readonly createApp: (home: string, options: ServeOptions) => Promise<AppPort>;
  readonly log: (line: string) => void;
  readonly redact: (text: string) => string;
}

/** A start that is the first on its home. */
export type DesktopStart = Extract<FirstStart, { first: true }>;

/**
 * What must happen before Electron is ready, so it may be awaited at the top of the entry: that
 * Electron waits for. Gives an exit code where there is nothing more to do.
 */
export async function beginDesktop(args: readonly string[]): Promise<DesktopStart | number> {
  registerScheme();
  const start = await startFirst(args, {
    print: (line) => console.log(line),
    printError: (line) => console.error(line),
    openFile: async () => false,
  });
  if (!start.first) return start.exitCode;
  app.setPath('userData', join(start.home, 'electron'));
  app.setAppUserModelId('ai.peerage.desktop');
  return start;
}

/**
 * Resolves with the exit code once the app was stopped. Never awaited at the top of the entry:
 * Electron becomes ready only after the entry has been loaded.
 */
export async function runDesktop(start: DesktopStart, run: DesktopRun): Promise<number> {
  const { out, assets, log, redact } = run;
  const { home, options, control } = start;
  const signal = stopSignal();
  const clock = systemClock();
  let port: AppPort | null = null;
  try {
    await app.whenReady();
    const pages = session.defaultSession;
    restrictSession(pages);
    servePages(await loadStaticFiles(join(out, 'renderer')), pages);
    port = await run.createApp(home, options);
    const peerage = port;

    const quit = Promise.withResolvers<void>();
    let show = (): void => {};
    const boundary = createBoundary({
      port: peerage,
      clock,
      log: peerage.log,
      redact,
      local: {
        'app.show': () => {
          show();
          return ok({ url: null });
        },
      },
    });
    const { hub, refusals, dispatcher } = boundary;
    const main = createMainWindow(out);
    show = main.show;
    connectWindow(main.window.webContents, hub, refusals);
    main.window.once('ready-to-show', main.show);
    const actions = { show: main.show, quit: quit.resolve };
    setApplicationMenu(actions);
    const tray = createTray(assets, actions);
    const update = (): void => tray.update(peerage.snapshot().app);
    update();
    peerage.onChange((key) => {
      if (key.type === 'app') update();
    });
    peerage.onAttention((notice) => {
      notify(notice, () => {
        main.show();
        if (notice.peerId !== null) hub.event({ type: 'go', to: placeOf(notice) });
      });
    });
    app.on('activate', main.show);
    app.on('window-all-closed', () => {});
    app.on('before-quit', (event) => {
      event.preventDefault();
      quit.resolve();
    });
    control.serve(boundary);

    await Promise.race([signal, quit.promise]);
    main.letGo();
    log(`stopping; refused so far: ${refusals.describe()}`);
    const well = await stopInOrder(
      [
        { name: 'window', run: () => hub.announceStop() },
        { name: 'calls', run: () => dispatcher.stop() },
        { name: 'app', run: () => peerage.stop() },
        { name: 'window session', run: () => hub.stop() },
        { name: 'control socket', run: () => control.stop() },
      ],
      log,
    );
    return well ? 0 : 1;
  } catch (error) {
    console.error(redact(tellError(error)));
    await stopInOrder(
      [
        { name: 'app', run: () => port?.stop() },
        { name: 'control socket', run: () => control.stop() },
      ],
      log,
    );
    return 1;
  } finally {
    clock.stop();
  }
}

/** A notice that needs the eye now, as a notification of the system. */
function notify(notice: NoticeView, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const shown = new Notification({ title: notice.title, body: notice.text });
  shown.on('click', onClick);
  shown.show();
}

function placeOf({ peerId, threadId, messageId }: NoticeView): string {
  if (peerId === null) return placeText({ kind: 'notices' });
  if (threadId === null) return placeText({ kind: 'peer', peerId });
  return placeText({ kind: 'thread', peerId, threadId, messageId });
}
