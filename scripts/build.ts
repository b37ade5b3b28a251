/** Builds everything that runs into `out/`: the entries by esbuild, the window by Vite. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { build as buildWindow } from 'vite';
import { checkInitialBytes, type Piece } from './parts/window-weight.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');

/** Left out of the bundles: Electron is the host, keytar is native, the rest is optional in `ws`. */
const external = ['electron', 'keytar', 'bufferutil', 'utf-8-validate'];

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  external,
  sourcemap: 'linked',
  legalComments: 'eof',
  logLevel: 'warning',
  outdir: out,
};

/** Packages written for `require` still ask for it inside an ES module. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

/**
 * The command line runs on a person's own Node, which may be older, and alone. It is no ES module: Node
 * loads less of itself for those that are none, and a verb starts nearly as fast as Node does. What few
 * verbs need is loaded from bundles of their own.
 */
async function buildCommandLine(): Promise<void> {
  const later = new Set<string>();
  const lean: Plugin = {
    name: 'lean',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /\/commands\/[\w-]+\.ts$/ }, ({ kind, path }) => {
        if (kind !== 'dynamic-import') return null;
        const name = basename(path, '.ts');
        later.add(name);
        return { path: `./peerage-${name}.cjs`, external: true };
      });
      // Of package.json it shows the version.
      onLoad({ filter: /\/package\.json$/ }, async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  };
  const options: BuildOptions = {
    ...common,
    outdir: join(out, 'bin'),
    target: 'node20',
    sourcemap: false,
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname' },
    // `import()` would load what ES modules need.
    supported: { 'dynamic-import': false },
    minify: true,
    outExtension: { '.js': '.cjs' },
  };
  await build({ ...options, entryPoints: { peerage: 'bin/peerage.ts' }, plugins: [lean] });
  const rest = [...later].map((name) => [`peerage-${name}`, `bin/commands/${name}.ts`]);
  await build({ ...options, entryPoints: Object.fromEntries(rest) as Record<string, string> });
}

await rm(join(out, 'bin'), { recursive: true, force: true });
const before = await readdir(out).catch(() => []);
await Promise.all(
  before
    .filter((name) => /\.[mc]js(\.map)?$/.test(name))
    .map((name) => rm(join(out, name), { force: true })),
);
await Promise.all([
  build({
    ...common,
    entryPoints: {
      main: 'electron/main.ts',
      serve: 'electron/serve.ts',
      updater: 'electron/shell/desktop/updates-electron.ts',
    },
    format: 'esm',
    // Both shells are nearly the same app: what they share is there once, beside them.
    splitting: true,
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
  }),
  // Lies outside the archive, where nothing is that it could share.
  build({
    ...common,
    entryPoints: { 'keychain-child': 'electron/secrets/keychain-child.ts' },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
  }),
  buildCommandLine(),
  // A sandboxed preload is read as CommonJS, whatever package.json says.
  build({
    ...common,
    entryPoints: { preload: 'electron/preload.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  }),
  buildWindow({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' }).then((built) => {
    console.log(checkInitialBytes((built as { readonly output: readonly Piece[] }).output));
  }),
]);
