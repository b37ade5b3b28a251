/** What is inside of a packed app: listed, weighed, and searched for what must not be there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

interface Asar {
  listPackage(file: string, options: { isPack: boolean }): string[];
  statFile(file: string, name: string): { size?: number; unpacked?: boolean; files?: unknown };
  extractFile(file: string, name: string): Buffer;
}
interface Fuses {
  readonly FuseV1Options: Readonly<Record<string, number | string>>;
  getCurrentFuseWire(program: string): Promise<Readonly<Record<string, unknown>>>;
}
const need = createRequire(import.meta.url);
const asar = need('@electron/asar') as Asar;

export interface PackedFile {
  /** Relative to the archive, or to the resources with `outside/` in front; forward slashes. */
  readonly path: string;
  readonly bytes: number;
  read(): Buffer;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Every file of the app in a folder `resources`: in the archive, beside it, and the unpacked ones. */
export function packedFiles(resources: string): PackedFile[] {
  const archive = join(resources, 'app.asar');
  const inside = asar.listPackage(archive, { isPack: false }).flatMap((listed): PackedFile[] => {
    const name = listed.replace(/^[\\/]/, '');
    const { files, size = 0, unpacked } = asar.statFile(archive, name);
    if (files !== undefined || unpacked) return [];
    const path = name.replaceAll('\\', '/');
    return [{ path, bytes: size, read: () => asar.extractFile(archive, name) }];
  });
  const outside = filesUnder(resources)
    .filter((path) => path !== archive)
    .map((path) => ({
      path: `outside/${relative(resources, path).replaceAll('\\', '/')}`,
      bytes: statSync(path).size,
      read: () => readFileSync(path),
    }));
  return [...inside, ...outside];
}

/** What belongs into a package; everything else is a slip. */
const ALLOWED: readonly RegExp[] = [
  /^out\/(main|serve|updater|shared-[0-9A-Z]+)\.mjs$/,
  /^out\/preload\.cjs$/,
  /^out\/renderer\/(index\.html|assets\/[\w.-]+\.(js|css|svg|png|woff2))$/,
  /^assets\/tray\/[\w@.-]+\.(png|ico)$/,
  /^assets\/skill\/SKILL\.md$/,
  /^outside\/skill\/SKILL\.md$/,
  /^package\.json$/,
  /^outside\/app\.asar\.unpacked\/out\/keychain-child\.mjs$/,
  /^outside\/app\.asar\.unpacked\/node_modules\/keytar\/(package\.json|lib\/[\w.-]+|prebuilds\/[\w.@+-]+(\/[\w.@+-]+)?)$/,
  /^outside\/bin\/[\w.-]+\.cjs$/,
  // Electron's and electron-builder's own.
  /^outside\/(app-update\.yml|package-type|default_app\.asar|inspector\/.*|[\w-]+\.lproj\/.*|icon\.icns|[\w-]+\.icns|elevate\.exe|.*\.pak|.*\.nib|apparmor-profile)$/,
];

/** The files that should not be there: tests, sources, maps, other packages, and what nobody thought of. */
export const unexpectedFiles = (files: readonly PackedFile[]): string[] =>
  files.map((file) => file.path).filter((path) => !ALLOWED.some((shape) => shape.test(path)));

/** Shapes of real credentials: a match is one, or was made to look like one. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bgithub_pat_[A-Za-z0-9_]{60,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/,
  /\btskey-[a-z]+-[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}/,
  /\bxox[abprs]-[A-Za-z0-9-]{20,}/,
];

/** What the builder's own environment keeps secret. */
export const secretValues = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(env)
    .filter(([name]) => /TOKEN|SECRET|PASSWORD|PASSPHRASE|API_?KEY|CSC_LINK/i.test(name))
    .map(([, value]) => value ?? '')
    .filter((value) => value.length >= 12);

/** The files that hold a credential, or one of these values. */
export const filesWithCredentials = (
  files: readonly PackedFile[],
  values: readonly string[],
): string[] =>
  files
    .filter((file) => {
      const text = file.read().toString('latin1');
      return (
        SHAPES.some((shape) => shape.test(text)) || values.some((value) => text.includes(value))
      );
    })
    .map((file) => file.path);

/** What one of the bundles tells of where its map is. */
export const filesWithMaps = (files: readonly PackedFile[]): string[] =>
  files
    .filter(({ path }) => /\.(mjs|cjs|js|css)$/.test(path) && path.includes('out/'))
    .filter((file) => /sourceMappingURL=data:|sourcesContent/.test(file.read().toString('latin1')))
    .map((file) => file.path);

export const totalBytes = (files: readonly PackedFile[]): number =>
  files.reduce((all, { bytes }) => all + bytes, 0);

/** Electron keeps its fuses behind this mark (`@electron/fuses`); no other program has it. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** True for a program that is Electron itself: only that one has fuses to read. */
export const isElectron = (program: string): boolean =>
  existsSync(program) && readFileSync(program).includes(SENTINEL);

/** A fuse in the wire is one character: '1' or '0'. */
const FUSE_ON = 0x31;
const FUSE_OFF = 0x30;

/** electron-builder's names of the fuses, as `@electron/fuses` calls them. */
const fuseName = (option: string): string => `${option[0]?.toUpperCase()}${option.slice(1)}`;

/**
 * Reads the fuses of a packed program. Never call it for a program that is not Electron.
 * @returns the decided fuses that stand otherwise; empty = all as decided
 */
export async function wrongFuses(
  program: string,
  decided: Readonly<Record<string, boolean>>,
): Promise<string[]> {
  const fuses = need('@electron/fuses') as Fuses;
  const wire = await fuses.getCurrentFuseWire(program);
  return Object.entries(decided)
    .filter(([option]) => option !== 'resetAdHocDarwinSignature')
    .filter(([option, on]) => {
      const index = fuses.FuseV1Options[fuseName(option)];
      return wire[String(index)] !== (on ? FUSE_ON : FUSE_OFF);
    })
    .map(([option]) => option);
}
