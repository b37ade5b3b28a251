/** The wire between the window's preload and its session: texts of frames on one channel. */
import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import type { Refusals } from '../session/refusals.ts';
import type { WindowHub } from '../session/window-hub.ts';
import { isOwnPage } from './rules.ts';

/** The channel's name; preload.ts has the same. */
export const CHANNEL = 'peerage:frame';

/**
 * Connects a window. Only its main frame, showing our own page, is heard; anything else is counted.
 * A reload ends the session, and the page that comes up begins a new one with its first frame.
 */
export function connectWindow(contents: WebContents, hub: WindowHub, refusals: Refusals): void {
  type Opened = ReturnType<WindowHub['open']>;
  let opened: Opened | null = null;
  let serial = 0;
  const end = (): void => {
    opened?.end();
    opened = null;
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
    return made;
  };
  ipcMain.on(CHANNEL, (event: IpcMainEvent, text: unknown) => {
    const sender = event.senderFrame;
    const ours = sender !== null && event.sender === contents && sender === contents.mainFrame;
    if (!ours || !isOwnPage(sender.url) || typeof text !== 'string') {
      refusals.count('call.wrong_sender');
      return;
    }
    // The first frame is the hello: the bridge needs no key, and opening answers it.
    if (opened) opened.session.receive(text);
    else opened = open();
  });
  contents.on('did-navigate', end);
  contents.on('render-process-gone', () => {
    end();
    contents.reload();
  });
  contents.on('destroyed', end);
}
