/** A command line with an app behind a real control socket, and a terminal that remembers. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, runCommandLine } from '../../../bin/command-line.ts';
import type { StartedApp } from '../../../bin/open-or-start.ts';
import { systemClock } from '../../../electron/clock/clock.ts';
import type { CallHandlers } from '../../../electron/contract/index.ts';
import { createBoundary } from '../../../electron/shell/boundary.ts';
import { claimHome } from '../../../electron/shell/control/single-instance.ts';
import { fakeApp } from '../shell/fake-app.ts';

export interface CommandWorld {
  readonly folder: string;
  readonly home: string;
  readonly socket: string;
  readonly out: string[];
  readonly err: string[];
  readonly called: { name: string; input: unknown }[];
  stdin: Buffer | null;
  env: NodeJS.ProcessEnv;
  now: number;
  width: number;
  colour: boolean;
  started: number;
  /** What `--start` starts. */
  app: StartedApp | null;
  /** Somebody reads what is printed. */
  read: boolean;
  /** Answers this home's calls from now on. */
  serve(handlers: Partial<CallHandlers>, version?: string): Promise<void>;
  stopApp(): Promise<void>;
  run(...args: string[]): Promise<number>;
  /** What `--json` printed last. */
  json(): Record<string, unknown>;
  end(): Promise<void>;
}

/** Makes a home without an app. */
export function commandWorld(): CommandWorld {
  const folder = mkdtempSync(join(tmpdir(), 'pc-'));
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(join(folder, 's'), { mode: 0o700 });
  const socket = join(folder, 's', 'x.sock');
  let stop: (() => Promise<void>) | null = null;
  const world: CommandWorld = {
    folder,
    home,
    socket,
    out: [],
    err: [],
    called: [],
    stdin: null,
    env: { HOME: folder },
    now: Date.parse('2026-11-21T12:00:00Z'),
    width: 80,
    colour: false,
    started: 0,
    app: null,
    read: true,
    serve: async (handlers) => {
      const claim = await claimHome(home, socket);
      if (!claim.first) throw new Error('the home is taken');
      const noted = Object.fromEntries(
        Object.entries(handlers).map(([name, handler]) => [
          name,
          (input: never, context: never) => {
            world.called.push({ name, input });
            return handler(input, context);
          },
        ]),
      );
      const boundary = createBoundary({
        port: fakeApp(noted as Partial<CallHandlers>),
        clock: systemClock(),
        log: () => {},
        redact: (text) => text,
        local: {},
      });
      claim.server.serve(boundary);
      stop = () => claim.server.stop();
    },
    stopApp: async () => {
      await stop?.();
      stop = null;
    },
    run: (...args) =>
      runCommandLine(['--home', home, ...args], {
        version: '0.0.0',
        terminal: {
          out: (text) => world.out.push(text),
          flushed: async () => world.read,
          err: (text) => world.err.push(text),
          width: world.width,
          colour: world.colour,
          screen: false,
          progress: () => {},
        },
        env: world.env,
        stdin: async () => world.stdin,
        now: () => world.now,
        onInterrupt: () => () => {},
        open: openHome('0.0.0'),
        start: async () => {
          world.started += 1;
          return world.app;
        },
      }),
    json: () => JSON.parse(world.out.at(-1) ?? '') as Record<string, unknown>,
    end: async () => {
      await world.stopApp();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
