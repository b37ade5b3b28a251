/**
 * What a peer has here beside its links: devices at the own gateway, and its machine in the tailnet. A
 * device is a peer's where an invite proved its key, or where it comes from the peer's address.
 */
import * as z from 'zod';
import type { Clock } from '../clock/clock.ts';
import {
  type CallHandlers,
  CodedError,
  isDevicePin,
  type PeerId,
  printOfPin,
  type TailnetPeer,
  type TailnetView,
} from '../contract/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { Partners, PeerPlaces } from '../reception/index.ts';
import type { AppState } from './app-state.ts';

/** Where those places are looked up; devices are listed only where `hasGateway` says so. */
export interface PeerPlacesOptions {
  readonly clock: Clock;
  readonly state: AppState;
  readonly peers: Pick<PeerBook, 'linksOf'>;
  readonly tailnet: () => TailnetView;
  readonly hasGateway: () => boolean;
  readonly gateway: Pick<CallHandlers, 'ownGateway.devices' | 'ownGateway.remove'>;
  readonly log: (line: string) => void;
}

/** By the device's fingerprint. */
const Known = z.record(
  z.string(),
  z.object({ peerId: z.string().nullable(), byCode: z.boolean() }),
);
const STATE = 'invited_devices';
const KEPT = 500;
const LOOK_MS = 5_000;

/** Opens what is remembered. */
export function createPeerPlaces(
  options: PeerPlacesOptions,
): PeerPlaces & Pick<Partners, 'noteDevice'> {
  const { clock, state, peers, tailnet, gateway, log } = options;
  const known = (): z.infer<typeof Known> => state.get(STATE, Known) ?? {};
  const context = {
    door: 'window',
    connectionId: 'peer-places',
    signal: new AbortController().signal,
  } as const;

  const machineOf = (peerId: PeerId): TailnetPeer | null => {
    const view = tailnet().state;
    if (view.kind !== 'running') return null;
    const hosts = hostsOf(peerId);
    return (
      view.peers.find(
        (node) => hosts.has(node.dnsName) || node.addresses.some((address) => hosts.has(address)),
      ) ?? null
    );
  };

  const hostsOf = (peerId: PeerId): Set<string> =>
    new Set(
      peers.linksOf(peerId).flatMap((link) => {
        if (!URL.canParse(link.url)) return [];
        const host = new URL(link.url).hostname.replace(/^\[|\]$/g, '');
        return host === 'localhost' || host === '::1' || /^127\./.test(host) ? [] : [host];
      }),
    );

  const ask = async (): Promise<Awaited<ReturnType<CallHandlers['ownGateway.devices']>> | null> => {
    const late = Promise.withResolvers<null>();
    const cancel = clock.after(LOOK_MS, () => late.resolve(null));
    try {
      return await Promise.race([
        Promise.resolve(gateway['ownGateway.devices']({}, context)),
        late.promise,
      ]);
    } catch (error) {
      log(`the own gateway was not asked for devices: ${String(error)}`);
      return null;
    } finally {
      cancel();
    }
  };

  return {
    noteDevice: async (peerId, device, byCode) => {
      const { [device]: before, ...rest } = known();
      const now = { peerId, byCode: byCode || before?.byCode === true };
      const all = [...Object.entries(rest), [device, now] as const].slice(-KEPT);
      await state.set(STATE, Object.fromEntries(all));
    },
    devices: async (peerId) => {
      if (!options.hasGateway()) return [];
      const found = await ask();
      if (!found?.ok) return [];
      const noted = known();
      const keys = new Set([
        ...Object.keys(noted).filter((device) => noted[device]?.peerId === peerId),
        ...peers
          .linksOf(peerId)
          .flatMap(({ pinnedIdentity: pin }) =>
            pin !== null && isDevicePin(pin) ? [printOfPin(pin)] : [],
          ),
      ]);
      const addresses = new Set([...hostsOf(peerId), ...(machineOf(peerId)?.addresses ?? [])]);
      return found.value.paired
        .filter((one) => one.ours === null && !one.revoked)
        .map((one) => ({ ...one, proven: keys.has(one.fingerprint) }))
        .filter((one) => one.proven || (one.address !== null && addresses.has(one.address)))
        .map(({ deviceId, name, address, lastSeenAt, proven, fingerprint }) => ({
          deviceId,
          name,
          address,
          lastSeenAt,
          proven,
          byCode: noted[fingerprint]?.byCode === true,
        }));
    },
    removeDevice: async (deviceId) => {
      const done = await gateway['ownGateway.remove']({ deviceId }, context);
      if (!done.ok) throw new CodedError(done.error);
    },
    machine: (peerId) => {
      const node = machineOf(peerId);
      if (!node) return null;
      const relation = node.sharedIn ? 'shared_in' : node.mine ? 'mine' : 'member';
      return { name: node.name, relation };
    },
  };
}
