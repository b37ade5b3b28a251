/** The test's hand in the stand-in: what it may see and do, over the channel of the child process. */
import type * as Electron from 'electron';
import { debuggingPort, hasBrowser } from './chromium.ts';
import { inChromium, pagesClosed } from './pages.ts';
import { applicationMenuItems, world } from './panel.ts';
import { person } from './person.ts';
import { sessionRules } from './session.ts';
import { preventable } from './strict.ts';
import { appearance, asked, network, power, screens, standInApp, theme } from './system.ts';
import { asStranger, held, standInWindows } from './window.ts';

export interface MenuLine {
  readonly label: string;
  readonly enabled: boolean;
  readonly checked?: boolean;
}

/** What is on the desktop, as plain data. */
const look = async () => ({
  windows: standInWindows().map((window) => ({
    visible: window.isVisible(),
    minimized: window.isMinimized(),
    bounds: window.getNormalBounds(),
    preferences: window.options.webPreferences,
  })),
  trays: world.trays.map((tray) => ({
    image: tray.image.path,
    toolTip: tray.toolTip,
    menus: tray.menus,
    popped: tray.popped.map((item) => item.label ?? ''),
    menu: tray.menu
      .filter((item) => item.type !== 'separator')
      .map(
        (item): MenuLine => ({
          label: item.label ?? '',
          enabled: item.enabled !== false,
          ...(item.checked === undefined ? {} : { checked: item.checked }),
        }),
      ),
  })),
  notifications: world.notifications.map(({ options, state }) => ({
    title: options.title ?? '',
    body: options.body ?? '',
    state,
    actions: (options.actions ?? []).map((action) => action.text ?? ''),
    hasReply: options.hasReply ?? false,
    urgency: options.urgency ?? null,
  })),
  opened: asked.opened,
  badge: asked.badge,
  openAtLogin: asked.openAtLogin?.openAtLogin ?? null,
  protocols: asked.protocols,
  hasBrowser: hasBrowser(),
  port: await pagesClosed().then(debuggingPort),
});
export type DesktopLook = Awaited<ReturnType<typeof look>>;

const top = () => {
  const window = standInWindows()[0];
  if (!window) throw new Error('there is no window');
  return window;
};

export const controls = {
  look,
  /** From the entry to an icon with its menu, ms; null while there is none. */
  trayReadyMs: async () =>
    world.trayReadyAt === null ? null : world.trayReadyAt - world.entryBeganAt,
  /** As on macOS and Windows, where the event tells where the icon is; on Linux it is empty. */
  clickTray: async (bounds: Electron.Rectangle = { x: 0, y: 0, width: 0, height: 0 }) =>
    world.trays[0]?.tell('click', {}, bounds, { x: bounds.x, y: bounds.y }),
  rightClickTray: async () => world.trays[0]?.tell('right-click', {}),
  holdReady: async (holding: boolean) => {
    held.holding = holding;
    if (!holding) for (const ready of held.ready.splice(0)) ready();
  },
  network: async (online: boolean) => {
    network.online = online;
  },
  clickMenu: async (label: string) => {
    const item = world.trays[0]?.menu.find((each) => each.label === label);
    if (!item?.click) throw new Error(`no menu item ${label}`);
    (item.click as () => void)();
  },
  /** An item of the application menu, by its menu's name and its own. */
  clickApplicationMenu: async (menu: string, label: string) => {
    const within = applicationMenuItems().find((each) => each.label === menu)?.submenu;
    const item = (within as Electron.MenuItemConstructorOptions[]).find((of) => of.label === label);
    if (!item?.click) throw new Error(`no item ${label}`);
    (item.click as () => void)();
  },
  personAnswers: async (answer: number, savesTo: string) =>
    Object.assign(person, { answer, savesTo }),
  personSaw: async () => person.shown,
  clickNotification: async (index: number) => world.notifications[index]?.tell('click', {}),
  /** A button of a notification: `details.actionIndex`. */
  pressNotification: async (index: number, actionIndex: number) =>
    world.notifications[index]?.tell('action', { actionIndex, selectionIndex: -1 }, actionIndex),
  /** The text field of a notification: `details.reply`. */
  replyNotification: async (index: number, reply: string) =>
    world.notifications[index]?.tell('reply', { reply }, reply),
  closeNotification: async (index: number, reason: 'timedOut' | 'userCanceled') =>
    world.notifications[index]?.tell('close', { reason }),
  loseTray: async () => world.trays[0]?.destroy(),
  closeWindow: async () => top().close(),
  destroyWindow: async () => top().destroy(),
  moveWindow: async (bounds: Electron.Rectangle) => top().moved(bounds),
  openUrl: async (url: string) => standInApp.tell('open-url', { preventDefault: () => {} }, url),
  openFile: async (path: string) =>
    standInApp.tell('open-file', { preventDefault: () => {} }, path),
  resume: async () => power.tell('resume'),
  unlock: async () => power.tell('unlock-screen'),
  /** True = our side put it off. */
  shutdown: async () => {
    const event = preventable();
    power.tell('shutdown', event);
    return event.defaultPrevented;
  },
  dark: async (dark: boolean) => {
    appearance.dark = dark;
    theme.tell('updated');
  },
  screens: async (all: Electron.Rectangle[]) => {
    screens.all = all;
  },
  quit: async () => standInApp.quit(),
  /** A fault in the main process that nobody catches, with such a text in it and in its cause. */
  fault: async (text: string) => {
    setImmediate(() => {
      throw new Error(`a fault with ${text}`, { cause: new Error(`a cause with ${text}`) });
    });
  },
  permission: async (name: string, url: string) => sessionRules.permission(name, url),
  strangerSends: (channel: string, text: string) => asStranger(channel, text),
  /** A page attaches a webview; true = our side prevented it. */
  webviewPrevented: async () => {
    const event = preventable();
    top().webContents.tell('will-attach-webview', event, {}, { src: 'https://a.example/' });
    return event.defaultPrevented;
  },
  deviceRefused: async () => sessionRules.deviceRefused(),
  mayRequest: (url: string) => sessionRules.mayRequest(url),
  privileges: async () => Object.fromEntries(sessionRules.privileges),
  inChromium: async (url: string) => inChromium(url),
} satisfies Record<string, (...args: never[]) => Promise<unknown>>;
export type Controls = typeof controls;

/** Answers the test. */
export function beControlled(): void {
  process.on('message', async (raw) => {
    const { id, name, args } = raw as { id: number; name: keyof Controls; args: never[] };
    try {
      const control = controls[name] as (...given: never[]) => Promise<unknown>;
      process.send?.({ id, value: await control(...args) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
}
