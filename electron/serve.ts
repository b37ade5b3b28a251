/** The entry of the browser shell: for servers, pods, and machines without Electron or a display. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from './app/app.ts';
import { nodeChild, Redactor } from './secrets/index.ts';
import { runBrowser } from './shell/browser/run-browser.ts';

// Both `electron/` (from source) and `out/` (built) lie directly in the package.
const root = join(import.meta.dirname, '..');
const out = join(root, 'out');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
const redactor = new Redactor();
const log = (line: string): void => {
  if (process.env.PEERAGE_LOG === '1') console.error(redactor.redact(line));
};

const code = await runBrowser({
  args: process.argv.slice(2),
  out,
  log,
  redact: (text) => redactor.redact(text),
  createApp: (home, { configFile, secretsFolder }) =>
    createApp({
      home,
      version,
      shell: 'browser',
      configFile,
      secretsFolder,
      keychainChild: nodeChild({
        execPath: process.execPath,
        childEntry: join(out, 'keychain-child.mjs'),
      }),
      redactor,
      log,
      command: {
        skill: join(root, 'assets', 'skill', 'SKILL.md'),
        script: join(out, 'bin', 'peerage.cjs'),
        node: process.execPath,
      },
    }),
});
// All is written and closed; what a stopped part left open must not keep the process.
process.exit(code);
