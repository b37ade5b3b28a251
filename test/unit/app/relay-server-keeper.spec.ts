import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAppState } from '../../../electron/app/app-state.ts';
import {
  createRelayServerKeeper,
  type RelayServerKeeper,
} from '../../../electron/app/relay-server-keeper.ts';
import { systemClock } from '../../../electron/clock/clock.ts';
import type {
  CallerContext,
  RelayServerConfig,
  RelayServerView,
  Result,
} from '../../../electron/contract/index.ts';
import { MemorySecretStore } from '../../../electron/secrets/index.ts';
import { openStore } from '../../../electron/store/store.ts';
import { freePort } from '../../real/parts/process.ts';

const TOKEN = 'a-token-of-this-test-0123456789';
const context: CallerContext = {
  door: 'window',
  connectionId: 'c',
  signal: new AbortController().signal,
};

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function home() {
  const folder = mkdtempSync(join(tmpdir(), 'peerage-relay-keeper-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = systemClock();
  cleanups.push(() => clock.stop());
  const store = openStore(folder, Date.now());
  cleanups.push(() => store.close());
  const secrets = new MemorySecretStore();
  const lines: string[] = [];
  const state = createAppState(store);
  const keeper = (): RelayServerKeeper => {
    const made = createRelayServerKeeper({
      home: folder,
      clock,
      state,
      secrets,
      homeId: 'home',
      log: (line) => lines.push(line),
    });
    cleanups.push(() => made.stop());
    return made;
  };
  return { keeper, lines, secrets, state };
}

const viewIn = (result: Result<RelayServerView>): RelayServerView => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail}`);
  return result.value;
};
const viewOf = async ({ handlers }: RelayServerKeeper) =>
  viewIn(await handlers['relayServer.view']({}, context));
const start = async (
  { handlers }: RelayServerKeeper,
  changes: Partial<RelayServerConfig>,
  token: string | null,
) =>
  handlers['relayServer.start'](
    {
      config: {
        host: '127.0.0.1',
        port: 1,
        encryption: 'off',
        memory: false,
        announce: false,
        ...changes,
      },
      token,
    },
    context,
  );

describe('the relay of the app', () => {
  it('is off, durable and on loopback until a person says otherwise', async () => {
    expect(await viewOf(home().keeper())).toMatchObject({
      config: {
        host: '127.0.0.1',
        port: 9077,
        encryption: 'both',
        memory: false,
        announce: true,
      },
      hasToken: false,
      running: null,
      error: null,
    });
  });

  it('runs with its token from the keychain, and comes back with the app', async () => {
    const { keeper, lines } = home();
    const first = keeper();
    const port = await freePort();
    const view = viewIn(await start(first, { port, encryption: 'both' }, TOKEN));
    expect(view).toMatchObject({
      hasToken: true,
      running: {
        url: `https://127.0.0.1:${port}`,
        plainUrl: `http://127.0.0.1:${port}`,
        durable: true,
        registered: 0,
      },
    });
    const { joinText = '', fingerprint } = view.running ?? {};
    expect(joinText).toContain(`http://127.0.0.1:${port}`);
    expect(joinText).toContain(fingerprint);
    const ask = async (token: string) =>
      (await fetch(`http://127.0.0.1:${port}/`, { headers: { Authorization: `Bearer ${token}` } }))
        .status;
    expect([await ask(TOKEN), await ask('other')]).toEqual([200, 401]);
    await first.stop();
    const second = keeper();
    await second.resume();
    expect((await viewOf(second)).running).toMatchObject({ fingerprint });
    expect(await ask(TOKEN)).toBe(200);
    expect(JSON.stringify([view, await viewOf(second), lines])).not.toContain(TOKEN);
  });

  it('is announced only where a person said so, not because the app is newer', async () => {
    const { keeper, state } = home();
    const config = { host: '127.0.0.1', port: await freePort(), encryption: 'off', memory: true };
    await state.set('relay_server', { on: true, config });
    const relay = keeper();
    await relay.resume();
    expect(await viewOf(relay)).toMatchObject({
      config: { announce: false },
      running: { announcement: { kind: 'off' } },
    });
  });

  it('stays off after it was stopped', async () => {
    const { keeper } = home();
    const first = keeper();
    viewIn(await start(first, { port: await freePort() }, null));
    expect(viewIn(await first.handlers['relayServer.stop']({}, context)).running).toBeNull();
    const second = keeper();
    await second.resume();
    expect((await viewOf(second)).running).toBeNull();
  });

  it('does not listen for other machines without a token, nor on an address that is none', async () => {
    const { keeper } = home();
    const relay = keeper();
    const { addresses } = await viewOf(relay);
    const other = addresses.find((address) => address !== '127.0.0.1');
    if (other) {
      expect(await start(relay, { host: other }, null)).toMatchObject({
        error: { code: 'relay_server.no_token' },
      });
    }
    for (const host of ['0.0.0.0', '192.0.2.1', 'example.org']) {
      expect(await start(relay, { host }, TOKEN)).toMatchObject({
        error: { code: 'relay_server.foreign_address' },
      });
    }
  });

  it('tells why it could not come back', async () => {
    const { keeper } = home();
    const port = await freePort();
    const first = keeper();
    viewIn(await start(first, { port, memory: true }, null));
    await first.stop();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const second = keeper();
    await second.resume();
    expect(await viewOf(second)).toMatchObject({
      running: null,
      error: { code: 'relay_server.port_taken' },
    });
    await new Promise<void>((resolve) => taken.close(() => resolve()));
    expect(viewIn(await start(second, { port, memory: true }, null))).toMatchObject({
      running: { durable: false },
      error: null,
    });
  });
});
