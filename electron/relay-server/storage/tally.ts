import type { Depth } from './storage.ts';

/** Nothing waits. */
export const NO_DEPTH: Depth = { messages: 0, bytes: 0 };

/** Counts one more message of so many bytes. */
export function addDepth(depths: Map<string, Depth>, agentId: string, bytes: number): void {
  const before = depths.get(agentId) ?? NO_DEPTH;
  depths.set(agentId, { messages: before.messages + 1, bytes: before.bytes + bytes });
}
