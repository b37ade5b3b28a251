/** The wire between the window's preload and its session: texts of frames on one channel. */
import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import type { Refusals } from '../session/refusals.ts';
import type { WindowHub } from '../session/window-hub.ts';
import type { Destination } from './destination.ts';
import { isOwnPage } from './rules.ts';

/** The channel's name; preload.ts has the same. */
export const CHANNEL = 'peerage:frame';
/** A page that dies so often in so short a time is not started again by itself. */
const MAX_DEATHS = 3;
const DEATHS_WITHIN_MS = 60_000;

/** Holds the session of the window that is up; a new page in it gets a new session. */
export interface Bridge {
  /** Connects a window for as long as it lives. */
  connect(contents: WebContents): void;
  /** Tells the window where to go; one that is not up yet is told when it is. */
  go(to: Destination): void;
}

type Opened = ReturnType<WindowHub['open']>;

/**
 * Builds the bridge. Only a window's main frame, showing our own page, is heard; anything else is
 * counted. A reload ends the session, and the page that comes up begins a new one with its first frame.
 */
export function createBridge(hub: WindowHub, refusals: Refusals): Bridge {
  let serial = 0;
  let opened: Opened | null = null;
  let waiting: Destination | null = null;

  const tell = (session: Opened['session'], { place, words }: Destination): void => {
    if (place !== null) session.event({ type: 'go', to: place });
    if (words !== null) session.event({ type: 'toast', text: words });
  };
  const connect = (contents: WebContents): void => {
    const deaths: number[] = [];
    let mine: Opened | null = null;
    const end = (): void => {
      mine?.end();
      if (opened === mine) opened = null;
      mine = null;
    };
    const open = (): Opened => {
      serial += 1;
      const made = hub.open({
        connectionId: `desktop-${serial}`,
        send: (text) => {
          if (!contents.isDestroyed()) contents.send(CHANNEL, text);
        },
        onAbuse: () => contents.reload(),
      });
      made.session.start({});
      if (waiting) tell(made.session, waiting);
      waiting = null;
      return made;
    };
    const hear = (event: IpcMainEvent, text: unknown): void => {
      if (event.sender !== contents) return;
      const sender = event.senderFrame;
      const ours = sender !== null && sender === contents.mainFrame && isOwnPage(sender.url);
      if (!ours || typeof text !== 'string') {
        refusals.count('call.wrong_sender');
        return;
      }
      // The first frame is the hello: the bridge needs no key, and opening answers it.
      if (mine) mine.session.receive(text);
      else {
        mine = open();
        opened = mine;
      }
    };
    ipcMain.on(CHANNEL, hear);
    contents.on('did-navigate', end);
    contents.on('render-process-gone', () => {
      end();
      const now = performance.now();
      deaths.push(now);
      const recent = deaths.filter((at) => now - at < DEATHS_WITHIN_MS).length;
      if (recent <= MAX_DEATHS && !contents.isDestroyed()) contents.reload();
    });
    contents.once('destroyed', () => {
      ipcMain.off(CHANNEL, hear);
      end();
    });
  };
  return {
    connect,
    go: (to) => {
      if (to.place === null && to.words === null) return;
      if (opened) tell(opened.session, to);
      else waiting = to;
    },
  };
}
