/**
 * Packs for Linux as far as that goes without the tools which electron-builder downloads: the folder, and
 * the menu entries that an AppImage and a deb would get. `node pack-linux.ts CONFIG RESULT`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';

/** What the menus of desktops would be told. */
export interface MenuEntries {
  readonly appImage: { readonly file: string; readonly text: string };
  readonly deb: { readonly file: string; readonly text: string };
}

const [config = '', result = ''] = process.argv.slice(2);
const told: Partial<Record<keyof MenuEntries, MenuEntries['deb']>> = {};

await build({
  projectDir: resolve(import.meta.dirname, '../../..'),
  config,
  publish: 'never',
  targets: Platform.LINUX.createTarget(['AppImage', 'deb'], Arch.x64),
  // True = that is all that was wanted. A deb is told by the arguments of its packer.
  effectiveOptionComputed: async (given: unknown) => {
    if (Array.isArray(given)) {
      const [args, file] = given as [string[], string];
      const place = args.find((arg) => arg.startsWith(`${file}=`)) ?? '';
      told.deb = { file: basename(place), text: readFileSync(file, 'utf8') };
    } else {
      const { desktop, desktopFileName } = given as { desktop: string; desktopFileName: string };
      told.appImage = { file: desktopFileName, text: desktop };
    }
    return true;
  },
});
writeFileSync(result, JSON.stringify(told));
