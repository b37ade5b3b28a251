/** `npm run relay`: installs what is missing, then runs the relay from its source, alone. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { exitCode } from './parts/command.mjs';
import { ensureInstalled } from './parts/install.mjs';
import { pinnedNode, root } from './parts/places.mjs';

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    if (child) child.kill(signal);
    else process.exit(exitCode(null, signal));
  });
}

try {
  await ensureInstalled();
  process.exitCode = await new Promise((resolve) => {
    child = spawn(pinnedNode, [join(root, 'electron', 'relay.ts'), ...process.argv.slice(2)], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(exitCode(code, signal)));
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
