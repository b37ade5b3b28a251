/**
 * One owner of everything that a run of the tests puts into the system's temporary folder: homes, profiles
 * of browsers, keys. A spec removes its own; what one leaves that was killed goes with the run.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Short: a socket's whole path must have room in 104 bytes (`sockaddr_un` of macOS). */
const NAMED = /^peerage-run-(\d+)$/;
const MARK = '.peerage-tests';
/** Ids of processes are used again, and other containers may share the folder, ms. */
const LEFT_AFTER_MS = 3_600_000;

/** Removes what runs left that could not clean up, such as one that was killed. */
function sweep(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const pid = Number(NAMED.exec(name)?.[1]);
    const left = path.join(folder, name);
    const made = fs.statSync(path.join(left, MARK), { throwIfNoEntry: false })?.mtimeMs;
    if (!pid || made === undefined || Date.now() - made < LEFT_AFTER_MS || isRunning(pid)) continue;
    fs.rmSync(left, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Gives this process, and all that it starts, a temporary folder of its own, which goes when it ends. For
 * the configurations of vitest, which are read once for each run, before any test.
 */
export function ownTemporaryFolder(): void {
  const system = os.tmpdir();
  if (fs.existsSync(path.join(system, MARK))) return;
  sweep(system);
  const own = path.join(system, `peerage-run-${process.pid}`);
  fs.mkdirSync(own, { mode: 0o700 });
  fs.writeFileSync(path.join(own, MARK), '');
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = own;
  // Where there is none, the app's sockets would lie beside it, in a folder of the user's.
  if (process.platform === 'linux') process.env.XDG_RUNTIME_DIR ??= own;
  process.on('exit', () => {
    fs.rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  });
}
