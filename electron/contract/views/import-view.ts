/** What a window is told of files of other tools: what is in them, and what would become of it. */
import * as z from 'zod';
import { PeerId } from '../ids.ts';
import { AppError } from '../result.ts';

/**
 * `peer_config`: peer-agent/peer-config.md, of the Tailscale or the LAN kind. `mesh_tokens` and
 * `mesh_registry`: tokens.json and registry.json of agent-team-mesh. `agent_state`:
 * ~/.clawlink/agent_state.json.
 */
export const ImportFileKind = z.enum([
  'peer_config',
  'mesh_tokens',
  'mesh_registry',
  'agent_state',
]);
export type ImportFileKind = z.infer<typeof ImportFileKind>;

/** A file that lies where the tool puts it. Its content was not read yet. */
export const ImportPlace = z.object({ path: z.string(), kind: ImportFileKind });
export type ImportPlace = z.infer<typeof ImportPlace>;

/** A file that was read for a preview. What it holds is shown by the rows. */
export const ImportFile = z.object({
  path: z.string(),
  /** Null where it is of no known form; `error` says more. */
  kind: ImportFileKind.nullable(),
  /** Octal, as `0644`; null where the platform has no such thing. */
  mode: z.string().nullable(),
  /** Others than its owner may read it. */
  tooOpen: z.boolean(),
  /** How many tokens stand in it. They are never shown. */
  tokens: z.number().int(),
  /** What the person should know of it. */
  notes: z.array(z.string()),
  error: AppError.nullable(),
});
export type ImportFile = z.infer<typeof ImportFile>;

/** One entry of a file, and what would become of it. */
export const ImportRow = z.object({
  id: z.string(),
  /** The file in which it stands. */
  path: z.string(),
  /** What it would become. */
  what: z.enum(['peer', 'relay']),
  /** The name that it would get; it can be changed. */
  name: z.string(),
  nickname: z.string().nullable(),
  address: z.string().nullable(),
  /** `environment`: it is not in the file; the tool takes it from CLAWLINK_TOKEN. */
  token: z.enum(['found', 'environment', 'none']),
  outcome: z.enum(['add', 'present', 'cannot']),
  /** What will happen, or why nothing can. */
  text: z.string(),
  /** The peer that is there already. */
  peerId: PeerId.nullable(),
});
export type ImportRow = z.infer<typeof ImportRow>;

/** What was read; the app holds the newest eight, and `import.apply` names one by `previewId`. */
export const ImportPreview = z.object({
  previewId: z.string(),
  files: z.array(ImportFile),
  rows: z.array(ImportRow),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

/** What became of one row. */
export const ImportResult = z.object({
  id: z.string(),
  name: z.string(),
  peerId: PeerId.nullable(),
  error: AppError.nullable(),
});
export type ImportResult = z.infer<typeof ImportResult>;
