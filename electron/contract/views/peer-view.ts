/** What a window is told of peers: a small row for the list, and the detail of the one on show. */
import * as z from 'zod';
import { PeerId } from '../ids.ts';
import { LinkView } from './link-view.ts';

/**
 * The five things that a row can say, each with its own shape in the list.
 * `needs_you` = only the person can go on (approve, new token, changed identity).
 */
export const PeerStatus = z.enum(['up', 'connecting', 'degraded', 'needs_you', 'down', 'blocked']);
export type PeerStatus = z.infer<typeof PeerStatus>;

/** One row of the peer list. Kept small: a window may hold 10,000. */
export const PeerRow = z.object({
  id: PeerId,
  name: z.string(),
  nickname: z.string().nullable(),
  group: z.string().nullable(),
  favourite: z.boolean(),
  /** The built-in practice peer, always labelled. */
  practice: z.boolean(),
  /** An agent of the own gateway. */
  own: z.boolean(),
  status: PeerStatus,
  /** A few words: *Up*, *Needs approval*, *Refused the token*. */
  statusText: z.string(),
  latencyMs: z.number().nullable(),
  unread: z.number().int(),
  /** Messages of ours that have not reached the peer. */
  waiting: z.number().int(),
  /** A run of the peer's agent is going on. */
  running: z.boolean(),
  lastActivityAt: z.number().nullable(),
  /** The beginning of the newest message, ours or theirs, on one line; empty where there is none. Peer text. */
  preview: z.string(),
});
export type PeerRow = z.infer<typeof PeerRow>;

/** A peer as its own page shows it; told only to windows that have it open. */
export const PeerDetail = z.object({
  id: PeerId,
  name: z.string(),
  nickname: z.string().nullable(),
  group: z.string().nullable(),
  favourite: z.boolean(),
  practice: z.boolean(),
  own: z.boolean(),
  notes: z.string(),
  /** Typed by the person, or read from the peer. */
  capabilities: z.array(z.object({ tag: z.string(), source: z.enum(['typed', 'peer']) })),
  links: z.array(LinkView),
  /** The one sentence before the first message was read and agreed to. */
  firstUseAcknowledged: z.boolean(),
  createdAt: z.number(),
});
export type PeerDetail = z.infer<typeof PeerDetail>;
