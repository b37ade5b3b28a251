import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../electron/app/app.ts';
import { type Change, CodedError } from '../../../electron/contract/index.ts';
import { Redactor } from '../../../electron/secrets/index.ts';
import { workFolder } from '../../journeys/app-handle.ts';
import { spawnerOf } from '../../journeys/keychain.ts';

type App = Awaited<ReturnType<typeof createApp>>;

describe('starting the app on a home', () => {
  let folder: ReturnType<typeof workFolder>;
  let apps: App[];
  beforeEach(() => {
    folder = workFolder();
    apps = [];
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    await rm(folder.root, { recursive: true });
  });

  const start = async (configFile: string | null = null): Promise<App> => {
    const app = await createApp({
      home: folder.home,
      version: '1.2.3',
      shell: 'browser',
      configFile,
      secretsFolder: null,
      keychainChild: spawnerOf({ kind: 'none' }),
      redactor: new Redactor(),
      log: () => {},
    });
    apps.push(app);
    return app;
  };
  const database = (): string => join(folder.home, 'peerage.db');
  const context = () => ({
    door: 'window' as const,
    connectionId: 'start',
    signal: new AbortController().signal,
  });

  it('makes an empty home, and says what it is', async () => {
    const app = await start();
    const { app: view, peers, epoch } = app.snapshot();
    expect(view).toMatchObject({
      version: '1.2.3',
      shell: 'browser',
      home: folder.home,
      peers: 0,
      unread: 0,
      storeNotice: null,
      provisioned: false,
      tray: 'off',
    });
    expect(peers).toEqual([]);
    expect(epoch).toBe(app.epoch);
    expect(existsSync(database())).toBe(true);
  });

  it('has another epoch with each start, so that numbers of the last are worth nothing', async () => {
    const first = await start();
    await first.stop();
    expect((await start()).epoch).not.toBe(first.epoch);
  });

  it('refuses data of a newer Peerage, and leaves it as it was, to the byte', async () => {
    await (await start()).stop();
    const file = new DatabaseSync(database());
    file.exec('PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)');
    file.close();
    const before = readFileSync(database());
    const error: unknown = await start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CodedError);
    expect((error as CodedError).error.code).toBe('store.newer_version');
    expect((error as CodedError).error.remedy?.text).not.toBe('');
    expect(readFileSync(database()).equals(before)).toBe(true);
  });

  it('sets a damaged file aside under a dated name, says so loudly, and starts all the same', async () => {
    await (await start()).stop();
    const damage = Buffer.alloc(20_000, 'no database ');
    writeFileSync(database(), damage);
    const app = await start();
    const notice = app.snapshot().app.storeNotice;
    expect(notice?.code).toBe('store.corrupt_set_aside');
    const kept = readdirSync(folder.home).filter((name) =>
      /^peerage\.db\.damaged-\d{4}-\d{2}-\d{2}T/.test(name),
    );
    expect(kept).toHaveLength(1);
    expect(notice?.detail).toContain(kept[0]);
    expect(readFileSync(join(folder.home, kept[0] ?? '')).equals(damage)).toBe(true);
    const told = app.read({ type: 'app' });
    expect(told).toMatchObject({ value: { storeNotice: { code: 'store.corrupt_set_aside' } } });
    const saved = await app.handlers['settings.update']({ changes: { theme: 'dark' } }, context());
    expect(saved.ok).toBe(true);
    await app.stop();
    expect((await start()).snapshot().app.storeNotice).toBeNull();
  });

  it('refuses a configuration file that it cannot use, with the place and without its value', async () => {
    const file = join(folder.root, 'peers.json');
    writeFileSync(file, JSON.stringify({ version: 1, peers: [{ token: 'canary-0123456789' }] }));
    const error: unknown = await start(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CodedError);
    expect((error as CodedError).error.code).toBe('setup.config_invalid');
    expect(JSON.stringify((error as CodedError).error)).not.toContain('canary-0123456789');
    // Nothing holds the home: it starts without the file.
    expect((await start()).snapshot().app.provisioned).toBe(false);
  });

  it('says that there is no keychain, keeps running, and takes the session after a click', async () => {
    const app = await start();
    const changes: Change[] = [];
    app.onChange((key) => changes.push(app.read(key)));
    const checked = await app.handlers['secrets.recheck']({}, context());
    expect(checked).toMatchObject({ ok: true, value: { status: 'no_bus' } });
    const agreed = await app.handlers['secrets.useSession']({}, context());
    expect(agreed).toMatchObject({ ok: true, value: { status: 'session_only', error: null } });
    expect(changes.at(-1)).toMatchObject({
      type: 'app',
      value: { secrets: { status: 'session_only' } },
    });
  });

  it('can be stopped twice, and nothing of it runs on', async () => {
    const app = await start();
    await Promise.all([app.stop(), app.stop()]);
    const changes: unknown[] = [];
    app.onChange((key) => changes.push(key));
    const again = await start();
    expect(again.snapshot().peers).toEqual([]);
    expect(changes).toEqual([]);
  });
});
