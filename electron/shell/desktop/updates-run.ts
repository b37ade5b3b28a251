/** Updates in a running desktop app: finds out what this copy is, loads the updater, and wires the two. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
import type { Clock } from '../../clock/clock.ts';
import { type AppPort, type CallHandlers, fail, ok } from '../../contract/index.ts';
import { ownAppImage } from './app-image.ts';
import { isSending, notHere, type Updater, Updates } from './updates.ts';
import { asksPassword, type UpdateKind, updateKind } from './updates-place.ts';

/** What the bundle `out/updater.mjs` gives. */
interface UpdaterBundle {
  electronUpdater(kind: Exclude<UpdateKind, 'none'>, log: (line: string) => void): Updater;
}

/**
 * What updates need of the running app. `out`: the folder of the build; `quit` begins the ordered
 * stop.
 */
export interface UpdatesRunOptions {
  readonly out: string;
  readonly port: AppPort;
  readonly clock: Clock;
  readonly quit: () => void;
  readonly log: (line: string) => void;
}

/** Updates at work: what the shell answers, and what it calls at its end. */
export interface UpdatesRun {
  /** The shell's own handlers for the calls of the contract. */
  readonly handlers: Pick<
    CallHandlers,
    'update.check' | 'update.download' | 'update.install' | 'update.later'
  >;
  /** Nothing is begun any more. */
  stop(): void;
  /**
   * After the ordered stop: installs what is to be, and then waits for the process to end by that. Where
   * it does not, and a restart was asked for, the app comes up again as it was.
   * @param byPerson a person quit; not the system
   */
  atEnd(byPerson: boolean): Promise<void>;
}

/** The installer takes over within this time, or the app ends without it. */
const TAKE_OVER_MS = 10_000;

/** Begins. A copy that cannot update itself loads nothing, and says so when it is asked. */
export function runUpdates({ out, port, clock, quit, log }: UpdatesRunOptions): UpdatesRun {
  const kind = app.isPackaged ? kindOfThisCopy() : 'none';
  let updates: Updates | null = null;
  let stopped = false;
  if (kind !== 'none') {
    void load(join(out, 'updater.mjs'))
      .then(({ electronUpdater }) => {
        if (stopped) return;
        updates = new Updates({
          clock,
          updater: electronUpdater(kind, log),
          mode: () => port.snapshot().settings.updates,
          busy: () => isSending(port.snapshot()),
          tell: (view) => port.setUpdate(view),
          quit,
          relaunch,
          password: asksPassword(kind),
          random: Math.random,
          log,
        });
        updates.start();
      })
      .catch((error: unknown) => log(`no updater: ${String(error)}`));
  }
  const deaf = port.onChange((key) => {
    if (key.type === 'settings') updates?.settingsChanged();
  });
  const act = (work: (of: Updates) => unknown) => () => {
    if (updates === null) return fail(notHere());
    void work(updates);
    return ok({});
  };
  return {
    handlers: {
      'update.check': act((of) => of.check()),
      'update.download': act((of) => of.download()),
      'update.install': act((of) => of.install()),
      'update.later': act((of) => of.later()),
    },
    stop: () => {
      stopped = true;
      deaf();
      updates?.stop();
    },
    atEnd: async (byPerson) => {
      // What keeps the app from quitting on its own is done with: the installer quits it.
      if (updates !== null) app.removeAllListeners('before-quit');
      if (updates?.atEnd(byPerson)) {
        await new Promise<void>((end) => {
          clock.after(TAKE_OVER_MS, end);
        });
      }
      updates?.notTaken();
    },
  };
}

/** What is mounted of an AppImage goes away with us, so the file itself is started. */
function relaunch(): void {
  const file = ownAppImage(process.env, process.execPath);
  app.relaunch(file === undefined ? {} : { execPath: file });
}

const load = (file: string): Promise<UpdaterBundle> =>
  import(pathToFileURL(file).href) as Promise<UpdaterBundle>;

function kindOfThisCopy(): UpdateKind {
  const resources = process.resourcesPath;
  const typeFile = join(resources, 'package-type');
  return updateKind({
    packaged: true,
    platform: process.platform,
    appImage: ownAppImage(process.env, process.execPath),
    packageType: existsSync(typeFile) ? readFileSync(typeFile, 'utf8') : null,
    knowsServer: existsSync(join(resources, 'app-update.yml')),
  });
}
