/** Starts relays for a test and ends them after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../electron/clock/clock.ts';
import {
  durableStorage,
  memoryStorage,
  type Relay,
  type RelayOptions,
  type RelayStorage,
  startRelay,
} from '../../../electron/relay-server/index.ts';
import { openRelayStore } from '../../../electron/store/store.ts';
import { client, type HttpClient } from './http-client.ts';

export type Kept = 'durable' | 'memory';
export const BOTH: readonly Kept[] = ['durable', 'memory'];

export const TOKEN = 'a-shared-token-of-this-test-0123456789';

const cleanups: (() => Promise<void> | void)[] = [];

/** Call in `afterEach`. */
export async function endAll(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
}

/** Runs at the end of the test. */
export function atEnd(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** A folder of this test's own. */
export function tempHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'peerage-relay-'));
  atEnd(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

const systemClocks: ReturnType<typeof systemClock>[] = [];
function realClock(): Clock {
  const clock = systemClock();
  systemClocks.push(clock);
  atEnd(() => clock.stop());
  return clock;
}

export const storageOf = (kept: Kept, home: string): RelayStorage =>
  kept === 'memory' ? memoryStorage() : durableStorage(openRelayStore(home, Date.now()));

export interface Started {
  readonly relay: Relay;
  readonly home: string;
  readonly base: string;
  readonly lines: string[];
  /** A client with the relay's token; old unless told. */
  client(options?: Parameters<typeof client>[1]): HttpClient;
}

export type StartOptions = Partial<RelayOptions> & { readonly kept?: Kept; readonly home?: string };

/** A relay on a free port of loopback, with a token. */
export async function started(options: StartOptions = {}): Promise<Started> {
  const { kept = 'durable', home = tempHome(), ...rest } = options;
  const lines: string[] = [];
  const token = rest.token === undefined ? TOKEN : rest.token;
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    encryption: 'off',
    announce: false,
    certificate: null,
    storage: storageOf(kept, home),
    clock: rest.clock ?? realClock(),
    log: (line) => lines.push(line),
    ...rest,
    token,
  });
  atEnd(() => relay.stop());
  const base = `http://127.0.0.1:${relay.port}`;
  return {
    relay,
    home,
    base,
    lines,
    client: (given = {}) => client(base, { token, ...given }),
  };
}
