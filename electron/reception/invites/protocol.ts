/** The messages of an invite exchange, under `/peerage/v1/invite/<step>`. Each is signed. */
import * as z from 'zod';

const nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const sealingKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const codeHash = z.string().regex(/^[0-9a-f]{64}$/);
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const sealed = z.string().max(400);
const origin = z.string().max(300);

/** A gateway to be let in at, with a code that lets one device ask for that, sealed for its receiver. */
export const GatewayOffer = z.strictObject({
  url: z.string().max(300),
  identity: fingerprint.nullable(),
  tls: fingerprint.nullable(),
  /** Null where the gateway gave none: the person types its token. */
  code: sealed.nullable(),
});
export type GatewayOffer = z.infer<typeof GatewayOffer>;

/**
 * Step 1, `redeem`: the code, once, for the inviter's nonce, which the invite's text has promised by its
 * hash. Neither side can choose its nonce for the words that come of it.
 */
export const RedeemRequest = z.strictObject({
  code: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  name: z.string().min(1).max(80),
  nonce,
});
/** The answer to step 1: the nonce that was promised, who invites, and into what. */
export const RedeemReply = z.strictObject({
  invite: codeHash,
  /** The redeemer's own nonce, so that the answer to another is none. */
  to: nonce,
  name: z.string().min(1).max(80),
  nonce,
  for: z.enum(['mine', 'theirs']),
  gatewayIdentity: fingerprint.nullable(),
  tls: fingerprint.nullable(),
});

/** Step 2, `status`, again and again: what this side said so far. Answered after 20 s at most. */
export const StatusRequest = z.strictObject({
  invite: codeHash,
  said: z.enum(['nothing', 'yes', 'no']),
});
/** The answer to step 2: what the person at the inviter said so far. */
export const StatusReply = z.strictObject({
  invite: codeHash,
  said: z.enum(['nothing', 'yes', 'no']),
  /** Present once both said yes: what to seal for. */
  key: sealingKey.nullable(),
});

/** Step 3, `complete`: the tokens, each sealed for its receiver. May be repeated. */
export const CompleteRequest = z.strictObject({
  invite: codeHash,
  key: sealingKey,
  forKey: sealingKey,
  /** The redeemer's token for the inviter; null where it cannot be called. */
  token: sealed.nullable(),
  /** Where the redeemer's reception listens. */
  origins: z.array(origin).max(8),
  /** Of a `mine`: the redeemer's gateway, where it can be reached. */
  gateway: GatewayOffer.nullable(),
});
/** The answer to step 3: the inviter's token, or its gateway, sealed for `key` of the request. */
export const CompleteReply = z.strictObject({
  invite: codeHash,
  token: sealed.nullable(),
  /** Whether the inviter reached the redeemer, and so can ask it. */
  reached: z.boolean(),
  /** Of a `mine`: the inviter's gateway. */
  gateway: GatewayOffer.nullable(),
});

/** Why the inviter refuses, as it tells the redeemer. */
export const Refusal = z.object({
  reason: z.enum(['unknown', 'expired', 'used', 'other_machine', 'not_now', 'malformed']),
});
export type RefusalReason = z.infer<typeof Refusal>['reason'];
