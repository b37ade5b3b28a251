/**
 * Of an invite for a machine of one's own: the gateway to be let in at, and the code with which one
 * device may ask for that. The code is OpenClaw's own (`device.pair.setupCode`): good for ten minutes
 * and for the first device that shows it, it opens nothing before a person approved that device.
 */
import type { InviteId } from '../../contract/index.ts';
import type { PartnerGateway, ReceptionOptions } from '../options.ts';
import type { GatewayOffer } from './protocol.ts';
import { type SealingKey, seal, unseal } from './sealed.ts';
import type { Invite } from './table.ts';

/** Which way a code goes; the seal is another for each. */
export type Side = 'inviter' | 'redeemer';

/** Makes our side's offer; an invite has one code, however often its offer is made. */
export interface GatewayOffers {
  /** What we offer, sealed for the other side; null where no gateway here can be reached. */
  for(invite: Invite, own: SealingKey, other: string, from: Side): Promise<GatewayOffer | null>;
}

/** One code per invite, however often it is asked for: OpenClaw binds it to the first device. */
export function createGatewayOffers(
  options: Pick<ReceptionOptions, 'ownGateway' | 'gatewayCode' | 'log'>,
): GatewayOffers {
  const codes = new Map<InviteId, Promise<string>>();

  const codeFor = async (id: InviteId): Promise<string | null> => {
    const code = codes.get(id) ?? options.gatewayCode();
    codes.set(id, code);
    try {
      return await code;
    } catch (error) {
      codes.delete(id);
      options.log(`invite ${id}: no code of the own gateway: ${String(error)}`);
      return null;
    }
  };

  return {
    for: async (invite, own, other, from) => {
      const gateway = await options.ownGateway();
      if (gateway === null) return null;
      const code = await codeFor(invite.id);
      return { ...gateway, code: code === null ? null : seal(own, other, `${from} code`, code) };
    },
  };
}

/** What the other side offers; null where it has none, or no code for it. */
export function openOffer(
  offer: GatewayOffer | null,
  own: SealingKey,
  other: string,
  from: Side,
): PartnerGateway | 'sealed_for_another' | null {
  if (offer === null || offer.code === null) return null;
  const code = unseal(own, other, `${from} code`, offer.code);
  return code === null ? 'sealed_for_another' : { ...offer, code };
}
