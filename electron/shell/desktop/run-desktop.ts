/** A whole run in the desktop shell: start, tray, window when wanted, wait for the end, stop in order. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, session } from 'electron';
import { type Cancel, type Clock, systemClock } from '../../clock/clock.ts';
import { type AppPort, type CallerContext, ok } from '../../contract/index.ts';
import { createBoundary } from '../boundary.ts';
import { endOnFaults } from '../faults.ts';
import { type FirstStart, startFirst, tellError } from '../first-start.ts';
import { stopInOrder, stopSignal } from '../ordered-stop.ts';
import { ownArguments, type ServeOptions } from '../serve-options.ts';
import { loadStaticFiles } from '../static-files.ts';
import { createBridge } from './bridge.ts';
import { LINK_SCHEME, linkAmong } from './deep-link.ts';
import { type Destination, linkDestination, noticeDestination } from './destination.ts';
import { offerDiagnostics } from './diagnostics.ts';
import { letFirstComeForward } from './foreground.ts';
import { inviteAmong, readInviteFile } from './invite-file.ts';
import { setLaunchAtLogin, startsHidden } from './login-item.ts';
import { registerScheme, restrictSession, servePages } from './pages.ts';
import { loginLinkOf } from './rules.ts';
import { followSystem } from './system-events.ts';
import { Toasts } from './toasts.ts';
import { DesktopTray, setApplicationMenu } from './tray.ts';
import { findTrayHost, type TrayHost } from './tray-host.ts';
import { runUpdates } from './updates-run.ts';
import { WindowKeeper } from './window-keeper.ts';
import type { Area } from './window-place.ts';

/**
 * What the entry point hands to the run. `redact` takes secrets out of a text before it is logged
 * or shown.
 */
export interface DesktopRun {
  /** The folders of the build and of the icons. */
  readonly out: string;
  readonly assets: string;
  readonly createApp: (home: string, options: ServeOptions) => Promise<AppPort>;
  readonly log: (line: string) => void;
  readonly redact: (text: string) => string;
}

/** A start that is the first on its home. */
export type DesktopStart = Extract<FirstStart, { first: true }> & {
  readonly link: string | undefined;
};

/** Changes come in swarms; the tray follows them at this pace. */
const TRAY_PACE_MS = 200;

/**
 * What must happen before Electron is ready, so it may be awaited at the top of the entry: that
 * Electron waits for. Gives an exit code where there is nothing more to do.
 */
export async function beginDesktop(args: readonly string[]): Promise<DesktopStart | number> {
  registerScheme();
  letFirstComeForward();
  const link = linkAmong(args) ?? inviteAmong(args);
  const start = await startFirst(ownArguments(args), {
    print: (line) => console.log(line),
    printError: (line) => console.error(line),
    openFile: async () => false,
    ...(link === undefined ? {} : { link }),
  });
  if (!start.first) return start.exitCode;
  // A folder that is not there yet is refused: https://www.electronjs.org/docs/latest/api/app#appsetpathname-path
  const data = join(start.home, 'electron');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  app.setPath('userData', data);
  app.setAppUserModelId('ai.peerage.desktop');
  return { ...start, link };
}

/**
 * Resolves with the exit code once the app was stopped. Never awaited at the top of the entry:
 * Electron becomes ready only after the entry has been loaded.
 */
