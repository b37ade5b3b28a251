/** Who shows tray icons on Linux, asked on a bus of the test's own with a watcher of its own. */
import { spawnSync } from 'node:child_process';
import { Message, sessionBus, Variant } from '@jellybrick/dbus-next';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findTrayHost, type TrayHost } from '../../../electron/shell/desktop/tray-host.ts';
import { type NotifierWatcher, startWatcher } from '../../desktop/parts/notifier-watcher.ts';
import { type PrivateBus, startBus } from '../../desktop/parts/private-bus.ts';

const missing = spawnSync('dbus-daemon', ['--version']).error !== undefined;

test('is said by hand where the panel only knows the older way', async () => {
  expect((await findTrayHost({ PEERAGE_TRAY: 'present' })).shown).toBe(true);
  expect((await findTrayHost({ PEERAGE_TRAY: 'absent' })).shown).toBe(false);
});

describe.skipIf(missing || process.platform !== 'linux')('on a session bus', () => {
  let bus: PrivateBus;
  const watchers: NotifierWatcher[] = [];
  const hosts: TrayHost[] = [];
  beforeEach(async () => {
    bus = await startBus();
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) host.stop();
    for (const one of watchers.splice(0)) await one.stop().catch(() => {});
    await bus.stop();
  });
  const find = async (): Promise<{ host: TrayHost; told: boolean[] }> => {
    const host = await findTrayHost({ DBUS_SESSION_BUS_ADDRESS: bus.address });
    hosts.push(host);
    const told: boolean[] = [];
    host.onChange((shown) => told.push(shown));
    return { host, told };
  };
  const watch = async (draws = true): Promise<NotifierWatcher> => {
    const watcher = await startWatcher(bus.address, draws);
    watchers.push(watcher);
    return watcher;
  };

  test('nobody shows icons, until somebody does, and until that ends', async () => {
    const { host, told } = await find();
    expect(host.shown).toBe(false);
    const watcher = await watch();
    await expect.poll(() => told).toEqual([true]);
    expect(host.shown).toBe(true);
    await watcher.stop();
    await expect.poll(() => told).toEqual([true, false]);
    expect(host.shown).toBe(false);
  });

  test('a watcher that nobody draws for is not enough', async () => {
    const watcher = await watch(false);
    const { host, told } = await find();
    expect(host.shown).toBe(false);
    watcher.draw(true);
    await expect.poll(() => told).toEqual([true]);
    watcher.draw(false);
    await expect.poll(() => told).toEqual([true, false]);
  });

  test('tells nothing any more once it was stopped', async () => {
    const { host, told } = await find();
    host.stop();
    await watch();
    const other = await find();
    expect([other.host.shown, told]).toEqual([true, []]);
  });

  test('no bus is nobody', async () => {
    const gone = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' };
    expect((await findTrayHost(gone)).shown).toBe(false);
  });

  test('the watcher itself takes an icon, reads it and clicks it', async () => {
    const watcher = await watch();
    const item = sessionBus({ busAddress: bus.address });
    const clicked: string[] = [];
    item.addMethodHandler((message: Message) => {
      if (message.path !== '/StatusNotifierItem') return false;
      if (message.member === 'GetAll') {
        const all = { Title: new Variant('s', 'Peerage'), Status: new Variant('s', 'Active') };
        item.send(Message.newMethodReturn(message, 'a{sv}', [all]));
      } else {
        clicked.push(message.member ?? '');
        item.send(Message.newMethodReturn(message));
      }
      return true;
    });
    const name = 'org.freedesktop.StatusNotifierItem-1-1';
    await item.requestName(name);
    await item.call(
      new Message({
        destination: 'org.kde.StatusNotifierWatcher',
        path: '/StatusNotifierWatcher',
        interface: 'org.kde.StatusNotifierWatcher',
        member: 'RegisterStatusNotifierItem',
        signature: 's',
        body: [name],
      }),
    );
    expect(watcher.items).toEqual([name]);
    expect(await watcher.read(name)).toEqual({ Title: 'Peerage', Status: 'Active' });
    await watcher.activate(name);
    expect(clicked).toEqual(['Activate']);
    item.disconnect();
  });
});
