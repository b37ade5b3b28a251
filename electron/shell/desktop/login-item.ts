/** Launch at login, as the platform has it. Off until the person asks for it in Settings. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { app } from 'electron';
import { ownAppImage } from './app-image.ts';
import { PLATFORM } from './platform.ts';

/** A start with this shows no window; see serve-options.ts. */
const HIDDEN = '--hidden';

/**
 * True where this start is to show no window: it was asked for, or macOS opened the app at login (there,
 * a login item has no arguments).
 */
export const startsHidden = (asked: boolean): boolean =>
  asked || (PLATFORM === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);

/**
 * Sets it. Only the packed app has a program that is worth starting by itself. A system that refuses is
 * told to the log: a folder that cannot be written must not keep the app from starting.
 */
export function setLaunchAtLogin(open: boolean, log: (line: string) => void): void {
  if (!app.isPackaged) return;
  try {
    apply(open);
  } catch (error) {
    log(`launch at login was not set: ${String(error)}`);
  }
}

/** What a desktop's own settings write into an entry that is not to be started. */
const SWITCHED_OFF = /^(?:Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m;

function apply(open: boolean): void {
  // Set again at each start, it would undo that somebody switched it off in the system's own settings.
  if (PLATFORM !== 'linux' && isSet() === open) return;
  if (PLATFORM !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: open, args: [HIDDEN] });
    return;
  }
  const file = autostartFile(process.env.XDG_CONFIG_HOME, homedir());
  if (!open) {
    rmSync(file, { force: true });
    return;
  }
  if (existsSync(file) && SWITCHED_OFF.test(readFileSync(file, 'utf8'))) return;
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  // An AppImage runs from a mount that is another one at the next login.
  writeFileSync(
    file,
    autostartEntry(ownAppImage(process.env, process.execPath) ?? process.execPath),
  );
}

/**
 * Whether the system has the item, also where a person switched it off there: in the Task Manager on
 * Windows (an item that is not `enabled`), in System Settings on macOS (`requires-approval`).
 * https://www.electronjs.org/docs/latest/api/app#appgetloginitemsettingsoptions-macos-windows
 */
function isSet(): boolean {
  const found = app.getLoginItemSettings({ args: [HIDDEN] });
  if (PLATFORM === 'win32') return found.openAtLogin || found.launchItems.length > 0;
  return found.openAtLogin || found.status === 'requires-approval';
}

/** Where the desktop looks: freedesktop.org, Desktop Application Autostart Specification. */
export function autostartFile(config: string | undefined, userHome: string): string {
  const base = config && isAbsolute(config) ? config : join(userHome, '.config');
  return join(base, 'autostart', 'ai.peerage.desktop.desktop');
}

/** The entry, with the program quoted as the Desktop Entry Specification asks. */
export function autostartEntry(program: string): string {
  const quoted = program
    .replace(/[\\"`$]/g, (mark) => `\\${mark}`)
    // The value itself is a string, in which a backslash stands for two; a percent sign is a code.
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll('\n', '');
  return `[Desktop Entry]
Type=Application
Name=Peerage
Exec="${quoted}" ${HIDDEN}
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}
