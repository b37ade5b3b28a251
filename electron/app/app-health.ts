/** Health inside the app: it looks at the running links, and what it sees goes to the peer book. */
import { createHealth, type Health, type HealthOptions, networkProbes } from '../health/index.ts';
import { describeLinkState } from '../peers/index.ts';
import type { LateServices } from './bridges.ts';

type Given = Pick<HealthOptions, 'clock' | 'changed' | 'network' | 'tailnet' | 'redact'> & {
  readonly log: (line: string) => void;
};

/** Makes it; nothing is watched yet. */
export const appHealth = (services: LateServices, given: Given): Health =>
  createHealth({
    ...given,
    probes: networkProbes,
    seenChanged: (linkId) => services().peers.noteLinkState(linkId),
    describe: (linkState, target) =>
      describeLinkState(linkState, { ...target, now: given.clock.now() }),
    remember: (linkId, outcome) => {
      services()
        .peers.setOutcome(linkId, outcome)
        .catch((error: unknown) => given.log(String(error)));
    },
    networkChanged: (up) => {
      if (!up) return;
      services().registry.networkBack();
      services().relays.networkBack();
    },
  });
