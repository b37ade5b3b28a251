/** What a window is told of who is let into the gateway on this machine, and of its own audit. */
import * as z from 'zod';
/** A permission of OpenClaw in plain words. */
export const ScopeView = z.object({
  scope: z.string(),
  words: z.string(),
  /** `look` reads, `act` lets agents work, `manage` lets in others or changes the gateway. */
  weight: z.enum(['look', 'act', 'manage']),
});
export type ScopeView = z.infer<typeof ScopeView>;

/** A device that asks to be let in. Its name is its own claim and proves nothing. */
export const PairingRequest = z.object({
  requestId: z.string(),
  deviceId: z.string(),
  name: z.string(),
  /** The device's key, as shown on both sides: SHA-256, hex. */
  fingerprint: z.string(),
  platform: z.string(),
  /** What it says it is, for example `gateway-client`. */
  client: z.string(),
  address: z.string().nullable(),
  /** Whose machine the address is, as the tailnet says; null where it is not known. */
  owner: z.object({ machine: z.string(), login: z.string().nullable() }).nullable(),
  role: z.string(),
  scopes: z.array(ScopeView),
  /** What it may do already: then it asks for more. */
  hasScopes: z.array(ScopeView),
  askedAt: z.number(),
});
export type PairingRequest = z.infer<typeof PairingRequest>;

/** A device that is let into the own gateway. Its texts are its own claims. Times in ms. */
export const PairedDevice = z.object({
  deviceId: z.string(),
  name: z.string(),
  /** The name was given here and not by the device. */
  renamed: z.boolean(),
  fingerprint: z.string(),
  platform: z.string(),
  client: z.string(),
  roles: z.array(z.string()),
  scopes: z.array(ScopeView),
  /** Where it came from last. */
  address: z.string().nullable(),
  owner: z.object({ machine: z.string(), login: z.string().nullable() }).nullable(),
  connected: z.boolean(),
  lastSeenAt: z.number().nullable(),
  approvedAt: z.number().nullable(),
  /** `silent` = nobody was asked, since it came from this machine. */
  approvedBy: z.enum(['person', 'silent', 'other']),
  /** Its token was revoked: it is known, and cannot come in. */
  revoked: z.boolean(),
  /**
   * It is this Peerage's: `link` = by which the person's own link comes, `reception` = by which work of peers
   * is handed to the agents. Null where it is somebody else's, or the keychain does not tell.
   */
  ours: z.enum(['link', 'reception']).nullable(),
});
export type PairedDevice = z.infer<typeof PairedDevice>;

/** One thing that OpenClaw's own security audit found. */
export const AuditFinding = z.object({
  /** OpenClaw's own name of the check, for looking it up. */
  checkId: z.string(),
  severity: z.enum(['critical', 'warn', 'info']),
  /** Plain words where we have them, else OpenClaw's own. */
  title: z.string(),
  detail: z.string(),
  /** What to do, where known. */
  remedy: z.string().nullable(),
});
export type AuditFinding = z.infer<typeof AuditFinding>;
