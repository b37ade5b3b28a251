/** The end of a partnership: nothing of the peer is taken any more, and nothing of ours is kept for it. */
import {
  type CallHandlers,
  codedError,
  ok,
  type PeerDevice,
  type PeerId,
} from '../contract/index.ts';
import type { Audit } from './audit.ts';
import type { Delegations } from './delegations/delegations.ts';
import type { ReceptionOptions } from './options.ts';
import type { Tokens } from './tokens.ts';

/** The calls with which a person ends a partnership, and sees before what that means. */
export type PartnershipHandlers = Pick<CallHandlers, 'partnership.preview' | 'partnership.end'>;

/** The end of a partnership from either side. */
export interface Partnership {
  readonly handlers: PartnershipHandlers;
  /** The peer ended it: our token there is worth nothing any more, and theirs here ends too. */
  endedByPeer(peerId: PeerId): Promise<void>;
}

/** The one secret of ours that an invited peer gets. */
const RECEPTION_TOKEN =
  'A token of its own for this reception. Ending the partnership makes it worthless; it opens nothing else.';

const GATEWAY_TOKEN =
  'Perhaps the token of your gateway: a device at their address was let in there, and not by an invite.';

const placeText = ({ name, address }: PeerDevice): string =>
  `A place at your gateway, for “${name}”${address === null ? '' : ` at ${address}`}: it may read sessions and let agents work.`;

/** Ends partnerships of a home. */
export function createPartnership(
  options: ReceptionOptions,
  tokens: Tokens,
  audit: Audit,
  delegations: Delegations,
): Partnership {
  const { partners, places, store, attention } = options;

  const assertThere = (peerId: PeerId): void => {
    if (partners.name(peerId) === null) {
      throw codedError('peer.not_found', 'No peer has this id, or it was removed.');
    }
  };

  const revoke = (peerId: PeerId, how: string): Promise<void> =>
    store.write(() => {
      tokens.revoke(peerId);
      audit.note('partnership_ended', peerId, how);
    });

  return {
    endedByPeer: async (peerId) => {
      await revoke(peerId, 'by the peer');
      await delegations.endAllOf(peerId);
      await partners.dropLinks(peerId, 'reception');
      const name = partners.name(peerId);
      if (name !== null) attention.ended({ peerId, name });
    },
    handlers: {
      'partnership.preview': async ({ peerId }) => {
        assertThere(peerId);
        const found = await places.devices(peerId);
        const knowsGatewayToken = found.some((device) => !device.byCode);
        return ok({
          theirToken: tokens.of(peerId),
          ourTokens: [...partners.links(peerId)],
          openDelegations: delegations.ledger.table.openOf(peerId).length,
          held: [
            ...(tokens.ever(peerId) ? [RECEPTION_TOKEN] : []),
            ...found.map(placeText),
            ...(knowsGatewayToken ? [GATEWAY_TOKEN] : []),
          ],
          devices: found.map(({ byCode: _, ...device }) => device),
          knowsGatewayToken,
          machine: places.machine(peerId),
        });
      },
      'partnership.end': async ({ peerId, removePeer, removeDevices = [] }) => {
        assertThere(peerId);
        const left: string[] = [];
        // First what protects us; only then what may fail.
        await revoke(peerId, 'by the person here');
        await delegations.endAllOf(peerId);
        const theirs = removeDevices.length === 0 ? [] : await places.devices(peerId);
        for (const deviceId of removeDevices) {
          const device = theirs.find((one) => one.deviceId === deviceId);
          try {
            if (!device) throw codedError('own_gateway.device_gone', 'It is not among theirs now.');
            await places.removeDevice(deviceId);
          } catch (error) {
            options.log(`partnership ${peerId}: ${String(error)}`);
            left.push(
              `Its place at your gateway${device ? `, “${device.name}”,` : ''} could not be removed. See Own gateway.`,
            );
          }
        }
        if (!(await partners.tellEnded(peerId).catch(() => false))) {
          left.push('The other side was not told; it will find its token refused.');
        }
        left.push(...partners.staysThere(peerId));
        try {
          await partners.dropLinks(peerId, 'all');
        } catch (error) {
          options.log(`partnership ${peerId}: ${String(error)}`);
          left.push('Our own tokens for it could not be taken out of the keychain now.');
        }
        if (removePeer) await partners.remove(peerId);
        return ok({ left });
      },
    },
  };
}
