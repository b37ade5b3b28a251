/** How far an update of the app itself is. */
import * as z from 'zod';
import { AppError } from '../result.ts';

const version = z.string().max(64);

/** Where an update of the app is, one step after the other; `ready` waits for the person. */
export const UpdateView = z.discriminatedUnion('kind', [
  /** This copy does not update itself: shown in a browser, run from sources, or a system's package. */
  z.object({ kind: z.literal('none') }),
  /** `checkedAt`: when it last asked, ms since the epoch; null = not yet. */
  z.object({ kind: z.literal('idle'), checkedAt: z.number().nullable() }),
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('available'), version }),
  z.object({ kind: z.literal('downloading'), version, percent: z.number().int().min(0).max(100) }),
  /** `password`: the system asks for one when it is installed. */
  z.object({ kind: z.literal('ready'), version, password: z.boolean() }),
  /** The person wants it now, and something is being sent: it goes on by itself after that. */
  z.object({ kind: z.literal('waiting'), version }),
  z.object({ kind: z.literal('installing'), version }),
  /** `version`: the one that could not be had; null = the question itself failed. */
  z.object({ kind: z.literal('failed'), error: AppError, version: version.nullable() }),
]);
export type UpdateView = z.infer<typeof UpdateView>;
