/**
 * Notices gateways that have fallen silent. One timer serves all connections with the same rhythm,
 * since there may be hundreds.
 */
import type { Cancel, Clock } from '../../clock/clock.ts';

/** A connection that knows when it last heard something. */
export interface Listener {
  /** Called once per tick, with the monotonic time. */
  checkSilence(now: number, tickMs: number): void;
}

interface Group {
  readonly listeners: Set<Listener>;
  readonly cancel: Cancel;
}

const groups = new WeakMap<Clock, Map<number, Group>>();

/** Begins to check a connection every `tickMs`. */
export function watchSilence(clock: Clock, tickMs: number, listener: Listener): void {
  const ofClock = groups.get(clock) ?? new Map<number, Group>();
  groups.set(clock, ofClock);
  let group = ofClock.get(tickMs);
  if (!group) {
    const listeners = new Set<Listener>();
    const cancel = clock.every(tickMs, () => {
      for (const entry of [...listeners]) entry.checkSilence(clock.monotonic(), tickMs);
    });
    group = { listeners, cancel };
    ofClock.set(tickMs, group);
  }
  group.listeners.add(listener);
}

/** Ends it. Harmless where it never began. */
export function forgetSilence(clock: Clock, tickMs: number, listener: Listener): void {
  const group = groups.get(clock)?.get(tickMs);
  if (!group?.listeners.delete(listener) || group.listeners.size > 0) return;
  group.cancel();
  groups.get(clock)?.delete(tickMs);
}
