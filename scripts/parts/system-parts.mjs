/** Programs of the system that tests drive: installed by apt where root may do that, else left out. */
import { existsSync } from 'node:fs';
import { findOnPath, runCommand } from './command.mjs';

/** Which Debian package brings which program. A library has a path instead. */
const PARTS = [
  {
    package: 'chromium',
    present: () => findOnPath('chromium', 'chromium-browser', 'google-chrome'),
  },
  { package: 'gnome-keyring', present: () => findOnPath('gnome-keyring-daemon') },
  { package: 'libsecret-1-0', present: () => hasLibrary('libsecret-1.so.0') },
  { package: 'dbus', present: () => findOnPath('dbus-run-session') },
  { package: 'dbus-x11', present: () => findOnPath('dbus-launch') },
  { package: 'xvfb', present: () => findOnPath('Xvfb') },
  { package: 'iproute2', present: () => findOnPath('ip') },
  { package: 'zsh', present: () => findOnPath('zsh') },
  { package: 'fish', present: () => findOnPath('fish') },
];

/** The packages that are missing here. */
export const missingParts = () =>
  PARTS.filter(({ present }) => !present()).map((part) => part.package);

/**
 * Installs what is missing, quietly. Never rejects: where it cannot, tests skip by name.
 * @param {string[]} [missing]
 * @returns {Promise<string | null>} why something is still missing, in one line, or null
 */
export async function ensureSystemParts(missing = missingParts()) {
  if (missing.length === 0) return null;
  const names = missing.join(', ');
  if (process.platform !== 'linux' || !findOnPath('apt-get')) return `not here: ${names}`;
  if (process.getuid?.() !== 0) return `not here, and only root can install them: ${names}`;
  console.log(`Installing ${names} (once)...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quick = ['-qq', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=15'];
  const options = { quiet: true, env };
  await runCommand('apt-get', [...quick, 'update'], options);
  const install = [...quick, '-y', '--no-install-recommends', 'install', ...missing];
  const { code } = await runCommand('apt-get', install, options);
  return code === 0 ? null : `apt could not install: ${names}`;
}

/** @param {string} name */
function hasLibrary(name) {
  const folders = ['/usr/lib', '/usr/lib64', '/lib'];
  const machines = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
  const machine = machines[/** @type {keyof typeof machines} */ (process.arch)];
  return folders.some(
    (folder) => existsSync(`${folder}/${name}`) || existsSync(`${folder}/${machine}/${name}`),
  );
}
