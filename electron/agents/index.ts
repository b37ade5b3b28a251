export { createAgents } from './agents.ts';
export type { Agents, AgentsOptions, Deed, Described, Outcome } from './options.ts';
