/** A whole run in the browser shell: start, show the address, wait for the signal, stop in order. */
import { join } from 'node:path';
import { systemClock } from '../../clock/clock.ts';
import { type AppPort, ok } from '../../contract/index.ts';
import { createBoundary } from '../boundary.ts';
import { endOnFaults } from '../faults.ts';
import { startFirst, tellError } from '../first-start.ts';
import { stopInOrder, stopSignal } from '../ordered-stop.ts';
import type { ServeOptions } from '../serve-options.ts';
import { loadStaticFiles } from '../static-files.ts';
import { startBrowserShell } from './browser-shell.ts';
import { openInBrowser } from './open-browser.ts';

/** What the entry point hands to the run. `args`: of the command line, without node and script. */
export interface BrowserRun {
  readonly args: readonly string[];
  /** The folder of the build, with `renderer` in it. */
  readonly out: string;
  readonly createApp: (home: string, options: ServeOptions) => Promise<AppPort>;
  readonly log: (line: string) => void;
  readonly redact: (text: string) => string;
}

const print = (line: string): void => console.log(line);
const printError = (line: string): void => console.error(line);

/** Resolves with the exit code once the app was stopped. */
export async function runBrowser({
  args,
  out,
  createApp,
  log,
  redact,
}: BrowserRun): Promise<number> {
  // Heard from the first moment on: a Ctrl-C during the start stops in order as well.
  const signal = stopSignal();
  const start = await startFirst(args, { print, printError, openFile: openInBrowser });
  if (!start.first) return start.exitCode;
  const { home, options, control } = start;
  const clock = systemClock();
  let port: AppPort | null = null;
  endOnFaults({ redact, log: (line) => port?.log(line), end: (code) => process.exit(code) });
  try {
    const files = await loadStaticFiles(join(out, 'renderer'));
    port = await createApp(home, options);
    const app = port;
    let showAt: () => Promise<string> = async () => '';
    const boundary = createBoundary({
      port: app,
      clock,
      log: app.log,
      redact,
      // The key never crosses the control socket, where agents listen: see redirect-file.ts.
      local: { 'app.show': async () => ok({ url: await showAt() }) },
    });
    const { hub, refusals, dispatcher } = boundary;
    const shell = await startBrowserShell({
      home,
      files,
      hub,
      clock,
      refusals,
      log: app.log,
    });
    showAt = async () => {
      await shell.prepareOpening();
      return shell.address;
    };
    control.serve(boundary);

    print(`Peerage is running. Open ${shell.printedUrl}`);
    print('The address holds the key to this window: do not share it. Ctrl-C stops the app.');
    if (options.open && !(await openInBrowser(await shell.prepareOpening()))) {
      print('No browser could be started here; open the address yourself.');
    }
    await signal;
    app.log(`stopping; refused so far: ${refusals.describe()}`);
    const well = await stopInOrder(
      [
        { name: 'windows', run: () => hub.announceStop() },
        { name: 'calls', run: () => dispatcher.stop() },
        { name: 'app', run: () => app.stop() },
        { name: 'window sessions', run: () => hub.stop() },
        { name: 'browser shell', run: () => shell.stop() },
        { name: 'control socket', run: () => control.stop() },
      ],
      log,
    );
    return well ? 0 : 1;
  } catch (error) {
    printError(redact(tellError(error)));
    await stopInOrder(
      [
        { name: 'app', run: () => port?.stop() },
        { name: 'control socket', run: () => control.stop() },
      ],
      log,
    );
    return 1;
  } finally {
    clock.stop();
  }
}
