/** The relay for teams without Tailscale: compatible with the published ClawLink client. */
export type { Announcement } from './announcer.ts';
export { fingerprintOf, makeCertificate, type RelayCertificate } from './certificate.ts';
export { RELAY_LIMITS, type RelayLimits } from './limits.ts';
export type { Encryption } from './listening.ts';
export type { Relay, RelayOptions } from './options.ts';
export { startRelay } from './relay.ts';
export type { AgentStatus, RelayStatus } from './status.ts';
export { durableStorage } from './storage/durable.ts';
export { memoryStorage } from './storage/memory.ts';
export type { RelayStorage } from './storage/storage.ts';
