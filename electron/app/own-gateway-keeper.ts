/** The own gateway inside the app: seen without a click, used only after one. */
import {
  appError,
  type CallHandlers,
  type ChangeSink,
  type CredentialInput,
  fail,
  type OwnGatewayView,
  ok,
  type Result,
} from '../contract/index.ts';
import type { LinkRecord, PeerBook } from '../peers/index.ts';
import {
  detectOwnGateway,
  type OwnGateway,
  readOwnCredential,
  readSettings,
} from '../setup/index.ts';
import { loopbackUrl } from './own-gateway-admin.ts';

/** What is known of the gateway on this machine, and the link to it once the person wants one. */
export interface OwnGatewayKeeper {
  readonly handlers: Pick<
    CallHandlers,
    'ownGateway.detect' | 'ownGateway.connect' | 'ownGateway.readAgain'
  >;
  view(): OwnGatewayView;
  /** Looks for the configuration; reads no secret. Never rejects. */
  detect(): Promise<OwnGatewayView>;
}

/** What is known before anybody looked. */
const NOT_LOOKED: OwnGateway = { kind: 'not_found', lookedAt: [] };

/** Looks after what is known of the own gateway. */
export function createOwnGatewayKeeper(
  peers: PeerBook,
  changed: ChangeSink,
  log: (line: string) => void,
): OwnGatewayKeeper {
  let known: OwnGateway = NOT_LOOKED;

  const view = (): OwnGatewayView =>
    known.kind === 'found'
      ? {
          ...known,
          peerIds: peers
            .peers()
            .filter((peer) => peer.own)
            .map((peer) => peer.id),
        }
      : known;

  const detect = async (): Promise<OwnGatewayView> => {
    try {
      known = await detectOwnGateway();
    } catch (error) {
      log(`looking for the own gateway failed: ${String(error)}`);
      known = {
        kind: 'unreadable',
        error: appError('setup.own_gateway_unreadable', 'Looking for it failed; the log has more.'),
      };
    }
    changed({ type: 'app' });
    return view();
  };

  /** What the person typed wins over what the file holds. */
  const place = async (
    typed: CredentialInput | null,
  ): Promise<Result<{ url: string; credential: CredentialInput }>> => {
    if (typed === null) return readOwnCredential();
    const seen = await detect();
    if (seen.kind === 'found') return ok({ url: seen.url, credential: typed });
    return fail(
      seen.kind === 'unreadable'
        ? seen.error
        : appError('setup.own_gateway_not_found', `Looked at ${seen.lookedAt.join(', ')}.`),
    );
  };

  /** Our links to it. */
  const links = (): LinkRecord[] =>
    peers
      .peers()
      .filter((peer) => peer.own)
      .flatMap((peer) => peers.linksOf(peer.id))
      .filter((link) => link.kind === 'gateway');

  return {
    view,
    detect,
    handlers: {
      'ownGateway.detect': async () => ok(await detect()),
      'ownGateway.connect': async ({ name, agentId, credential }) => {
        const found = await place(credential);
        if (!found.ok) return found;
        const added = await peers.add({
          name,
          own: true,
          link: {
            kind: 'gateway',
            ...found.value,
            url: await nearUrl(found.value.url),
            agentId,
            sessionKey: null,
          },
        });
        changed({ type: 'app' });
        return added.ok ? ok({ peerId: added.value.peerId }) : added;
      },
      'ownGateway.readAgain': async (_nothing, context) => {
        const found = await readOwnCredential();
        if (!found.ok) return found;
        const changes = { ...found.value, url: await nearUrl(found.value.url) };
        const all = links();
        for (const link of all) {
          const changed = await peers.handlers['link.update'](
            { linkId: link.id, changes },
            context,
          );
          if (!changed.ok) return changed;
        }
        await detect();
        return ok({ links: all.length });
      },
    },
  };
}

/**
 * Loopback, on which OpenClaw 2026.9.6 listens whatever else it is bound to: an address of the tailnet
 * goes away with Tailscale, and OpenClaw takes nobody who comes from there for a device of this machine.
 * @param named where it is by its configuration; kept where that is another machine
 */
async function nearUrl(named: string): Promise<string> {
  const read = await readSettings();
  return read.ok && !read.value.elsewhere ? loopbackUrl(read.value.settings) : named;
}
