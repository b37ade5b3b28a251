/** Taking peers over from files of other tools, and giving ours out: wired to the peer book. */
import * as os from 'node:os';
import { v7 } from 'uuid';
import type { Clock } from '../clock/clock.ts';
import { type CallHandlers, CodedError, ok, type RelayId, type Result } from '../contract/index.ts';
import { normaliseGatewayUrl } from '../links/gateway/index.ts';
import { normaliseRelayUrl } from '../links/relay/index.ts';
import { exportPeers, nameKey, type PeerBook } from '../peers/index.ts';
import type { Relays } from '../relays/index.ts';
import {
  createImporter,
  type FileWorld,
  type ImportHandlers,
  thisMachine,
} from '../setup/index.ts';

/** The calls of the import page, and the one that gives peers out as a file. */
export type ImportExportHandlers = ImportHandlers & Pick<CallHandlers, 'export.peers'>;

/** What taking over and giving out need of the app. */
export interface ImportExportOptions {
  readonly clock: Clock;
  readonly peers: PeerBook;
  readonly relays: Pick<Relays, 'add' | 'view'>;
  /** Makes a token known to whoever cleans logs. */
  readonly hide: (token: string) => void;
  /** Another machine, for tests. */
  readonly world?: FileWorld;
}

/** Builds the handlers. */
export function importExport({
  clock,
  peers,
  relays,
  hide,
  world = thisMachine(),
}: ImportExportOptions): ImportExportHandlers {
  const nameOf = (key: string) => {
    const wanted = nameKey(key);
    return (text: string | null) => text !== null && nameKey(text) === wanted;
  };
  return {
    ...createImporter({
      world,
      hide,
      newId: () => v7({ msecs: clock.now() }),
      add: (peer) => peers.add(peer),
      addRelay: ({ name, url, token, agentName }) =>
        resultOf(() =>
          relays.add(
            {
              name,
              agentName: agentName ?? os.hostname().slice(0, 80),
              capabilities: [],
              description: '',
              joinAll: false,
            },
            { url, token, tls: null },
          ),
        ),
      book: {
        at: (url) => {
          const link = peers.links().find((one) => hostOf(one.url) === hostOf(url));
          const peer = link && peers.peer(link.peerId);
          return peer ? { id: peer.id, name: peer.name } : null;
        },
        relayAt: (url) => relays.view().relays.find((one) => one.url === url) ?? null,
        normaliseRelayUrl,
        nameTaken: (name) => {
          const same = nameOf(name);
          return peers.peers().some((peer) => same(peer.name) || same(peer.nickname));
        },
        isHere: (url) => ownAddresses().has(withoutBrackets(new URL(url).hostname)),
        normaliseUrl: normaliseGatewayUrl,
      },
    }),
    'export.peers': () => {
      const details = peers.peers().flatMap((peer) => peers.detail(peer.id) ?? []);
      return ok(exportPeers(details, clock.now()));
    },
  };
}

async function resultOf(work: () => Promise<RelayId>): Promise<Result<unknown>> {
  try {
    return ok({ relayId: await work() });
  } catch (error) {
    if (error instanceof CodedError) return { ok: false, error: error.error };
    throw error;
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Loopback is left out: a tunnel to another machine ends there too. */
function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(os.networkInterfaces()).flatMap((entries) => entries ?? []);
  return new Set(all.filter((one) => !one.internal).map((one) => one.address));
}