export async function runDesktop(start: DesktopStart, run: DesktopRun): Promise<number> {
  const { out, log, redact } = run;
  const { home, options, control } = start;
  const signal = stopSignal();
  const clock = systemClock();
  const quit = Promise.withResolvers<void>();
  const shutdown = Promise.withResolvers<void>();
  // macOS may hand over a link before anything else is there.
  const early: string[] = start.link === undefined ? [] : [start.link];
  let openLink = (text: string): void => void early.push(text);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openLink(url);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openLink(readInviteFile(path));
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    quit.resolve();
  });
  let port: AppPort | null = null;
  endOnFaults({ redact, log: (line) => port?.log(line), end: (code) => app.exit(code) });
  try {
    log('start: home');
    await app.whenReady();
    log('start: ready');
    const pages = session.defaultSession;
    restrictSession(pages);
    servePages(await loadStaticFiles(join(out, 'renderer')), pages);
    log('start: pages');
    const host = await findTrayHost();
    port = await run.createApp(home, options);
    log('start: app');
    const peerage = port;

    let show = (_to?: Destination, _near?: Area): void => {};
    const updates = runUpdates({ out, port: peerage, clock, quit: quit.resolve, log });
    const boundary = createBoundary({
      port: peerage,
      clock,
      log,
      redact,
      local: {
        ...updates.handlers,
        'app.show': ({ link }) => {
          if (link === undefined) show();
          else openLink(link);
          return ok({ url: null });
        },
      },
    });
    const { hub, refusals, dispatcher } = boundary;
    const toasts = new Toasts(peerage, {
      open: (notice, writing) => show(noticeDestination(notice, peerage, writing)),
      tell: (notice, error) =>
        show({ ...noticeDestination(notice, peerage), words: `${error.title}.` }),
    });
    const tray = new DesktopTray(
      run.assets,
      {
        show: (near) => show(undefined, near),
        go: (place) => show({ place, words: null }),
        pause: (paused) => pauseIncoming(peerage, paused),
        stopRunning: () => stopRunning(peerage),
        quit: quit.resolve,
      },
      log,
    );
    const keeper = new WindowKeeper({
      out,
      home,
      clock,
      bridge: createBridge(hub, refusals),
      loginLink: () => {
        const tailnet = port?.read({ type: 'tailnet' });
        return tailnet?.type === 'tailnet' ? loginLinkOf(tailnet.value) : null;
      },
      hasTray: () => host.shown && tray.isUp,
      tellHiding: (hidden) =>
        toasts.say(
          'Peerage keeps running',
          hidden
            ? 'Closing the window hides it. Peerage is in the tray; quit it from there.'
            : 'This desktop has no tray, so the window is only made small. Quit Peerage from its menu.',
        ),
    });
    show = (to, near) => keeper.show(to, near);
    openLink = (text) => show(linkDestination(text, peerage));
    setApplicationMenu({
      show: () => show(),
      quit: quit.resolve,
      diagnose: () => void offerDiagnostics({ port: peerage, home, redact, log }),
    });
    const unfollow = followApp(peerage, clock, tray, toasts);
    log('start: tray');
    app.on('activate', () => show());
    app.on('window-all-closed', () => {});
    const unfollowSystem = followSystem(peerage, clock, {
      woken: () => tray.refresh(),
      ending: shutdown.resolve,
    });
    followTrayHost(host, clock, tray, keeper);
    if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
    control.serve(boundary);
    for (const link of early) openLink(link);
    const hidden = startsHidden(start.options.hidden);
    if (early.length === 0 && !hidden) show();
    else if (early.length === 0) keeper.keepWithinReach();
    log('start: shown');

    const byPerson = await Promise.race([
      Promise.race([signal, shutdown.promise]).then(() => false),
      quit.promise.then(() => true),
    ]);
    updates.stop();
    unfollow();
    unfollowSystem();
    host.stop();
    keeper.letGo();
    toasts.closeAll();
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
    await updates.atEnd(byPerson);
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

/** After the program that shows icons went away, it is given so long to come back. */
const TRAY_BACK_WITHIN_MS = 10_000;

/** A place for icons that comes gets a new icon; one that goes for good must not hide the window with it. */
function followTrayHost(
  host: TrayHost,
  clock: Clock,
  tray: DesktopTray,
  keeper: WindowKeeper,
): void {
  let waiting: Cancel | null = null;
  host.onChange((shown) => {
    waiting?.();
    waiting = shown ? null : clock.after(TRAY_BACK_WITHIN_MS, () => keeper.keepWithinReach());
    if (shown) tray.renew();
  });
}

const fromTray = (): CallerContext => ({
  door: 'window',
  connectionId: 'tray',
  signal: new AbortController().signal,
});

function stopRunning(peerage: AppPort): void {
  Promise.resolve(peerage.handlers['delegation.stopAll']({}, fromTray())).then(
    (result) => {
      if (!result.ok) peerage.log(`what runs was not stopped: ${result.error.code}`);
    },
    (error: unknown) => peerage.log(`what runs was not stopped: ${String(error)}`),
  );
}

function pauseIncoming(peerage: AppPort, incomingPaused: boolean): void {
  Promise.resolve(
    peerage.handlers['settings.update']({ changes: { incomingPaused } }, fromTray()),
  ).catch((error: unknown) => peerage.log(`the setting was not kept: ${String(error)}`));
}

/**
 * Keeps tray, notifications and launch at login to what the app says, until the returned function is
 * called: a stopped app can say nothing any more.
 */
function followApp(peerage: AppPort, clock: Clock, tray: DesktopTray, toasts: Toasts): () => void {
  let pending: Cancel | null = null;
  let atLogin: boolean | null = null;
  const followSettings = (): void => {
    const { openAtLogin } = peerage.snapshot().settings;
    if (openAtLogin !== atLogin) setLaunchAtLogin(openAtLogin, (line) => peerage.log(line));
    atLogin = openAtLogin;
  };
  const update = (): void => {
    pending = null;
    tray.update(peerage.snapshot());
  };
  update();
  followSettings();
  const deaf = peerage.onChange((key) => {
    toasts.changed(key);
    if (key.type === 'settings') followSettings();
    if (key.type === 'app' || key.type === 'peer' || key.type === 'settings') {
      if (pending === null) pending = clock.after(TRAY_PACE_MS, update);
    }
  });
  const quiet = peerage.onAttention((notice) => toasts.present(notice));
  return () => {
    pending?.();
    deaf();
    quiet();
  };
}
