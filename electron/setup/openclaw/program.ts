/** The `openclaw` command of this user: where it is, and what it says of its gateway's service. */
import { access, constants } from 'node:fs/promises';
import * as path from 'node:path';
import * as z from 'zod';
import type { GatewayKeeper, GatewayListener } from '../../contract/index.ts';
import type { Environment } from './config-path.ts';
import type { RunProgram } from './run.ts';

/** Folders that a desktop's PATH often lacks. */
const MORE_FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['/opt/homebrew/bin', '/usr/local/bin'],
  linux: ['/usr/local/bin', '/usr/bin'],
};
const HOME_FOLDERS = ['.local/bin', '.npm-global/bin', '.openclaw/bin', '.bun/bin', 'bin'];

/** `gateway status` looks at the service manager and starts a Node of its own: 1 to 4 s, more under load. */
const STATUS_LIMIT_MS = 30_000;
/** `--version` reads one file and ends. */
const VERSION_LIMIT_MS = 10_000;

/** The first executable `openclaw`, or null. */
export async function findOpenClaw(
  env: Environment,
  home: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const names = platform === 'win32' ? ['openclaw.cmd', 'openclaw.exe'] : ['openclaw'];
  const separator = platform === 'win32' ? ';' : ':';
  const folders = [
    ...(env.PATH ?? env.Path ?? '').split(separator).filter((folder) => path.isAbsolute(folder)),
    ...(MORE_FOLDERS[platform] ?? []),
    ...HOME_FOLDERS.map((folder) => path.join(home, folder)),
    ...(env.APPDATA ? [path.join(env.APPDATA, 'npm')] : []),
  ];
  for (const folder of new Set(folders))
    for (const name of names) {
      const file = path.join(folder, name);
      const there = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (there) return file;
    }
  return null;
}

const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** `openclaw gateway status --json`, as far as it is used; seen on 2026.9.6. */
const Status = z.object({
  cli: maybe(z.object({ version: maybe(z.string()) })),
  service: maybe(
    z.object({
      label: maybe(z.string()),
      loaded: maybe(z.boolean()),
      runtime: maybe(z.object({ status: maybe(z.string()), pid: maybe(z.number()) })),
    }),
  ),
  port: maybe(
    z.object({
      listeners: maybe(
        z.array(
          z.object({
            pid: maybe(z.number()),
            command: maybe(z.string()),
            commandLine: maybe(z.string()),
            address: maybe(z.string()),
          }),
        ),
      ),
    }),
  ),
});

/** What `openclaw gateway status --json` says; `version` is the command's, null if not told. */
export interface ProgramFacts {
  readonly version: string | null;
  /** Whether a service manager keeps the gateway; null where the command did not tell. */
  readonly service: Extract<GatewayKeeper, { kind: 'service' }> | null;
  /** The service runs now. */
  readonly serviceRuns: boolean;
  readonly listeners: readonly GatewayListener[];
}

const MANAGERS = {
  systemd: 'systemd',
  LaunchAgent: 'launchd',
  'Scheduled Task': 'schtasks',
} as const;

/** Asks the command; null where it does not answer with what can be read. */
export async function askProgram(run: RunProgram, program: string): Promise<ProgramFacts | null> {
  const ran = await run(program, ['gateway', 'status', '--json', '--no-probe'], STATUS_LIMIT_MS);
  const json = lastObject(ran.stdout);
  const parsed = Status.safeParse(json);
  if (!parsed.success) return null;
  const { cli, service, port } = parsed.data;
  const label = service?.label ?? '';
  const manager = Object.hasOwn(MANAGERS, label)
    ? MANAGERS[label as keyof typeof MANAGERS]
    : 'other';
  return {
    version: cli?.version ?? null,
    service: service?.loaded === true ? { kind: 'service', manager, label } : null,
    serviceRuns: service?.loaded === true && service.runtime?.status === 'running',
    listeners: (port?.listeners ?? []).flatMap((entry) => {
      const split = /^\[?(.+?)\]?:(\d+)$/.exec(entry.address ?? '');
      if (!split?.[1]) return [];
      return [
        {
          address: split[1],
          port: Number(split[2]),
          pid: entry.pid ?? null,
          process: entry.commandLine?.slice(0, 200) ?? entry.command ?? null,
        },
      ];
    }),
  };
}

/** The version by itself: it is there at once, also where `gateway status` is slow. Null where it tells none. */
export async function askVersion(run: RunProgram, program: string): Promise<string | null> {
  const ran = await run(program, ['--version'], VERSION_LIMIT_MS);
  return /^OpenClaw (\d{4}\.\d+\.\d+\S*)/m.exec(ran.stdout)?.[1] ?? null;
}

/** The JSON object in an output that may have other lines before it. */
export function lastObject(text: string): unknown {
  const from = text.search(/^\{/m);
  if (from < 0) return null;
  try {
    return JSON.parse(text.slice(from));
  } catch {
    return null;
  }
}
