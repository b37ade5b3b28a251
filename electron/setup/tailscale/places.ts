/** Where a `tailscale` may be, in the order in which they are tried. */
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Environment } from '../openclaw/config-path.ts';

/** What decides where is looked: the system, its PATH, and the person's word. */
export interface PlaceOptions {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  /** Named by the person: then no other counts. */
  readonly program: string | null;
}

/**
 * All places, whether something is there or not: the search path first, then where installers put it.
 * Source of the fixed places: Tailscale's packages, its macOS app bundle and its Windows installer.
 */
export function tailscalePlaces({ platform, env, program }: PlaceOptions): string[] {
  if (program !== null) return [program];
  const kind = platform === 'win32' ? path.win32 : path.posix;
  const name = platform === 'win32' ? 'tailscale.exe' : 'tailscale';
  const searched = (env.PATH ?? env.Path ?? '')
    .split(kind.delimiter)
    // A relative folder means whatever folder we were started in.
    .filter((folder) => kind.isAbsolute(folder))
    .map((folder) => kind.join(folder, name));
  return [...new Set([...searched, ...fixedPlaces(platform, env)])];
}

function fixedPlaces(platform: NodeJS.Platform, env: Environment): string[] {
  switch (platform) {
    case 'win32':
      return [env.ProgramW6432, env.ProgramFiles, 'C:\\Program Files']
        .filter((folder): folder is string => folder !== undefined && folder !== '')
        .map((folder) => path.win32.join(folder, 'Tailscale', 'tailscale.exe'));
    case 'darwin':
      return [
        '/usr/local/bin/tailscale',
        '/opt/homebrew/bin/tailscale',
        '/Applications/Tailscale.app/Contents/MacOS/Tailscale',
        ...(env.HOME ? [`${env.HOME}/Applications/Tailscale.app/Contents/MacOS/Tailscale`] : []),
      ];
    default:
      return [
        '/usr/bin/tailscale',
        '/usr/local/bin/tailscale',
        '/snap/bin/tailscale',
        '/run/current-system/sw/bin/tailscale',
      ];
  }
}

/** Those places where there is something to run; each file once, however many links lead to it. */
export async function presentPlaces(places: readonly string[]): Promise<string[]> {
  const seen = new Set<string>();
  const present: string[] = [];
  for (const place of places) {
    try {
      await access(place, constants.X_OK);
      if (!(await stat(place)).isFile()) continue;
      const file = await realpath(place);
      if (seen.has(file)) continue;
      seen.add(file);
      present.push(place);
    } catch {
      // Not there, or not ours to run.
    }
  }
  return present;
}
