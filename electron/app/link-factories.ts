/** How a link of each kind is made of its record: what it is given, and nothing more. */
import type { Clock } from '../clock/clock.ts';
import { type AgentCardView, assertNever, type LinkId } from '../contract/index.ts';
import type { A2aLinkOptions } from '../links/a2a/index.ts';
import type { DeviceSigner, GatewayLinkOptions, Pins } from '../links/gateway/options.ts';
import type { Link } from '../links/link.ts';
import type { LinkRecord } from '../peers/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import type { Device } from './device.ts';
import type { LinkRegistryOptions, MakeLink } from './link-registry.ts';
import { credentialOf, deviceTokenStore } from './link-secrets.ts';

/** All that any kind of link may be given; each factory passes on its own part. */
export interface LinkFactoryOptions {
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly device: Device;
  readonly displayName: string;
  readonly appVersion: string;
  readonly createGatewayLink: (options: GatewayLinkOptions) => Link;
  readonly createA2aLink: (options: A2aLinkOptions) => Link;
  /** Null where the relay of this link is not in the list. */
  readonly relayLink: MakeLink;
  /** The link as the peer book has it now; null once it is gone. */
  readonly record: (linkId: LinkId) => LinkRecord | null;
  readonly isOwn: (link: LinkRecord) => boolean;
  readonly onPin: (linkId: LinkId, pins: Pins) => void;
  readonly onCard: (linkId: LinkId, card: AgentCardView) => void;
  readonly log: (line: string) => void;
}

/** What every kind is given. */
const common = (options: LinkFactoryOptions, record: LinkRecord) => {
  const { id } = record;
  const { clock, secrets, homeId, onPin, log } = options;
  return {
    id,
    url: record.url,
    clock,
    credential: async () => {
      const now = options.record(id);
      return now
        ? credentialOf(secrets, homeId, now)
        : ({ kind: 'unavailable', reason: 'absent' } as const);
    },
    pins: { identity: record.pinnedIdentity, tls: record.pinnedTls },
    onPin: (pins: Pins) => onPin(id, pins),
    log: (level: string, text: string) => log(`link ${id} ${level}: ${text}`),
  };
};

const gatewayLink =
  (options: LinkFactoryOptions, device: DeviceSigner): MakeLink =>
  (record) =>
    options.createGatewayLink({
      ...common(options, record),
      device,
      deviceToken: deviceTokenStore(options.secrets, options.homeId, record.id),
      ownGateway: options.isOwn(record),
      displayName: options.displayName,
      appVersion: options.appVersion,
      agentId: record.agentId,
      sessionKey: record.sessionKey,
    });

const a2aLink =
  (options: LinkFactoryOptions): MakeLink =>
  (record) =>
    options.createA2aLink({
      ...common(options, record),
      onCard: (card) => options.onCard(record.id, card),
    });

/** Gets what a kind needs: a gateway is met as this device, whose key may be locked away. */
export function linkFactories(options: LinkFactoryOptions): LinkRegistryOptions['prepare'] {
  return async (kind) => {
    switch (kind) {
      case 'gateway': {
        const found = await options.device.get();
        return found.kind === 'ready'
          ? { kind: 'ready', make: gatewayLink(options, found.signer) }
          : { kind: 'unavailable', reason: found.reason };
      }
      case 'a2a':
        return { kind: 'ready', make: a2aLink(options) };
      case 'relay':
        return { kind: 'ready', make: options.relayLink };
      default:
        return assertNever(kind);
    }
  };
}
