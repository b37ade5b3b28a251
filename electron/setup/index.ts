/** The room's face: what the composition root may use. */
export { type FileWorld, thisMachine } from './import/files.ts';
export {
  createImporter,
  type ImportedPeer,
  type ImportedRelay,
  type ImporterOptions,
  type ImportHandlers,
} from './import/importer.ts';
export * from './openclaw/index.ts';
export {
  type Provision,
  type ProvisionedPeerEntry,
  parseProvision,
  readProvisionFile,
} from './provision.ts';
export type { TailscaleOptions, TailscalePlace } from './tailscale/options.ts';
export type { TailnetCaller } from './tailscale/questions.ts';
export { expiryWarning } from './tailscale/state.ts';
export { createTailscale, type Tailscale } from './tailscale/tailscale.ts';
