/** Apps on the stand-in, each on a home of its own, ended and cleaned up with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { type StandInApp, standIn } from './stand-in-driver.ts';

export interface Rig {
  /** The home of this test. */
  readonly home: string;
  start(args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<StandInApp>;
}

/** Call it in a `describe`; what it gives is filled in anew for each test. */
export function useRig(): Rig {
  const running: StandInApp[] = [];
  const rig = {
    home: '',
    start: async (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
      const app = await standIn.start(['--home', rig.home, ...args], env);
      running.push(app);
      return app;
    },
  };
  beforeEach(() => {
    rig.home = mkdtempSync(join(tmpdir(), 'peerage-shell-'));
  });
  afterEach(async () => {
    for (const app of running.splice(0)) await app.kill();
    rmSync(rig.home, { recursive: true, force: true, maxRetries: 3 });
  });
  return rig;
}

/** Waits until the icon is up. */
export const trayUp = (app: StandInApp): Promise<void> =>
  expect.poll(async () => (await app.look()).trays.length).toBe(1);

export const visible = (app: StandInApp): Promise<boolean[]> =>
  app.look().then(({ windows }) => windows.map((window) => window.visible));
