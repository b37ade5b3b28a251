/** Starts the app without a window, as it lies beside this command. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Redactor } from '../../electron/secrets/redact.ts';
import { homeFolderOf, homeSources } from '../../electron/shell/home-place.ts';
import type { AppEnd, StartedApp } from '../open-or-start.ts';

interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * The program: of an installed app the one that this command came with (`<resources>/bin`), else the
 * browser shell of a checkout. Null where neither is there.
 */
export function programBeside(bin: string, platform = process.platform): Program | null {
  const resources = dirname(bin);
  const packed =
    platform === 'win32'
      ? join(resources, '..', 'Peerage.exe')
      : platform === 'darwin'
        ? join(resources, '..', 'MacOS', 'Peerage')
        : join(resources, '..', 'peerage');
  if (existsSync(join(resources, 'app.asar')) && existsSync(packed)) {
    return { file: packed, args: ['--hidden'] };
  }
  const built = join(resources, 'serve.mjs');
  if (!existsSync(built)) return null;
  // The app may need another Node than the one that runs this command; a checkout has its own.
  const own = join(resources, '..', 'node_modules', 'node', 'bin', 'node');
  return { file: existsSync(own) ? own : process.execPath, args: [built, '--no-open'] };
}

/**
 * Starts it, apart from this process, which may end before it. What it says until then is kept in a file
 * that only this user can read: a pipe would break under the app once this process is gone.
 * @returns null where there is nothing to start
 */
export async function startApp(
  home: string | null,
  program = programBeside(import.meta.dirname),
): Promise<StartedApp | null> {
  if (!program) return null;
  const args = [...program.args, ...(home === null ? [] : ['--home', home])];
  const kept = keepWords();
  const startedAt = Date.now();
  let end: AppEnd | null = null;
  const ended = (how: string, well: boolean): void => {
    end ??= { how, well, said: lastLines(kept?.path ?? null, home, startedAt) };
  };
  // Loaded here: every command would pay for it otherwise.
  const { spawn } = await import('node:child_process');
  const child = spawn(program.file, args, {
    detached: true,
    stdio: ['ignore', 'ignore', kept?.file ?? 'ignore'],
    // An agent inside of another app may run with it: ours would come up as a bare Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: undefined },
  });
  child.on('error', (error) => ended(error.message, false));
  child.on('exit', (code, signal) =>
    ended(code === null ? `signal ${signal}` : `exit code ${code}`, code === 0),
  );
  child.unref();
  if (kept) closeSync(kept.file);
  return {
    ended: () => end,
    forget: () => {
      // An app of Windows that runs may keep its file, which is empty then.
      try {
        if (kept) rmSync(kept.folder, { recursive: true, force: true });
      } catch {
        // It lies in the folder for what is temporary.
      }
    },
  };
}

/** Where its words are kept; null where there is no room for them: it starts all the same. */
function keepWords(): {
  readonly folder: string;
  readonly path: string;
  readonly file: number;
} | null {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'peerage-start-'));
    const path = join(folder, 'said');
    return { folder, path, file: openSync(path, 'wx', 0o600) };
  } catch {
    return null;
  }
}

const LAST_LINES = 5;
const LONGEST_LINE = 300;
/** The steps of a stack, and what Node says of itself: no reason stands there. */
const NO_REASON = /^\s+at |^\(node:\d+\)|^\(Use `node /;

/** What it said last; else what its log says since it was started. Secrets are taken out of both. */
function lastLines(path: string | null, home: string | null, startedAt: number): string[] {
  const said = path === null ? [] : linesOf(path);
  return said.length > 0 ? said : logged(home, startedAt);
}

function logged(home: string | null, startedAt: number): string[] {
  const log = join(homeFolderOf(homeSources(home)), 'logs', 'peerage.log');
  const changedAt = statSync(log, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return changedAt < startedAt ? [] : linesOf(log);
}

function linesOf(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return new Redactor()
    .redact(text.slice(-20_000))
    .split('\n')
    .filter((line) => line.trim() !== '' && !NO_REASON.test(line))
    .slice(-LAST_LINES)
    .map((line) => line.trim().slice(0, LONGEST_LINE));
}
