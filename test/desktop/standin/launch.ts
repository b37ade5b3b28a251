/**
 * Runs the shipped bundle with the stand-in as its module `electron`:
 * `node launch.ts out/main.mjs [arguments]`. Electron loads an entry that is an ES module, waits for
 * it, and only then becomes ready. https://www.electronjs.org/docs/latest/tutorial/esm
 */
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dieAt } from './die-at.ts';

const standIn = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

/**
 * Electron is built for one platform. The stand-in may play another one for the desktop shell, which
 * looks once, while it is loaded; keychain and files stay those of this machine.
 */
const platform = process.env.PEERAGE_STANDIN_PLATFORM;
const here = process.platform;
const play = (value: string): void => {
  Object.defineProperty(process, 'platform', { value });
};
if (platform !== undefined) play(platform);
/**
 * Where a package keeps what is beside its archive. Nothing is there: a copy that no release server is
 * written into. https://www.electronjs.org/docs/latest/api/process#processresourcespath-readonly
 */
Object.defineProperty(process, 'resourcesPath', {
  value: join(import.meta.dirname, 'no-resources'),
});
const step = process.env.PEERAGE_STANDIN_DIE_AT;
if (step !== undefined) dieAt(step);

const [entry = '', ...args] = process.argv.slice(2);
// Electron's own argv: the program, the app's folder, what follows.
process.argv = [process.execPath, resolve(entry, '../..'), ...args];

const { becomeReady } = await import('./system.ts');
const { beControlled } = await import('./control.ts');
beControlled();
const { world } = await import('./panel.ts');
world.entryBeganAt = performance.now();
await import(pathToFileURL(resolve(entry)).href);
play(here);
becomeReady();
