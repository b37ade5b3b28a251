/** The relays that the specs run on: one as published, before and after aiohttp 3.12, and our own. */
import { systemClock } from '../../../electron/clock/clock.ts';
import { memoryStorage, type Relay, startRelay } from '../../../electron/relay-server/index.ts';
import { OriginalRelay } from './original-relay.ts';

export interface House {
  readonly url: string;
  /** As a crash of a relay that keeps nothing. */
  forgetAll(): Promise<void>;
  stop(): Promise<void>;
}

export interface HouseKind {
  readonly name: string;
  readonly guarded: boolean;
  start(token?: string | null): Promise<House>;
}

const original = (pushes: boolean): HouseKind['start'] => {
  return async (token = null) => {
    const relay = await OriginalRelay.start({ token, pushes });
    return { url: relay.url, forgetAll: () => relay.restart(), stop: () => relay.stop() };
  };
};

async function embedded(token: string | null = null): Promise<House> {
  const clock = systemClock();
  const run = (port: number): Promise<Relay> =>
    startRelay({
      host: '127.0.0.1',
      port,
      token,
      encryption: 'off',
      announce: false,
      certificate: null,
      storage: memoryStorage(),
      clock,
      log: () => undefined,
    });
  let relay = await run(0);
  const { port } = relay;
  return {
    url: `http://127.0.0.1:${port}`,
    forgetAll: async () => {
      await relay.stop();
      relay = await run(port);
    },
    stop: async () => {
      await relay.stop();
      clock.stop();
    },
  };
}

export const HOUSES: readonly HouseKind[] = [
  { name: 'as published, on an aiohttp that never pushes', guarded: false, start: original(false) },
  { name: 'as published, on an aiohttp that pushes', guarded: false, start: original(true) },
  { name: 'of Peerage itself', guarded: true, start: embedded },
];
