/** What the system tells of itself, passed on at once: sleep, unlocking, and the network. */
import { net, powerMonitor } from 'electron';
import type { Clock } from '../../clock/clock.ts';
import type { AppPort } from '../../contract/index.ts';

/**
 * Electron's main process has no event for the network; it only answers whether there is one
 * (https://www.electronjs.org/docs/latest/tutorial/online-offline-events). The answer is kept up to date
 * by Chromium, so that asking costs nothing. A window tells of its own events besides.
 */
const NETWORK_PACE_MS = 1_000;

/**
 * Follows the system until the returned function is called. `woken`: what else has to be looked at
 * again after a sleep.
 */
export function followSystem(
  port: Pick<AppPort, 'systemWoke' | 'networkChanged'>,
  clock: Clock,
  woken: () => void,
): () => void {
  let following = true;
  const wake = (): void => {
    if (!following) return;
    port.systemWoke();
    woken();
  };
  powerMonitor.on('resume', wake);
  powerMonitor.on('unlock-screen', wake);
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
