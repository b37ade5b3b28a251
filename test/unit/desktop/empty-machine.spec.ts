/** The stand-in's app must not find what the person who runs the tests has on this machine. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configPlace } from '../../../electron/setup/openclaw/config-path.ts';
import { tailscalePlaces } from '../../../electron/setup/tailscale/places.ts';
import { emptyHome, emptyMachine } from '../../desktop/parts/empty-machine.ts';

describe('the machine that the stand-in’s app sees', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'peerage-empty-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const lived = {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    OPENCLAW_CONFIG_PATH: '/home/ada/openclaw.json',
    OPENCLAW_STATE_DIR: '/home/ada/state',
    OPENCLAW_PROFILE: 'work',
    OPENCLAW_GATEWAY_TOKEN: 'ada-s',
    XDG_CONFIG_HOME: '/home/ada/.config',
    XDG_RUNTIME_DIR: '/run/user/1000',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
    PEERAGE_HOME: '/home/ada/.peerage',
    PEERAGE_TAILSCALE_SOCKET: '/run/tailscale.sock',
  };

  test('has nothing of the person’s in its environment, and the programs that it needs', () => {
    const env = emptyMachine(lived, home);
    expect(JSON.stringify(env)).not.toMatch(/ada|1000|tailscale\.sock/);
    expect(env.PATH).toBe('/usr/bin');
  });

  test('leads to no gateway, no Tailscale and no desktop of theirs', () => {
    const env = emptyMachine(lived, home);
    expect(configPlace(env).configPath).toBe(join(home, '.openclaw', 'openclaw.json'));
    const program = env.PEERAGE_TAILSCALE ?? null;
    const places = tailscalePlaces({ platform: 'linux', env, program });
    expect(places.filter((place) => existsSync(place))).toEqual([]);
    expect([env.XDG_CONFIG_HOME, env.HOME]).toEqual([undefined, home]);
  });

  test('has one home for all its starts', () => {
    expect(emptyHome()).toBe(emptyHome());
    expect(existsSync(emptyHome())).toBe(true);
  });
});
