#!/usr/bin/env node
/** The entry of the command line, for any Node from 20 on. */
import packageJson from '../package.json' with { type: 'json' };
import { openHome, runCommandLine } from './command-line.ts';
import { processTerminal } from './terminal.ts';

/** Reads stdin to its end, or until it has more than `maxBytes`. Null where a person sits at it. */
async function stdin(maxBytes: number): Promise<Buffer | null> {
  if (process.stdin.isTTY) return null;
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of process.stdin) {
      pieces.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes >= maxBytes) break;
    }
  } catch {
    // A closed stdin gives nothing.
  }
  return Buffer.concat(pieces);
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  version: packageJson.version,
  terminal: processTerminal(),
  env: process.env,
  stdin,
  now: Date.now,
  open: openHome(packageJson.version),
  start: async (home) => (await import('./commands/start-app.ts')).startApp(home),
});
