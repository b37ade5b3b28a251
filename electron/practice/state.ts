/** What of a practice gateway outlives the app: its identity, token, devices and transcripts. */
import * as z from 'zod';
import { PairedDevice } from './devices.ts';
import { Session } from './transcripts.ts';

/** Kept by the app as JSON between runs. Another `version` is not read. */
export const PracticeState = z.object({
  version: z.literal(1),
  /** The identity's private key; without it a restart would look like another gateway. */
  privateKeyPem: z.string(),
  token: z.string(),
  port: z.number().int(),
  devices: z.array(PairedDevice),
  sessions: z.array(Session),
});
export type PracticeState = z.infer<typeof PracticeState>;

/** Reads a stored state; null where it is missing or not one of ours. */
export function readPracticeState(value: unknown): PracticeState | null {
  const parsed = PracticeState.safeParse(value);
  return parsed.success ? parsed.data : null;
}
