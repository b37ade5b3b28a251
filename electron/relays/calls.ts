/** The calls about relays and their agents. */
import type { Clock } from '../clock/clock.ts';
import {
  appError,
  type CallHandlers,
  codedError,
  fail,
  ok,
  type RelaysView,
} from '../contract/index.ts';
import { normaliseRelayUrl, probeRelay } from '../links/relay/index.ts';
import type { BroadcastCalls } from './broadcasting.ts';
import { scanForRelays } from './discovery.ts';
import type { Held } from './held.ts';
import { announcedBy } from './incoming.ts';
import type { Membership } from './membership.ts';
import type { RelayPeer, RelayPeers, RelaysOptions } from './options.ts';
import { agentViews } from './views.ts';

type Calls = Omit<
  Pick<CallHandlers, Extract<keyof CallHandlers, `relay.${string}`>>,
  keyof BroadcastCalls
>;

/**
 * What the calls `relay.*` need. `protect` takes a secret that was typed, so that no log shows it.
 */
export interface RelayCallOptions {
  readonly clock: Clock;
  readonly peers: RelayPeers;
  readonly all: () => readonly Held[];
  readonly membership: Pick<Membership, 'of' | 'add' | 'update' | 'remove' | 'restore'>;
  readonly addPeer: (relay: Held, agentId: string) => Promise<RelayPeer>;
  readonly view: () => RelaysView;
  readonly describe: RelaysOptions['describe'];
  readonly protect: (secret: string) => void;
}

/** `exactOptionalPropertyTypes`: a member that is absent is not one that is undefined. */
const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Builds the handlers. They may throw a CodedError. */
export function relayCalls(options: RelayCallOptions): Calls {
  const { clock, peers, view, membership } = options;
  const { of } = membership;
  return {
    'relay.list': () => ok(view()),
    'relay.scan': async (_, { signal }) => {
      try {
        return ok({ found: await scanForRelays(clock, signal) });
      } catch (error) {
        const detail = `The local network could not be listened to: ${String(error).slice(0, 200)}`;
        return fail(appError('link.local_network_down', detail));
      }
    },
    'relay.probe': async ({ url, token, tls }, { signal }) => {
      const address = normaliseRelayUrl(url);
      if (!address.ok) return address;
      if (token !== null) options.protect(token);
      const { plain } = address.value;
      const found = await probeRelay({ url: address.value.url, token, tls, clock, signal });
      const { text, error } = options.describe(found.state, address.value.url);
      return ok({ url: address.value.url, plain, stateText: text, error, ...found });
    },
    'relay.add': async ({ url, token, tls, ...choice }) =>
      ok({ relayId: await membership.add(choice, { url, token, tls }) }),
    'relay.update': async ({ relayId, changes }) => {
      await membership.update(relayId, defined(changes));
      return ok({});
    },
    'relay.remove': async ({ relayId }) => ok(await membership.remove(relayId)),
    'relay.restore': async ({ relayId }) => {
      await membership.restore(relayId);
      return ok({});
    },
    'relay.reconnect': ({ relayId }) => {
      of(relayId).hub.reconnect();
      return ok({});
    },
    'relay.trust': ({ relayId, seen }) =>
      of(relayId).hub.trust(seen)
        ? ok({})
        : fail(appError('link.tls_changed', 'It changed again since this was shown.')),
    'relay.agents': ({ relayId, search, limit }) => {
      const { hub, record } = of(relayId);
      const wanted = search.toLowerCase();
      const mine = peers.all().filter((peer) => peer.url === record.url);
      const found = agentViews(hub, mine).filter((agent) =>
        [agent.name, agent.id, agent.machine, ...agent.capabilities].some((text) =>
          text.toLowerCase().includes(wanted),
        ),
      );
      return ok({ agents: found.slice(0, limit), total: found.length });
    },
    'relay.addPeer': async ({ relayId, agentId }) => {
      const relay = of(relayId);
      if (!relay.hub.agents.has(agentId)) {
        return fail(appError('relay.agent_unknown', 'It is not among those that the relay lists.'));
      }
      const { peerId, linkId } = await options.addPeer(relay, agentId);
      return ok({ peerId, linkId });
    },
    'relay.pin': async ({ linkId, fingerprint }) => {
      const peer = peers.byLink(linkId);
      const relay = peer && options.all().find(({ record }) => record.url === peer.url);
      if (!peer || !relay) throw codedError('link.not_found', 'No link over a relay has this id.');
      if (fingerprint !== null && announcedBy(relay.hub, peer.agentId) !== fingerprint) {
        return fail(appError('relay.key_differs', 'It changed since this was shown.'));
      }
      await peers.pin(linkId, fingerprint);
      return ok({});
    },
  };
}
