/**
 * Pinning a link to the device key of the Peerage at its end, for links that came without one: those
 * of early invites, and of addresses that were typed.
 */
import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/deadline.ts';
import {
  appError,
  type CallHandlers,
  CodedError,
  codedError,
  devicePin,
  fail,
  type LinkId,
  ok,
} from '../contract/index.ts';
import { provenReception } from '../links/a2a/index.ts';
import type { LinkRecord, PeerBook } from '../peers/index.ts';
import type { Device } from './device.ts';

/** What pinning needs: our own key, the link's record, and a way to connect it again. */
export interface DeviceKeyOptions {
  readonly clock: Clock;
  readonly device: Pick<Device, 'get'>;
  readonly peers: Pick<PeerBook, 'link' | 'setPins'>;
  /** Connects a link anew, as its record now says. */
  readonly renew: (link: LinkRecord) => Promise<void>;
  readonly log: (line: string) => void;
}

/** How long the other side may take to prove it, ms. */
const PROOF_MS = 15_000;

/** Builds the handlers. */
export function deviceKeyCalls(
  options: DeviceKeyOptions,
): Pick<CallHandlers, 'link.deviceKey' | 'link.pinDevice'> {
  const { clock, device, peers, log } = options;

  const link = (linkId: LinkId): LinkRecord => {
    const found = peers.link(linkId);
    if (found?.kind !== 'a2a') throw codedError('link.not_found', 'No agent is reached by it.');
    return found;
  };

  const prove = async (linkId: LinkId, outer: AbortSignal): Promise<string> => {
    const { url, pinnedIdentity: identity, pinnedTls: tls } = link(linkId);
    try {
      return await within(clock, PROOF_MS, outer, (signal) =>
        provenReception({ url, pins: { identity, tls }, clock, signal }),
      );
    } catch (error) {
      log(`link ${linkId}: no proven device key: ${String(error)}`);
      throw new CodedError(
        appError('link.device_unproven', `It was asked for at ${new URL(url).host}.`),
      );
    }
  };

  return {
    'link.deviceKey': async ({ linkId }, { signal }) => {
      const fingerprint = await prove(linkId, signal);
      const own = await device.get();
      return ok({ fingerprint, ours: own.kind === 'unavailable' ? null : own.signer.deviceId });
    },
    'link.pinDevice': async ({ linkId, fingerprint }, { signal }) => {
      // What was compared a while ago is worth nothing where another one answers by now.
      if ((await prove(linkId, signal)) !== fingerprint) {
        return fail(
          appError('link.identity_changed', 'Another device key was proven than the one shown.'),
        );
      }
      await peers.setPins(linkId, { identity: devicePin(fingerprint) });
      await options.renew(link(linkId));
      return ok({});
    },
  };
}
