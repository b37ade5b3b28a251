/** What a window is told of health: the ladder of a link, and the warnings derived from all. */
import * as z from 'zod';
import { LinkId, PeerId, WarningId } from '../ids.ts';
import { Remedy } from '../result.ts';

/** The rungs, lowest first. Each depends on the one before. */
export const RungId = z.enum([
  'tailscale_running',
  'tailnet_peer',
  'tailnet_path',
  'tcp_port',
  'http_health',
  'handshake',
  'identity',
  'approval',
  'agent',
  'last_answer',
]);
export type RungId = z.infer<typeof RungId>;

/** `skipped` = a rung below failed. `not_checked` = nothing has looked yet, or
 * nothing can yet. `not_needed` = this link does without it. */
export const RungStatus = z.enum([
  'ok',
  'slow',
  'failed',
  'needs_you',
  'checking',
  'skipped',
  'not_checked',
  'not_needed',
]);
export type RungStatus = z.infer<typeof RungStatus>;

/** One step of a ladder and what it saw. `durationMs` and `at` are null where it was not tried. */
export const RungView = z.object({
  id: RungId,
  title: z.string(),
  status: RungStatus,
  /** What was tried, in words: *Open 100.64.0.2:18789*. */
  tried: z.string(),
  /** What was seen, in words: *Refused at once*. */
  seen: z.string(),
  /** Error code of the registry where it failed. */
  code: z.string().nullable(),
  durationMs: z.number().nullable(),
  at: z.number().nullable(),
  remedy: Remedy.nullable(),
});
export type RungView = z.infer<typeof RungView>;

/** The health check of one link, lowest rung first. Times in ms since the epoch; null = not yet. */
export const LadderView = z.object({
  linkId: LinkId,
  peerId: PeerId,
  rungs: z.array(RungView),
  checking: z.boolean(),
  checkedAt: z.number().nullable(),
  nextCheckAt: z.number().nullable(),
  /** The last time that everything was well, kept beside the last thing that was not. */
  lastGoodAt: z.number().nullable(),
  lastError: z
    .object({ at: z.number(), code: z.string(), title: z.string(), detail: z.string() })
    .nullable(),
});
export type LadderView = z.infer<typeof LadderView>;

/** How much a warning matters, the least first. */
export const Severity = z.enum(['info', 'warning', 'problem']);
export type Severity = z.infer<typeof Severity>;

/** A fact worth a person's eye, once, however often it is seen. `since`: ms since the epoch. */
export const WarningView = z.object({
  id: WarningId,
  code: z.string(),
  severity: Severity,
  title: z.string(),
  detail: z.string(),
  remedy: Remedy.nullable(),
  peerId: PeerId.nullable(),
  since: z.number(),
  /** True where the tray icon should show it. */
  impactsConnectivity: z.boolean(),
});
export type WarningView = z.infer<typeof WarningView>;
