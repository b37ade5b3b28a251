/** Calls that keep how far the setup is, so that it goes on where it was after a restart. */
import * as z from 'zod';
import { SetupPeer, SetupProof, SetupStep, SetupView } from '../views/setup-view.ts';
import { nothing } from './app-calls.ts';
import { command } from './call.ts';

/** Keeping the place in the setup; what the steps do are calls of other areas. */
export const setupCalls = {
  /** Remembers where the person is. It changes nothing else: each step's work has calls of its own. */
  'setup.update': command(
    'window',
    z.object({
      changes: z
        .object({
          open: z.boolean(),
          step: SetupStep,
          skipped: z.array(SetupStep).max(20),
          peer: SetupPeer.nullable(),
          proof: SetupProof.nullable(),
        })
        .partial(),
    }),
    SetupView,
  ),
  /** From the beginning. What works stays as it is. */
  'setup.restart': command('window', nothing, SetupView),
} as const;
