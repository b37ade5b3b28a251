/** The journeys: told once, and run against fake gateways and real ones. */
import { broadcastJourneys } from './broadcasts.ts';
import { contentJourneys } from './contents.ts';
import { crashJourneys } from './crashes.ts';
import { peerJourneys } from './peers.ts';
import { setupJourneys } from './setups.ts';
import { threadJourneys } from './threads.ts';
import { troubleJourneys } from './troubles.ts';
import type { Journey } from './world.ts';

export { type Journey, type Surroundings, travel } from './world.ts';

/** All of them. */
export const journeys: readonly Journey[] = [
  ...peerJourneys,
  ...setupJourneys,
  ...threadJourneys,
  ...contentJourneys,
  ...troubleJourneys,
  ...crashJourneys,
  ...broadcastJourneys,
];
