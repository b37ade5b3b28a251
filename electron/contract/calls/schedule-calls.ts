/** Calls about the morning status that goes out by itself. */
import * as z from 'zod';
import { PeerId } from '../ids.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { messageText, requiredLine } from './text.ts';

/** What a person may add to what the board tells by itself. */
const words = messageText.refine((text) => text.length <= 2_000, {
  message: 'At most 2,000 characters.',
});

/** When the status goes out, to whom, and what the person adds to what the app knows. */
export const MorningStatus = z.object({
  /** Minutes since midnight, local time. */
  at: z.number().int().min(0).max(1_439),
  /** 0 = Sunday. */
  weekdays: z.array(z.number().int().min(0).max(6)).min(1).max(7),
  peerIds: z.array(PeerId).min(1).max(50),
  topic: requiredLine(120),
  focus: words,
  need: words,
});
export type MorningStatus = z.infer<typeof MorningStatus>;

const preview = z.object({ peerId: PeerId, name: z.string(), text: z.string() });

/** Seeing, trying and setting the schedule of which there is one. */
export const scheduleCalls = {
  /** The schedule as it stands; null = none goes out by itself. */
  'status.schedule': query(
    'window',
    nothing,
    z.object({
      schedule: MorningStatus.nullable(),
      /** Ms since the epoch. */
      nextAt: z.number().nullable(),
      /** When the last one went, and when it was due that day. */
      lastAt: z.number().nullable(),
      lastDueAt: z.number().nullable(),
      /** Days since then on which the app was not there; `at`: when the last of them was due. */
      missed: z.object({ at: z.number(), count: z.number().int() }).nullable(),
      /** Peers that did not get the last one, and why. */
      failed: z.array(z.object({ name: z.string(), why: z.string() })),
    }),
  ),
  /** What each peer would get if it went now. Nothing is sent or kept. */
  'status.preview': query('window', MorningStatus, z.object({ previews: z.array(preview) })),
  /** From now on it goes by itself; the person has seen the preview. Null = no more. */
  'status.set': command('window', z.object({ schedule: MorningStatus.nullable() }), nothing),
} as const;
