/** Whether this desktop shows tray icons at all. On Linux that is a program which may not be there. */
import { Message, sessionBus } from '@jellybrick/dbus-next';

const LIMIT_MS = 1_000;
const WATCHER = 'org.kde.StatusNotifierWatcher';

/**
 * Asks the session bus for the watcher of tray icons (StatusNotifierItem). `PEERAGE_TRAY=present` or
 * `absent` says it by hand, for panels that know the older way only.
 */
export async function trayIsShown(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  if (env.PEERAGE_TRAY === 'present') return true;
  if (env.PEERAGE_TRAY === 'absent') return false;
  if (process.platform !== 'linux') return true;
  let end = (): void => {};
  try {
    const bus = sessionBus();
    end = () => bus.disconnect();
    const failed = new Promise<never>((_, reject) => {
      (bus as NodeJS.EventEmitter).on('error', reject);
      setTimeout(() => reject(new Error('no answer')), LIMIT_MS).unref();
    });
    const asked = bus.call(
      new Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'NameHasOwner',
        signature: 's',
        body: [WATCHER],
      }),
    );
    const reply = await Promise.race([asked, failed]);
    return reply?.body[0] === true;
  } catch {
    return false;
  } finally {
    try {
      end();
    } catch {
      // It never was connected.
    }
  }
}
