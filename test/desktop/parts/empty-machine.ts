/**
 * The machine that the stand-in's app sees is nobody's. Some tests call whatever a hostile page could
 * call: a new token for the gateway of this machine, Tailscale on, a file changed. None of that may reach
 * what the person who runs the tests has here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where programs find the person's own: OpenClaw's settings, desktop folders, the session's bus. */
const OF_A_PERSON = /^(?:OPENCLAW_|PEERAGE_(?:HOME|TAILSCALE)|XDG_|DBUS_SESSION_BUS_ADDRESS$)/;

/**
 * An environment without anything of a person in it.
 * @param home an empty folder, in place of the person's own
 */
export function emptyMachine(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !OF_A_PERSON.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    APPDATA: join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(home, 'AppData', 'Local'),
    // Named by hand, no other place counts; there is nothing here.
    PEERAGE_TAILSCALE: join(home, 'no-tailscale'),
  };
}

let made: string | null = null;

/** An empty folder for this process, gone with it. */
export function emptyHome(): string {
  if (made !== null) return made;
  const folder = mkdtempSync(join(tmpdir(), 'peerage-nobody-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  made = folder;
  return folder;
}
