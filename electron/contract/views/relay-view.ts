/** What a window is told of relays: where teams without a tailnet leave messages for each other. */
import * as z from 'zod';
import { LinkId, PeerId, RelayId } from '../ids.ts';
import { AppError } from '../result.ts';
import { OutgoingPreview } from './broadcast-view.ts';
import { LinkState } from './link-view.ts';

/** An agent as its relay lists it. All of it is said by the other side, bounded in length, unverified. */
export const RelayAgentView = z.object({
  id: z.string(),
  name: z.string(),
  capabilities: z.array(z.string()),
  machine: z.string(),
  description: z.string(),
  /** By our clock, reckoned from how old the relay says the last sign of life is; null = not told. */
  lastSeenAt: z.number().nullable(),
  /** Listed by the relay now. False: it is a peer of ours that has fallen silent. */
  online: z.boolean(),
  /** SHA-256 of the device key that it announces, lower-case hex; null = no Peerage, or none announced. */
  fingerprint: z.string().nullable(),
  /** The fingerprint that the person compared and trusts. */
  pinned: z.string().nullable(),
  /** The peer that it is in our book. */
  peerId: PeerId.nullable(),
  linkId: LinkId.nullable(),
});
export type RelayAgentView = z.infer<typeof RelayAgentView>;

/** The most agents of one relay that a view names; `relay.agents` finds the others. */
export const RELAY_AGENTS_NAMED = 100;

/** A relay at which we are registered. What it tells of agents may be forged. */
export const RelayView = z.object({
  id: RelayId,
  /** What the person calls it. */
  name: z.string(),
  url: z.string(),
  /** It is shown a token. */
  token: z.boolean(),
  state: LinkState,
  stateText: z.string(),
  error: AppError.nullable(),
  /** As whom we are there: stable, also after a restart of either side. */
  agentId: z.string(),
  agentName: z.string(),
  capabilities: z.array(z.string()),
  description: z.string(),
  /** Whoever joins becomes a peer by itself. */
  joinAll: z.boolean(),
  /** How messages come now. */
  incoming: z.enum(['socket', 'polling', 'none']),
  /** It gives each agent a secret of its own, so that one agent cannot speak or read as another. */
  guarded: z.boolean(),
  /** SHA-256 of the TLS certificate, lower-case hex, as pinned; null = an authority vouches, or no TLS. */
  tls: z.string().nullable(),
  /** When it last lost what it held, as far as we noticed. */
  forgotAt: z.number().nullable(),
  /** How many agents it lists, we not counted. */
  agentsTotal: z.number().int(),
  /** Peers first, then the ones that were heard last. */
  agents: z.array(RelayAgentView).max(RELAY_AGENTS_NAMED),
});
export type RelayView = z.infer<typeof RelayView>;

/** All relays, and what we show them of ourselves. */
export const RelaysView = z.object({
  /** SHA-256 of this device's key, lower-case hex, for comparing; null while it cannot be read. */
  fingerprint: z.string().nullable(),
  relays: z.array(RelayView),
});
export type RelaysView = z.infer<typeof RelaysView>;

/** What a window holds before its first snapshot. */
export const NO_RELAYS: RelaysView = { fingerprint: null, relays: [] };

/** A relay that announces itself on the network. Anyone can: nothing is sent to it before a click. */
export const FoundRelay = z.object({
  name: z.string(),
  url: z.string(),
  host: z.string(),
  version: z.string(),
  /** Whether it says that it wants a token. */
  auth: z.boolean().nullable(),
  /** Its address is on no network of this machine, wherever the announcement came from. */
  elsewhere: z.boolean(),
});
export type FoundRelay = z.infer<typeof FoundRelay>;

/** What one careful look at a relay found, before anything is stored. */
export const RelayProbe = z.object({
  url: z.string(),
  state: LinkState,
  stateText: z.string(),
  error: AppError.nullable(),
  version: z.string(),
  agents: z.number().int(),
  tls: z.string().nullable(),
  /** The token, and all that is said, goes over the network in the open. */
  plain: z.boolean(),
});
export type RelayProbe = z.infer<typeof RelayProbe>;

/** What would be told to all agents of a relay. Who they are, and whether it is connected, its view says. */
export const RelayBroadcastPreview = z.object({
  relayId: RelayId,
  relay: z.string(),
  /** As whom we tell it. */
  agentName: z.string(),
  /** A secret's line is 0 where it stands in the topic or in a tag. */
  message: OutgoingPreview,
  /** As the relay is told it: *general* where there is none. */
  topic: z.string(),
  tags: z.array(z.string()),
  /** It is signed with this device's key, in tags that other Peerages read. */
  signed: z.boolean(),
  /** It goes over the network in the open. */
  plain: z.boolean(),
});
export type RelayBroadcastPreview = z.infer<typeof RelayBroadcastPreview>;

/** Content that is not text travels as base64, marked in its type: `image/png;base64`. */
export const SharedFileView = z.object({
  relayId: RelayId,
  relay: z.string(),
  key: z.string(),
  type: z.string(),
  version: z.number().int(),
  /** The id of who saved it last, and the name by which we know them. Unverified. */
  editor: z.string(),
  editorName: z.string(),
  /** As the relay says, ms since the epoch; null = it said nothing that makes sense. */
  updatedAt: z.number().nullable(),
  /** The newest version of which we hold the content; null = none. */
  heldVersion: z.number().int().nullable(),
  /** It was changed by somebody else since we last looked at it. */
  changed: z.boolean(),
});
export type SharedFileView = z.infer<typeof SharedFileView>;

/** One version of a shared file, whole. Untrusted; `updatedAt` as in {@link SharedFileView}. */
export const SharedFileContent = z.object({
  key: z.string(),
  type: z.string(),
  version: z.number().int(),
  editor: z.string(),
  editorName: z.string(),
  updatedAt: z.number().nullable(),
  content: z.string(),
});
export type SharedFileContent = z.infer<typeof SharedFileContent>;

/** A version that passed through us. */
export const SharedFileVersion = z.object({
  version: z.number().int(),
  editor: z.string(),
  editorName: z.string(),
  ours: z.boolean(),
  bytes: z.number().int(),
  /** When we saw it, by our clock. */
  seenAt: z.number(),
});
export type SharedFileVersion = z.infer<typeof SharedFileVersion>;

/**
 * What became of a put. `conflict` = somebody saved since the base was loaded; nothing was written.
 * `merged` is there where the base is known: the text of both, `clean` where nothing contradicts.
 */
export const SharedFilePut = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('saved'),
    version: z.number().int(),
    /** Somebody saved in the moment between our look and our save; this version is not ours to see. */
    overwrote: z.number().int().nullable(),
  }),
  z.object({
    kind: z.literal('conflict'),
    theirs: SharedFileContent,
    base: z.string().nullable(),
    merged: z.object({ text: z.string(), clean: z.boolean() }).nullable(),
  }),
]);
export type SharedFilePut = z.infer<typeof SharedFilePut>;
