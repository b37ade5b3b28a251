#!/usr/bin/env node
/** The entry of the command line, for any Node from 20 on. */
import packageJson from '../package.json' with { type: 'json' };
import { openHome, runCommandLine } from './command-line.ts';
import { processStdin, processTerminal } from './process-terminal.ts';

const terminal = processTerminal();
void runCommandLine(process.argv.slice(2), {
  version: packageJson.version,
  terminal,
  env: process.env,
  stdin: processStdin,
  now: Date.now,
  onInterrupt: (hear) => {
    const heard = (): void => {
      hear();
      // Without a listener it ends this process, and the shell is told why.
      process.kill(process.pid, 'SIGINT');
    };
    process.once('SIGINT', heard);
    return () => process.off('SIGINT', heard);
  },
  open: openHome(packageJson.version),
  start: async (home) => (await import('./commands/start-app.ts')).startApp(home),
}).then((exit) => {
  process.exitCode ||= exit;
  // Taking everything down in order takes longer than most commands.
  if (terminal.hasWritten()) process.exit();
});
