/** The room's face: what the composition root may use. */
export { createHealth, MOST_IN_FLIGHT } from './create-health.ts';
export type { Health, HealthHandlers, HealthOptions, TailnetSource } from './health.ts';
export { OWN_NETWORK } from './link-facts.ts';
export type { HealthLink } from './looks.ts';
export {
  type NetworkMonitor,
  type PollingNetworkMonitor,
  pollingNetworkMonitor,
} from './network.ts';
export type { Outcome } from './outcomes.ts';
export { networkProbes, type Probes } from './probes.ts';
export type { Describe, HealthTarget } from './rung-draft.ts';
export { type TrayFacts, trayState } from './tray.ts';
export type { Fact } from './warnings.ts';
