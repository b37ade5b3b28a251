/** Sleep, unlocking and the network: told to the app at once, and to nobody after the end. */
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { fakeClock } from '../../fakes/clock.ts';

const system = vi.hoisted(() => ({ online: true, power: null as EventEmitter | null }));
vi.mock('electron', () => ({
  net: { isOnline: () => system.online },
  powerMonitor: { on: (name: string, hear: () => void) => system.power?.on(name, hear) },
}));
const { followSystem } = await import('../../../electron/shell/desktop/system-events.ts');

/** The longest that a change of the network may stay unknown. */
const SOON_MS = 1_000;

function follow() {
  const clock = fakeClock();
  const told: string[] = [];
  const port = {
    systemWoke: () => void told.push('woke'),
    networkChanged: () => void told.push('network'),
  };
  const ways = {
    woken: () => void told.push('tray'),
    ending: () => void told.push('end'),
  };
  return { clock, told, stop: followSystem(port, clock, ways) };
}

beforeEach(() => {
  system.online = true;
  system.power = new EventEmitter();
});

test.each(['resume', 'unlock-screen'])('%s is told at once, and the tray is looked at', (event) => {
  const { told } = follow();
  system.power?.emit(event);
  expect(told).toEqual(['woke', 'tray']);
});

test('a shutdown of the computer is put off for the ordered stop', () => {
  const { told } = follow();
  const event = { preventDefault: vi.fn() };
  system.power?.emit('shutdown', event);
  expect(told).toEqual(['end']);
  expect(event.preventDefault).toHaveBeenCalledOnce();
});

test('a network that goes or comes is told within a second, and once', async () => {
  const { clock, told } = follow();
  await clock.advance(5 * SOON_MS);
  expect(told).toEqual([]);
  system.online = false;
  await clock.advance(SOON_MS);
  expect(told).toEqual(['network']);
  await clock.advance(5 * SOON_MS);
  system.online = true;
  await clock.advance(SOON_MS);
  expect(told).toEqual(['network', 'network']);
});

test('nothing is told after the end', async () => {
  const { clock, told, stop } = follow();
  stop();
  system.power?.emit('resume');
  system.online = false;
  await clock.advance(5 * SOON_MS);
  expect([told, clock.pending()]).toEqual([[], 0]);
});
