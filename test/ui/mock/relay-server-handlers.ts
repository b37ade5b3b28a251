import {
  appError,
  fail,
  ok,
  type RelayServerAgentView,
  type RelayServerRunningView,
  type RelayServerView,
} from '../../../electron/contract/index.ts';
import { NOW } from './seeds.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

/** The relay of the mock’s own app, and what its next start does. */
export interface RelayLab {
  view: RelayServerView;
  /** What it is once it runs. */
  running: Partial<RelayServerRunningView>;
  /** A start waits for this. */
  startsAfter: Promise<void>;
  portTaken: boolean;
}

/** Somebody who registered there. */
export const guest = (
  name: string,
  changes: Partial<RelayServerAgentView> = {},
): RelayServerAgentView => ({
  agentId: `${name.toLowerCase()}-0a1b2c3d`,
  name,
  machine: `${name.toLowerCase()}-desk`,
  online: true,
  connected: true,
  hasSecret: true,
  lastHeartbeat: NOW - 40_000,
  waiting: 0,
  ...changes,
});

const labs = new WeakMap<World, RelayLab>();

/** How the relay of this world stands: off until told otherwise. */
export function relayLabOf(world: World): RelayLab {
  const known = labs.get(world) ?? {
    view: {
      config: {
        host: '127.0.0.1',
        port: 9077,
        encryption: 'both',
        memory: false,
        announce: true,
      },
      addresses: ['127.0.0.1', '192.168.1.20'],
      hasToken: false,
      running: null,
      error: null,
    },
    running: {},
    startsAfter: Promise.resolve(),
    portTaken: false,
  };
  labs.set(world, known);
  return known;
}

/** The relay of this world runs. */
export function runRelay(world: World, changes: Partial<RelayServerRunningView> = {}): void {
  const lab = relayLabOf(world);
  const { host, port, encryption, memory } = lab.view.config;
  const running: RelayServerRunningView = {
    url: `${encryption === 'off' ? 'http' : 'https'}://${host}:${port}`,
    plainUrl: encryption === 'both' ? `http://${host}:${port}` : null,
    fingerprint: encryption === 'off' ? null : Array(32).fill('AB').join(':'),
    joinText: `Relay: https://${host}:${port}`,
    durable: !memory,
    startedAt: NOW - 60_000,
    announcement: { kind: 'off' },
    registered: 0,
    online: 0,
    sockets: 0,
    waiting: 0,
    waitingBytes: 0,
    dropped: 0,
    files: 0,
    broadcasts: 0,
    agents: [],
    errors: [],
    ...lab.running,
    ...changes,
  };
  lab.view = { ...lab.view, running, error: null };
}

export function relayServerHandlers(world: World): MockHandlers {
  const lab = relayLabOf(world);
  return {
    'relayServer.view': () => ok(lab.view),
    'relayServer.start': async ({ config, token }) => {
      await lab.startsAfter;
      if (lab.portTaken) {
        const detail = `Port ${config.port} of ${config.host} is used by another program.`;
        return fail(appError('relay_server.port_taken', detail));
      }
      lab.view = { ...lab.view, config, hasToken: lab.view.hasToken || token !== null };
      runRelay(world);
      return ok(lab.view);
    },
    'relayServer.stop': () => {
      lab.view = { ...lab.view, running: null };
      return ok(lab.view);
    },
  };
}
