/** What a window is told of fallback hooks and of their runs. */
import * as z from 'zod';
import { MessageId, PeerId } from '../ids.ts';

/** A command: an absolute path and fixed arguments. No shell reads it; the text comes on its standard input. */
export const HookCommand = z.object({
  program: z.string().trim().min(1).max(1_000),
  arguments: z.array(z.string().max(1_000)).max(32),
  timeoutSeconds: z.number().int().min(1).max(600),
});
export type HookCommand = z.infer<typeof HookCommand>;

/** `offer` = only after a click. `automatic` = by itself once the peer was out of reach for ten minutes. */
export const HookMode = z.enum(['offer', 'automatic']);
export type HookMode = z.infer<typeof HookMode>;

/** A hook as it is set. */
export const HookView = HookCommand.extend({
  /** Null = for every peer that has none of its own. */
  peerId: PeerId.nullable(),
  mode: HookMode,
});
export type HookView = z.infer<typeof HookView>;

/**
 * How a run ended. `done` = exit code 0, which is believed. `failed` = another one, or it could not be
 * started. `timed_out` = ended by us. `unseen` = the app stopped meanwhile.
 */
export const HookOutcome = z.enum(['running', 'done', 'failed', 'timed_out', 'unseen']);
export type HookOutcome = z.infer<typeof HookOutcome>;

/** One run of a hook; `messageId` null = a test. Times in ms since the epoch. */
export const HookRun = z.object({
  messageId: MessageId.nullable(),
  program: z.string(),
  /** Nobody clicked: the hook of this peer is automatic. */
  byItself: z.boolean(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  outcome: HookOutcome,
  /** Null where it did not come to its own end. */
  exitCode: z.number().int().nullable(),
  /** The beginning of what it wrote, at most 16 kB, as plain text. Untrusted. */
  output: z.string(),
});
export type HookRun = z.infer<typeof HookRun>;
