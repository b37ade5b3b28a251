/** How far the person came in the setup. What the steps see is not kept: it is looked at anew. */
import * as z from 'zod';
import { InviteId, PeerId } from '../ids.ts';

/** The pages of the setup, in their order. */
export const SetupStep = z.enum([
  'welcome',
  'tailscale',
  'tailnet',
  'gateway',
  'bind',
  'peer',
  'approval',
  'proof',
  'done',
]);
export type SetupStep = z.infer<typeof SetupStep>;

/** The peer that is being set up. */
export const SetupPeer = z.object({
  /** `mine`: the gateways are paired. `theirs`: through receptions, with consent each time. */
  whose: z.enum(['mine', 'theirs']).nullable(),
  name: z.string().max(80),
  /** Host name or address, as picked or typed. */
  address: z.string().max(255).nullable(),
  inviteId: InviteId.nullable(),
  peerId: PeerId.nullable(),
});
export type SetupPeer = z.infer<typeof SetupPeer>;

/** The message that went there and came back. */
export const SetupProof = z.object({
  peerId: PeerId,
  at: z.number(),
  ms: z.number(),
  /** The way that it took, in words: *direct*, *relayed over fra*. */
  path: z.string().max(200),
  /** What came back, cut. Untrusted. */
  answer: z.string().max(500).default(''),
});
export type SetupProof = z.infer<typeof SetupProof>;

/** Where the setup stands; kept over restarts. */
export const SetupView = z.object({
  /** It is on the screen, or was when the app stopped. */
  open: z.boolean(),
  step: SetupStep,
  /** What the person left out, to be offered again. */
  skipped: z.array(SetupStep),
  peer: SetupPeer.nullable(),
  proof: SetupProof.nullable(),
});
export type SetupView = z.infer<typeof SetupView>;

/** What a home begins with. */
export const FRESH_SETUP: SetupView = {
  open: true,
  step: 'welcome',
  skipped: [],
  peer: null,
  proof: null,
};
