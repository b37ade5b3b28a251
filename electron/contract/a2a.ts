/**
 * What Peerage says over A2A 1.0, for both halves: our reception and our client. The task's id is the
 * delegation's id. Source: a2a-protocol.org, specification 1.0, `TaskState` and extensions.
 */
import * as z from 'zod';

/**
 * The life of a delegation. `proposed` waits for a person or a policy; `asked_back` waits for the
 * asker; `accepted` is let through and not yet with the agent; `in_progress` is the agent's.
 */
export const DelegationState = z.enum([
  'proposed',
  'asked_back',
  'accepted',
  'in_progress',
  'completed',
  'failed',
  'declined',
  'cancelled',
  'expired',
]);
export type DelegationState = z.infer<typeof DelegationState>;

/** Task states as they travel in A2A 1.0's JSON. */
export type A2aTaskState =
  | 'TASK_STATE_SUBMITTED'
  | 'TASK_STATE_WORKING'
  | 'TASK_STATE_COMPLETED'
  | 'TASK_STATE_FAILED'
  | 'TASK_STATE_CANCELED'
  | 'TASK_STATE_INPUT_REQUIRED'
  | 'TASK_STATE_REJECTED'
  | 'TASK_STATE_AUTH_REQUIRED';

/** The one table from our states to A2A's. `expired` is a failure with the reason `expired`. */
export const TASK_STATE_OF: Readonly<Record<DelegationState, A2aTaskState>> = {
  proposed: 'TASK_STATE_SUBMITTED',
  asked_back: 'TASK_STATE_INPUT_REQUIRED',
  accepted: 'TASK_STATE_WORKING',
  in_progress: 'TASK_STATE_WORKING',
  completed: 'TASK_STATE_COMPLETED',
  failed: 'TASK_STATE_FAILED',
  declined: 'TASK_STATE_REJECTED',
  cancelled: 'TASK_STATE_CANCELED',
  expired: 'TASK_STATE_FAILED',
};

/** The same table read backwards, for tasks of ours at another's agent. */
export const DELEGATION_STATE_OF: Readonly<Record<A2aTaskState, DelegationState>> = {
  TASK_STATE_SUBMITTED: 'proposed',
  TASK_STATE_WORKING: 'in_progress',
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'cancelled',
  TASK_STATE_INPUT_REQUIRED: 'asked_back',
  TASK_STATE_REJECTED: 'declined',
  // Nobody of ours can log in at another's agent for it: a person must look.
  TASK_STATE_AUTH_REQUIRED: 'asked_back',
};

/** States after which nothing more comes. */
export const isOver = (state: DelegationState): boolean =>
  state === 'completed' ||
  state === 'failed' ||
  state === 'declined' ||
  state === 'cancelled' ||
  state === 'expired';

/** How much the asker says it presses; `normal` where it says nothing. It tunes the notice. */
export const DelegationPriority = z.enum(['low', 'normal', 'high', 'urgent']);
export type DelegationPriority = z.infer<typeof DelegationPriority>;

/** The key in `Message.metadata` (and the URI in `Message.extensions`) of {@link DelegationNote}. */
export const DELEGATION_EXTENSION = 'urn:peerage:delegation:1';

/**
 * What a Peerage adds to a message so that the other one need not read it out of the text. Unverified
 * wishes of the caller: `hops` is how many gateways the work came through before, and is counted up
 * by whoever passes it on.
 */
export const DelegationNote = z.object({
  topic: z.string().max(200).optional(),
  priority: DelegationPriority.optional(),
  /** Ms since the Unix epoch; the most is the last moment that a Date can name. */
  deadlineAt: z.number().int().nonnegative().max(8_640_000_000_000_000).optional(),
  expected: z.string().max(2_000).optional(),
  hops: z.number().int().min(0).max(64).optional(),
  /** How many messages before this one no person wrote. */
  turns: z.number().int().min(0).max(10_000).optional(),
});
export type DelegationNote = z.infer<typeof DelegationNote>;

/** Limits of our reception, so that our own client can refuse before it sends. Bytes are of UTF-8. */
export const RECEPTION_LIMITS = {
  bodyBytes: 1_048_576,
  textBytes: 65_536,
  parts: 64,
  /** Files that go back with one answer. */
  answerFiles: 16,
  /** All files of an answer that a person gives by hand, bytes. */
  answerFilesBytes: 8_388_608,
  /** Levels of nested JSON. */
  depth: 32,
  /** A blocking caller is answered after this, ms, with the task as it stands. */
  blockingMs: 25_000,
} as const;

/**
 * How a Peerage proves its device key to whoever compared six words with it: who reads its card sends a
 * challenge (22 letters of base64url) in the header `ask`, and gets `<raw key>.<signature>`, both
 * base64url, in the header `answer`. The card names the address that it was read at, and is signed with
 * it, so that it is worth nothing elsewhere.
 */
export const DEVICE_PROOF = { ask: 'peerage-challenge', answer: 'peerage-proof' } as const;

/** What is signed. `cardHash`: SHA-256 of the body, lower-case hex. */
export const deviceProofText = (challenge: string, cardHash: string): string =>
  `peerage-card-1\n${challenge}\n${cardHash}`;

const DEVICE_PIN = 'device:';

/** A device key as what a link is pinned to. `fingerprint`: SHA-256 of it, lower-case hex. */
export const devicePin = (fingerprint: string): string => `${DEVICE_PIN}${fingerprint}`;

/** True where a pin is a device key, as invites set it, and not what a card says of itself. */
export const isDevicePin = (pin: string): boolean => pin.startsWith(DEVICE_PIN);

/** The fingerprint in a pin of either kind, for a person to compare. */
export const printOfPin = (pin: string): string =>
  isDevicePin(pin) ? pin.slice(DEVICE_PIN.length) : pin;

/** Where things are on our endpoint. */
export const RECEPTION_PATHS = {
  card: '/.well-known/agent-card.json',
  jsonRpc: '/a2a/v1',
  invite: '/peerage/v1/invite',
  partnership: '/peerage/v1/partnership',
} as const;
