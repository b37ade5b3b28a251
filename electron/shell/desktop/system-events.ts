/** What the system tells of itself, passed on at once: sleep, unlocking, the network, and its own end. */
import { net, powerMonitor } from 'electron';
import type { Clock } from '../../clock/clock.ts';
import type { AppPort } from '../../contract/index.ts';

/**
 * Electron's main process has no event for the network; it only answers whether there is one
 * (https://www.electronjs.org/docs/latest/tutorial/online-offline-events). The answer is kept up to date
 * by Chromium, so that asking costs nothing. A window tells of its own events besides.
 */
const NETWORK_PACE_MS = 1_000;

/** What else follows the system. */
export interface SystemWays {
  /** After a sleep: what else has to be looked at again. */
  readonly woken: () => void;
  /** The computer is being shut down, and waits for us as long as it can. */
  readonly ending: () => void;
}

/**
 * Follows the system until the returned function is called. A shutdown is told on Linux and macOS; it is
 * put off for the ordered stop, which Electron does where the event is prevented
 * (https://www.electronjs.org/docs/latest/api/power-monitor#event-shutdown-linux-macos). Windows ends
 * programs without a word to one that shows no window; what was agreed is on the disk by then.
 */
export function followSystem(
  port: Pick<AppPort, 'systemWoke' | 'networkChanged'>,
  clock: Clock,
  { woken, ending }: SystemWays,
): () => void {
  let following = true;
  const wake = (): void => {
    if (!following) return;
    port.systemWoke();
    woken();
  };
  powerMonitor.on('resume', wake);
  powerMonitor.on('unlock-screen', wake);
  powerMonitor.on('shutdown', ((event: { preventDefault(): void }): void => {
    event.preventDefault();
    if (following) ending();
    // electron.d.ts leaves out the event that the page above names.
  }) as () => void);
  let online = net.isOnline();
  const stop = clock.every(NETWORK_PACE_MS, () => {
    const now = net.isOnline();
    if (now === online) return;
    online = now;
    port.networkChanged();
  });
  return () => {
    following = false;
    stop();
  };
}
