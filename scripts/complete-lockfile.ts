/**
 * Adds to package-lock.json the packages for other platforms that its maker's registry did not have.
 * Without them `npm ci` refuses the file wherever they exist. They are optional and bound to their
 * platform, so nobody else is sent them. `--check` only looks.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of an entry that matters here. */
export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}
export type Locked = Record<string, LockedPackage>;

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x'];
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** The entries that are missing, by their path in the lockfile. */
export function missingPackages(packages: Locked): Locked {
  const missing: Locked = {};
  for (const [path, { dev, optionalDependencies }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (isThere(packages, path, name) || !EXACT.test(version)) continue;
      const platform = platformOf(name);
      if (!platform) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...platform,
        ...(dev ? { dev } : {}),
        optional: true,
      };
    }
  }
  return missing;
}

/** As Node looks for it: beside the package, then beside each folder above. */
function isThere(packages: Locked, from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** The platform that the name of a package tells: `@x/binding-linux-arm64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | null {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (!os || !cpu) return null;
  const musl = words.some((word) => word.startsWith('musl'));
  const gnu = words.some((word) => word.startsWith('gnu'));
  const libc = musl ? ['musl'] : gnu ? ['glibc'] : undefined;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc } : {}) };
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Locked };
  const missing = missingPackages(lock.packages);
  const names = Object.keys(missing);
  if (process.argv.includes('--check')) {
    if (names.length > 0) console.error(`missing in package-lock.json: ${names.join(', ')}`);
    process.exitCode = names.length > 0 ? 1 : 0;
  } else if (names.length > 0) {
    const [root, ...others] = Object.entries({ ...lock.packages, ...missing });
    others.sort(([a], [b]) => a.localeCompare(b, 'en'));
    lock.packages = Object.fromEntries(root ? [root, ...others] : others);
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    console.log(`added ${names.length} packages`);
  }
}
