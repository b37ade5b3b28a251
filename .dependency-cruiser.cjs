/** The map of ARCHITECTURE.md, enforced: who may import whom. */
const services =
  '^electron/(peers|health|links|conversations|reception|setup|relay-server|relays|notifications|practice|fallback|agents)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^electron/contract/' },
      to: { path: '^(electron|renderer|bin|test)/', pathNot: '^electron/contract/' },
    },
    {
      name: 'contract-is-plain',
      comment: 'No Node, DOM or Electron: the same code checks both ends of every transport.',
      severity: 'error',
      from: { path: '^electron/contract/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: '^node_modules/zod/' },
    },
    {
      name: 'renderer-knows-the-contract-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron|bin|test)/', pathNot: '^electron/contract/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'store-and-secrets-know-the-contract-only',
      severity: 'error',
      from: { path: '^electron/(store|secrets)/' },
      to: { path: '^electron/', pathNot: '^electron/(contract|clock)/|^electron/$1/' },
    },
    {
      name: 'services-know-no-shell-and-no-app',
      severity: 'error',
      from: { path: services },
      to: { path: '^electron/(shell|app)/|^electron/(main|serve|preload)\\.ts$' },
    },
    {
      name: 'only-app-knows-all-services',
      comment: 'Services meet through narrow interfaces that are passed in.',
      severity: 'error',
      from: {
        path: '^electron/(peers|health|conversations|reception|setup|relay-server|relays|notifications|practice|fallback|agents)/',
      },
      to: {
        path: '^electron/(peers|health|conversations|reception|setup|relay-server|relays|notifications|practice|fallback|agents)/',
        pathNot: '^electron/$1/',
      },
    },
    {
      name: 'links-know-the-wire-only',
      severity: 'error',
      from: { path: '^electron/links/' },
      to: { path: '^electron/', pathNot: '^electron/(contract|clock|links)/' },
    },
    {
      name: 'conversations-know-link-and-not-which',
      severity: 'error',
      from: { path: '^electron/(conversations|health)/' },
      to: { path: '^electron/links/', pathNot: '^electron/links/link\\.ts$' },
    },
    {
      name: 'only-the-desktop-shell-knows-electron',
      severity: 'error',
      from: {
        path: '^(electron|renderer|bin)/',
        pathNot: '^electron/(shell/desktop/|main\\.ts$|preload\\.ts$)',
      },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'only-secrets-knows-keytar',
      severity: 'error',
      from: { path: '^(electron|renderer|bin)/', pathNot: '^electron/secrets/' },
      to: { path: 'keytar' },
    },
    {
      name: 'only-store-knows-sqlite',
      severity: 'error',
      from: { path: '^(electron|renderer|bin)/', pathNot: '^electron/store/' },
      to: { path: 'sqlite' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(electron|renderer|bin)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
