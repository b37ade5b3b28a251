#!/usr/bin/env node
/** The entry of the command line: one file after the build, for any Node from 20 on. */
import { realpathSync } from 'node:fs';
import { callControl, lookAtSocket } from '../electron/shell/control/control-client.ts';
import { rememberedSocket, socketPathOf } from '../electron/shell/control/socket-place.ts';
import { homeFolderOf, homeSources } from '../electron/shell/home-folder.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type Caller, runCommandLine } from './command-line.ts';

/** Where the app on this home listens, or null where none does. Makes no home. */
async function liveSocket(given: string | null): Promise<string | null> {
  let home: string;
  try {
    home = realpathSync.native(homeFolderOf(homeSources(given)));
  } catch {
    return null;
  }
  for (const path of [rememberedSocket(home), socketPathOf(home)]) {
    if (path !== null && (await lookAtSocket(path)) === 'live') return path;
  }
  return null;
}

const connect =
  (home: string | null): Caller =>
  async (name, input) => {
    const path = await liveSocket(home);
    return path === null ? null : callControl(path, name, input);
  };

process.exitCode = await runCommandLine(process.argv.slice(2), {
  version: packageJson.version,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  connect,
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
