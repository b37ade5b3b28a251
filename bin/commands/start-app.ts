/** Starts the app without a window, as it lies beside this command. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** Starts it, apart from this process. @returns false where there is nothing to start */
export async function startApp(home: string | null): Promise<boolean> {
  const program = programBeside(import.meta.dirname);
  if (!program) return false;
  const args = [...program.args, ...(home === null ? [] : ['--home', home])];
  // Loaded here: every command would pay for it otherwise.
  const { spawn } = await import('node:child_process');
  const child = spawn(program.file, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
  return true;
}
