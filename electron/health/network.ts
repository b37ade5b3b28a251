/** Whether this machine has a network at all, watched gently. */
import * as os from 'node:os';
import type { Clock } from '../clock/clock.ts';

/** Whether this machine has a network. */
export interface NetworkMonitor {
  up(): boolean;
  /** Told when the network comes, goes, or becomes another one. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

/** How often the interfaces are looked at, ms. One look costs about 0.1 ms. */
const POLL_MS = 5_000;

type Interfaces = ReturnType<typeof os.networkInterfaces>;

/** The addresses by which others could be reached; link-local ones lead nowhere by themselves. */
export function usefulAddresses(interfaces: Interfaces): string[] {
  return Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter((entry) => !entry.internal && !/^(fe80:|169\.254\.)/i.test(entry.address))
    .map((entry) => entry.address)
    .sort();
}

/** A monitor that can be told to look now, by somebody who heard of a change. */
export interface PollingNetworkMonitor extends NetworkMonitor {
  look(): void;
}

/** Looks at the machine's interfaces every five seconds, on wake, and when it is told to. */
export function pollingNetworkMonitor(
  clock: Clock,
  read: () => Interfaces = os.networkInterfaces,
): PollingNetworkMonitor {
  const listeners = new Set<() => void>();
  let addresses = usefulAddresses(read());
  const look = (): void => {
    const now = usefulAddresses(read());
    if (now.join() === addresses.join()) return;
    addresses = now;
    for (const listener of [...listeners]) listener();
  };
  const cancels = [clock.every(POLL_MS, look), clock.onWake(look)];
  return {
    look,
    up: () => addresses.length > 0,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      for (const cancel of cancels) cancel();
    },
  };
}
