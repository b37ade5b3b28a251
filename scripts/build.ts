/** Builds everything that runs into `out/`: the entries by esbuild, the window by Vite. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

/** The command loads the MCP server from a file of its own. */
const mcpApart: Plugin = {
  name: 'mcp-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/mcp\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './peerage-mcp.cjs', external: true } : null,
    );
  },
};

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
  // The command line runs on a person's own Node, which may be older, and alone. What only
  // `mcp` needs lies beside it, and it is no ES module: Node loads less of itself for those, and a verb
  // starts nearly as fast as Node does.
  build({
    ...common,
    entryPoints: { peerage: 'bin/peerage.ts', 'peerage-mcp': 'bin/commands/mcp.ts' },
    outdir: join(out, 'bin'),
    target: 'node20',
    sourcemap: false,
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname' },
    minify: true,
    plugins: [mcpApart],
    outExtension: { '.js': '.cjs' },
  }),
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
