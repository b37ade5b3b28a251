import type { RelayHub } from '../links/relay/index.ts';
import type { Source } from './incoming.ts';
import type { RelayRecord } from './table.ts';

/** What a person chooses of a relay. */
export interface RelayChoice {
  readonly name: string;
  readonly agentName: string;
  readonly capabilities: readonly string[];
  readonly description: string;
  readonly joinAll: boolean;
}

/** One relay at work. */
export interface Held extends Source {
  record: RelayRecord;
  readonly hub: RelayHub;
}
