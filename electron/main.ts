/** The entry of the desktop shell. */
import { join } from 'node:path';
import { app } from 'electron';
import { createApp } from './app/app.ts';
import { Redactor } from './secrets/index.ts';
import { keychainUtility } from './shell/desktop/keychain-utility.ts';
import { beginDesktop, runDesktop } from './shell/desktop/run-desktop.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');
// Another process reads the file by itself, and knows nothing of archives.
const unpacked = (path: string): string => path.replace('app.asar', 'app.asar.unpacked');
const redactor = new Redactor();
const log = (line: string): void => {
  if (process.env.PEERAGE_LOG === '1') console.error(redactor.redact(line));
};

const start = await beginDesktop(process.argv.slice(1));
if (typeof start === 'number') app.exit(start);
else {
  void runDesktop(start, {
    out,
    assets: join(root, 'assets'),
    log,
    redact: (text) => redactor.redact(text),
    createApp: (home, { configFile, secretsFolder }) =>
      createApp({
        home,
        version: app.getVersion(),
        shell: 'desktop',
        configFile,
        secretsFolder,
        keychainChild: keychainUtility(unpacked(join(out, 'keychain-child.mjs'))),
        redactor,
        log,
        command: {
          skill: join(root, 'assets', 'skill', 'SKILL.md'),
          script: app.isPackaged
            ? join(process.resourcesPath, 'bin', 'peerage.cjs')
            : join(out, 'bin', 'peerage.cjs'),
          // The packed program is no Node: the person's own runs the command.
          node: 'node',
        },
      }),
  }).then((code) => app.exit(code));
}
