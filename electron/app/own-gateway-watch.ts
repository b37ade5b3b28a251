/**
 * Watches the own gateway for devices that ask to be let in, once the person said so: a connection with
 * `operator.pairing` and nothing else, and one notice, however many ask.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import {
  type AppError,
  appError,
  CodedError,
  type PairingRequest,
  type PairingWatch,
} from '../contract/index.ts';
import type { AdminConnection } from '../links/gateway/index.ts';
import { NO_DEVICES, readDevices } from '../setup/index.ts';
import type { AdminDoor } from './own-gateway-admin.ts';

const SCOPES = ['operator.pairing'];
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
/** After an event the list is asked for anew, and not more often than this: a flood costs two requests a second. */
const SETTLE_MS = 500;
/** What a window is told of; the count tells of the rest. */
const SHOWN = 20;

/** What asks a person's attention, and when that is over. */
export interface RequestNotices {
  /** @param all how many wait now */
  ask(newest: PairingRequest, all: number): void;
  over(): void;
}

/** What the watch needs: the door, whose a device's address is, and who tells the person. */
export interface PairingWatcherOptions {
  readonly clock: Clock;
  readonly door: Pick<AdminDoor, 'open'>;
  readonly ownerOf: (address: string) => PairingRequest['owner'];
  readonly notices: RequestNotices;
  readonly changed: () => void;
  readonly log: (line: string) => void;
}

/** The watch, off until `start`; it connects again by itself until `stop`. */
export interface PairingWatcher {
  view(): { watch: PairingWatch; pending: PairingRequest[]; pendingCount: number };
  start(): void;
  stop(): void;
  /** Tries now, where it waits to try again. */
  tryNow(): void;
}

/** Refusals that trying again does not change. */
const FINAL: ReadonlySet<string> = new Set([
  'own_gateway.elsewhere',
  'own_gateway.refused',
  'own_gateway.too_few_rights',
  'own_gateway.another',
]);

/** Makes a watcher, which does nothing before it is started. */
export function createPairingWatcher(options: PairingWatcherOptions): PairingWatcher {
  const { clock, door, ownerOf, notices, changed, log } = options;
  let watch: PairingWatch = { kind: 'off' };
  let pending: PairingRequest[] = [];
  let running: AbortController | null = null;
  let retry: Cancel | null = null;
  let settling: Cancel | null = null;
  let failures = 0;
  /** A connection is being made, or stands. */
  let busy = false;
  const noticed = new Set<string>();

  const show = (now: PairingWatch): void => {
    watch = now;
    changed();
  };

  const take = (now: PairingRequest[]): void => {
    pending = now;
    const ids = new Set(now.map((one) => one.requestId));
    for (const id of noticed) if (!ids.has(id)) noticed.delete(id);
    const fresh = now.filter((one) => !noticed.has(one.requestId));
    for (const one of fresh) noticed.add(one.requestId);
    const [newest] = fresh;
    if (newest) notices.ask(newest, now.length);
    else if (now.length === 0) notices.over();
    changed();
  };

  const refresh = async (admin: AdminConnection): Promise<void> => {
    const list = await admin.request('device.pair.list', {});
    take(readDevices(list, { ours: NO_DEVICES, ownerOf }).pending);
  };

  const connect = async (signal: AbortSignal): Promise<void> => {
    let live: AdminConnection | null = null;
    const admin = await door.open(SCOPES, {
      signal,
      onEvent: (event) => {
        if (!event.startsWith('device.pair.') || settling !== null) return;
        settling = clock.after(SETTLE_MS, () => {
          settling = null;
          if (live)
            refresh(live).catch((error: unknown) => log(`devices that ask: ${String(error)}`));
        });
      },
    });
    live = admin;
    signal.addEventListener('abort', () => void admin.close(), { once: true });
    if (signal.aborted) return admin.close();
    await refresh(admin);
    failures = 0;
    show({ kind: 'on', since: clock.now() });
    await admin.ended;
    live = null;
  };

  const attempt = (signal: AbortSignal): void => {
    retry = null;
    busy = true;
    if (watch.kind !== 'cannot') show({ kind: 'connecting' });
    connect(signal)
      .then(() => again(signal, null))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        again(signal, error instanceof CodedError ? error.error : unforeseen(error));
      });
  };

  const unforeseen = (error: unknown): AppError => {
    log(`watching for devices that ask: ${String(error)}`);
    return appError('own_gateway.no_answer', 'The log has more.');
  };

  const again = (signal: AbortSignal, error: AppError | null): void => {
    if (signal.aborted) return;
    busy = false;
    settling?.();
    settling = null;
    if (error !== null) show({ kind: 'cannot', error });
    else show({ kind: 'connecting' });
    if (error !== null && FINAL.has(error.code)) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
    failures = Math.min(failures + 1, 10);
    retry = clock.after(wait, () => attempt(signal));
  };

  const stop = (): void => {
    running?.abort();
    running = null;
    busy = false;
    retry?.();
    retry = null;
    settling?.();
    settling = null;
    failures = 0;
    pending = [];
    noticed.clear();
    show({ kind: 'off' });
  };

  return {
    view: () => ({ watch, pending: pending.slice(0, SHOWN), pendingCount: pending.length }),
    start: () => {
      if (running) return;
      running = new AbortController();
      attempt(running.signal);
    },
    stop,
    tryNow: () => {
      if (!running || busy) return;
      retry?.();
      failures = 0;
      attempt(running.signal);
    },
  };
}
