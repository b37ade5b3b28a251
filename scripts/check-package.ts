/**
 * Looks into packed apps: `node scripts/check-package.ts release/linux-unpacked...`. Fails where something
 * is inside that should not be, or a fuse stands otherwise than decided. Fuses are read where the program
 * is Electron itself; of another one they are reported as skipped.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  filesWithCredentials,
  filesWithMaps,
  isElectron,
  packedFiles,
  secretValues,
  totalBytes,
  unexpectedFiles,
  wrongFuses,
} from './parts/package-content.ts';

/** Where the resources and the programs are, by platform: of macOS inside the bundle. */
function partsOf(folder: string): { resources: string; programs: string[] } {
  const bundle = readdirSync(folder).find((name) => name.endsWith('.app'));
  if (bundle !== undefined) {
    const contents = join(folder, bundle, 'Contents');
    const framework = join(contents, 'Frameworks/Electron Framework.framework/Electron Framework');
    return { resources: join(contents, 'Resources'), programs: [framework] };
  }
  const programs = ['peerage', 'Peerage.exe', 'Peerage'].map((name) => join(folder, name));
  return { resources: join(folder, 'resources'), programs: programs.filter(existsSync) };
}

const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const config = yaml.load(
  readFileSync(join(import.meta.dirname, '../electron-builder.yml'), 'utf8'),
) as { readonly electronFuses: Readonly<Record<string, boolean>> };

/** Prints what was found. @returns what is wrong */
async function check(folder: string): Promise<string[]> {
  const { resources, programs } = partsOf(folder);
  const files = packedFiles(resources);
  console.log(
    `${folder}: ${files.length} files, ${Math.round(totalBytes(files) / 1000)} kB of ours`,
  );
  const wrong = [
    ...unexpectedFiles(files).map((path) => `${path} does not belong there`),
    ...filesWithMaps(files).map((path) => `${path} carries its sources`),
    ...filesWithCredentials(files, secretValues(process.env)).map(
      (path) => `${path} holds a credential`,
    ),
  ];
  const electron = programs.find(isElectron);
  if (electron === undefined) {
    console.log('skipped: fuses (there is no Electron binary in this package)');
    return wrong;
  }
  const fuses = await wrongFuses(electron, config.electronFuses);
  console.log(`fuses read back from ${electron}: ${fuses.length === 0 ? 'as decided' : 'WRONG'}`);
  return [...wrong, ...fuses.map((fuse) => `fuse ${fuse} is not as decided`)];
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('Usage: node scripts/check-package.ts FOLDER...');
  process.exitCode = 2;
}
for (const folder of folders) {
  for (const problem of await check(folder)) {
    console.error(`${folder}: ${problem}`);
    process.exitCode = 1;
  }
}
