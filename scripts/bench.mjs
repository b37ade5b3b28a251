/**
 * `npm run bench`: installs and builds what is missing, then measures. Arguments are those of
 * test/bench/main.ts: `--json`, and the names of benches. Never part of CI.
 */
import { join } from 'node:path';
import { ensureBuilt } from './parts/built.mjs';
import { runCommand } from './parts/command.mjs';
import { ensureInstalled } from './parts/install.mjs';
import { modules, pinnedNode, root } from './parts/places.mjs';

// Standard output belongs to the report alone.
console.log = console.error;

try {
  await ensureInstalled();
  await ensureBuilt();
  const bench = join(root, 'test', 'bench', 'main.ts');
  const path = [join(modules, '.bin'), process.env.PATH ?? ''];
  const { code } = await runCommand(pinnedNode, [bench, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, PATH: path.join(process.platform === 'win32' ? ';' : ':') },
  });
  process.exitCode = code;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
