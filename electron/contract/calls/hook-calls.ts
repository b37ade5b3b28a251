/** Calls about the fallback hook. All of them need the window: a hook runs a program. */
import * as z from 'zod';
import { MessageId, PeerId } from '../ids.ts';
import { HookCommand, HookMode, HookRun, HookView } from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';

/** Setting, trying and using the program that takes messages whose peer stays out of reach. */
export const hookCalls = {
  'hook.list': query('window', nothing, z.object({ hooks: z.array(HookView) })),
  /** Sets the hook of a peer, or, with null, the one of all others; `hook: null` takes it away. */
  'hook.set': command(
    'window',
    z.object({
      peerId: PeerId.nullable(),
      hook: HookCommand.extend({ mode: HookMode }).nullable(),
    }),
    nothing,
  ),
  /** Runs the command once with a text that says that it is a test. Answers when it ended. */
  'hook.test': command(
    'window',
    z.object({ command: HookCommand, peerId: PeerId.nullable() }),
    z.object({ run: HookRun }),
  ),
  /** What can be done for a message that waits: its hook, whether it may be taken now, its runs. */
  'hook.of': query(
    'window',
    z.object({ messageId: MessageId }),
    z.object({ hook: HookView.nullable(), offered: z.boolean(), runs: z.array(HookRun) }),
  ),
  /** Hands a message that waits to its hook. Answers when that ended. */
  'hook.handOver': command(
    'window',
    z.object({ messageId: MessageId }),
    z.object({ run: HookRun }),
  ),
} as const;
