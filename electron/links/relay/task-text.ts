/** What of a message's text a relay's own fields can carry. */
import type { JsonObject } from './wire.ts';

/** `[Delegation] → topic` at the start, as people and agents write it by hand (interop, section 1). */
const TAGGED = /^\[(?:Delegation|Review Request|Question|Blocker)\]\s*(?:→|->)\s*(.+)/u;
const PRIORITY = /^Priority:\s*(low|normal|medium|high|urgent)\s*$/imu;

/** The text stays whole, so that any agent understands it; topic and priority stand beside it as well. */
export function taskOf(text: string): {
  readonly task: string;
  readonly priority: string;
  readonly rest: JsonObject;
} {
  const topic = TAGGED.exec(text)?.[1]?.trim().slice(0, 200);
  const said = topic === undefined ? undefined : PRIORITY.exec(text)?.[1]?.toLowerCase();
  const priority = said === 'medium' ? 'normal' : (said ?? 'normal');
  return { task: text, priority, rest: topic === undefined ? {} : { topic } };
}
