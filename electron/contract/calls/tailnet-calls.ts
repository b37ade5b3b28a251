/** Calls about Tailscale on this machine. What they change is told through `TailnetView`. */
import * as z from 'zod';
import { NetcheckView, TailnetNodeId, TailnetPath, TailnetView } from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { requiredLine } from './text.ts';

/** How to join. An auth key is a secret on its way in: it is never stored and never comes back out. */
export const TailnetJoinInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('browser') }),
  z.object({ kind: z.literal('auth_key'), value: z.string().trim().min(1).max(2048) }),
]);
export type TailnetJoinInput = z.infer<typeof TailnetJoinInput>;

/** Pages of the vendor that a window may offer. */
export const TailnetPage = z.enum(['download', 'machines', 'auth_keys', 'key_expiry', 'operator']);
export type TailnetPage = z.infer<typeof TailnetPage>;

/** Looking at Tailscale, joining a tailnet, and switching it on. Only a window may. */
export const tailnetCalls = {
  /** Looks now: program, version, state, machines. Answers within 20 s with what was seen. */
  'tailnet.check': command('window', nothing, TailnetView),
  /**
   * Begins to join, and answers once Tailscale is asked; how it goes on stands in `TailnetView.join`.
   * Refused at once: `setup.join_api_key`, `setup.join_oauth_secret`, `setup.join_key_form`,
   * `setup.join_server_invalid`, `setup.join_busy`.
   */
  'tailnet.join': command(
    'window',
    z.object({
      by: TailnetJoinInput,
      /** A login server of one's own (headscale); null = Tailscale's. */
      loginServer: requiredLine(300).nullable(),
    }),
    nothing,
  ),
  /** The person saw the settings that stand (`confirm_flags`) and agrees that they are kept. */
  'tailnet.confirmJoin': command(
    'window',
    z.object({ flags: z.array(z.string().max(1000)).max(64) }),
    nothing,
  ),
  /** Stops waiting and forgets the join, also one that failed. A login begun in the browser may still end well. */
  'tailnet.cancelJoin': command('window', nothing, nothing),
  /** Switches Tailscale on where it is logged in and stopped. Answers when it runs, within 40 s. */
  'tailnet.up': command('window', nothing, nothing),
  /** Linux: lets this user change Tailscale, through the system's own administrator prompt. */
  'tailnet.allowOperator': command('window', nothing, nothing),
  /** One ping through the tailnet, within 12 s. It proves the path, not that a port is allowed. */
  'tailnet.ping': command(
    'window',
    z.object({ nodeId: TailnetNodeId }),
    z.object({ path: TailnetPath }),
  ),
  /** Looks at the network that this machine is in. Takes up to 30 s. */
  'tailnet.netcheck': command('window', nothing, NetcheckView),
  /** The address of a vendor's page; the window opens it by a click. */
  'tailnet.open': query('window', z.object({ page: TailnetPage }), z.object({ url: z.string() })),
} as const;
