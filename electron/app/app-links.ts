/** The registry of running links, with a factory for each kind and everyone who hears of them. */
import type { Clock } from '../clock/clock.ts';
import { createA2aLink } from '../links/a2a/index.ts';
import { createGatewayLink } from '../links/gateway/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import {
  capabilityKeeper,
  cardKeeper,
  type LateServices,
  linkAudience,
  pinKeeper,
} from './bridges.ts';
import type { Device } from './device.ts';
import { linkFactories } from './link-factories.ts';
import { LinkRegistry } from './link-registry.ts';

/** What links of every kind share: who we are to the other end, secrets and log. */
export interface AppLinksOptions {
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly device: Device;
  /** The name under which peers see this app in their device lists. */
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: (line: string) => void;
}

/** Builds the registry; it runs no link yet. */
export function appLinks(services: LateServices, options: AppLinksOptions): LinkRegistry {
  const { secrets, homeId, log } = options;
  return new LinkRegistry({
    clock: options.clock,
    secrets,
    homeId,
    prepare: linkFactories({
      ...options,
      createGatewayLink,
      createA2aLink,
      relayLink: (record) => services().relays.link(record),
      record: (linkId) => services().peers.link(linkId),
      isOwn: (link) => services().peers.peer(link.peerId)?.own ?? false,
      onPin: pinKeeper(services),
      onCard: cardKeeper(services),
    }),
    record: (linkId) => services().peers.link(linkId),
    onCapabilities: capabilityKeeper(services),
    audience: linkAudience(services),
    log,
  });
}
