/**
 * `npm start`: installs and builds what is missing, then runs the app: in Electron where that can be
 * had, else in the browser shell, with one line that says why.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './parts/built.mjs';
import { exitCode } from './parts/command.mjs';
import { chooseShell, downloadElectron, thisMachine } from './parts/electron.mjs';
import { ensureInstalled } from './parts/install.mjs';
import { out, pinnedNode, root } from './parts/places.mjs';

/** An Electron that ends this soon with one of these has not started: libraries or sandbox missing. */
const EARLY_MS = 8_000;
const NEVER_STARTED = new Set([127, 128 + 4, 128 + 5, 128 + 6, 128 + 11]);

const args = process.argv.slice(2);

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
/** @type {NodeJS.Signals | undefined} */
let stopped;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stopped = signal;
    if (child) child.kill(signal);
    else process.exit(exitCode(null, signal));
  });
}

try {
  await ensureInstalled();
  await ensureBuilt();
  process.exitCode = await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** @returns {Promise<number>} */
async function start() {
  const choice = await chooseShell(thisMachine(args.includes('--browser')));
  if (choice.kind === 'browser') return inBrowser(choice.why);
  const program = choice.kind === 'desktop' ? choice.program : await downloadElectron();
  if (!program) return inBrowser('Electron could not be downloaded');
  const began = Date.now();
  const code = await run(program, [root, ...args]);
  const early = Date.now() - began < EARLY_MS && !stopped;
  return early && NEVER_STARTED.has(code)
    ? inBrowser(`Electron could not start (code ${code})`)
    : code;
}

/** @param {string} why */
function inBrowser(why) {
  console.log(`Using the browser shell: ${why}.`);
  return run(pinnedNode, [join(out, 'serve.mjs'), ...args]);
}

/**
 * Runs the app to its end. It has a channel to us, so that it stops in order even when we are killed.
 * @param {string} program
 * @param {string[]} given
 * @returns {Promise<number>}
 */
function run(program, given) {
  return new Promise((resolve) => {
    child = spawn(program, given, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(exitCode(code, signal)));
  });
}
