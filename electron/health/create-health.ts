/**
 * Health: looks at links rarely and gently, keeps a ladder for each, and turns what lasts into
 * warnings: one for an outage of ours, and none for each peer behind it.
 */
import {
  appError,
  fail,
  type LinkId,
  type LinkState,
  ok,
  type PeerId,
  type WarningId,
} from '../contract/index.ts';
import type { Health, HealthOptions } from './health.ts';
import { type LinkCondition, NETWORK_MS, OWN_NETWORK, peerFacts } from './link-facts.ts';
import { LinkWatch } from './link-watch.ts';
import { probeQueue } from './queue.ts';
import { ladderReport } from './report.ts';
import { isInTailnet, lostState, tailnetWard } from './tailnet-ward.ts';
import { trayState } from './tray.ts';
import { createWarnings } from './warnings.ts';
import type { Vote, Watched, WatchHost } from './watch-host.ts';

/** Most looks at once, and how many of them are kept for what a person asked for. */
export const MOST_IN_FLIGHT = 8;
const KEPT_FOR_DEMAND = 2;

/** Starts watching for network and wake; links are added by {@link Health.watch}. */
export function createHealth(options: HealthOptions): Health {
  const { clock, network, changed } = options;
  const watches = new Map<LinkId, LinkWatch>();
  const byPeer = new Map<PeerId, Set<LinkWatch>>();
  const factsOf = new Map<PeerId, Set<WarningId>>();
  const votes = { connected: 0, unroutable: 0, other: 0, unknown: 0 };
  const voted = new Map<Watched, Vote>();
  const warnings = createWarnings(clock, (key) => {
    changed(key);
    changed({ type: 'app' }); // the tray is made of warnings
  });
  const tailnet = tailnetWard(options, warnings);
  let down = !network.up();
  let downSince = clock.now();

  const host: WatchHost = {
    clock,
    probes: options.probes,
    queue: probeQueue(MOST_IN_FLIGHT, KEPT_FOR_DEMAND),
    random: options.random ?? Math.random,
    describe: options.describe,
    tailnet: tailnet.eyes,
    pingNode: tailnet.ping,
    networkWords: tailnet.networkWords,
    interfacesDown: () => !network.up(),
    ownNetworkDown: () => down,
    ladderChanged: ({ target }) =>
      changed({ type: 'ladder', id: target.linkId, peerId: target.peerId }),
    conditionChanged: (watch) => {
      vote(watch, watch.vote);
      judgeNetwork();
      judgePeer(watch.target.peerId);
      tailnet.judge(watch);
    },
    remember: options.remember,
  };

  const vote = (watch: Watched, now: Vote | null): void => {
    if (watch.local) return;
    const before = voted.get(watch);
    if (before) votes[before]--;
    if (now) {
      votes[now]++;
      voted.set(watch, now);
    } else voted.delete(watch);
  };

  /** Down where no interface is up, or where for several peers not even a route is known. */
  const judgeNetwork = (): void => {
    const nothingReached = votes.connected === 0 && votes.other === 0;
    const now = !network.up() || (votes.unroutable >= 2 && nothingReached);
    if (now === down) return;
    down = now;
    downSince = clock.now();
    options.log?.(down ? 'own network: down' : 'own network: up');
    sayNetwork();
    changed({ type: 'app' });
    for (const watch of watches.values()) if (!watch.local) host.ladderChanged(watch);
    options.networkChanged?.(!down);
  };

  const sayNetwork = (): void => {
    if (!down) {
      warnings.clear(OWN_NETWORK);
      return;
    }
    const error = appError(
      'link.local_network_down',
      network.up() ? 'No peer can be routed to.' : 'No network interface of this machine is up.',
    );
    warnings.set({
      id: OWN_NETWORK,
      code: error.code,
      severity: 'warning',
      title: error.title,
      detail: error.detail,
      remedy: error.remedy ?? null,
      peerId: null,
      dependsOn: [],
      timeToVisibleMs: NETWORK_MS,
      impactsConnectivity: true,
      needsYou: false,
    });
  };

  const judgePeer = (peerId: PeerId): void => {
    const links = [...(byPeer.get(peerId) ?? [])];
    const conditions = links.map(
      (watch): LinkCondition => ({
        target: watch.target,
        state: lostState(watch, watch.state, clock.now()),
        slow: watch.slow,
        inTailnet: isInTailnet(watch),
      }),
    );
    const facts = peerFacts(conditions, options.describe);
    if (!facts) return;
    const before = factsOf.get(peerId) ?? new Set();
    const now = new Set(facts.map((fact) => fact.id));
    for (const fact of facts) warnings.set(fact);
    for (const id of before) if (!now.has(id)) warnings.clear(id);
    if (now.size > 0) factsOf.set(peerId, now);
    else factsOf.delete(peerId);
  };

  const lookSoon = (): void => {
    for (const watch of watches.values()) watch.lookSoon();
  };
  const stops = [
    network.onChange(() => {
      const before = down;
      judgeNetwork();
      lookSoon(); // without a network that means: not at all
      // Another network than before: connections of the old one may be dead without knowing it.
      if (!down && !before) options.networkChanged?.(true);
    }),
    clock.onWake(lookSoon),
    tailnet.begin(() => watches.values()),
  ];
  if (down) sayNetwork();

  const forget = (linkId: LinkId): void => {
    const watch = watches.get(linkId);
    if (!watch) return;
    watch.stop();
    watches.delete(linkId);
    tailnet.forget(watch);
    vote(watch, null);
    const { peerId } = watch.target;
    const siblings = byPeer.get(peerId);
    siblings?.delete(watch);
    if (siblings?.size === 0) byPeer.delete(peerId);
    judgePeer(peerId);
    judgeNetwork();
  };

  const notFound = () => appError('link.not_found', 'No link with this id is watched.');

  return {
    handlers: {
      'health.check': async ({ linkId }) => {
        const watch = watches.get(linkId);
        return watch ? ok({ ladder: await watch.check() }) : fail(notFound());
      },
      'health.report': ({ linkId }) => {
        const watch = watches.get(linkId);
        if (!watch) return fail(notFound());
        const redact = options.redact ?? ((text: string) => text);
        return ok({ text: ladderReport(watch.target, watch.ladder(), redact) });
      },
      'warning.dismiss': ({ warningId }) => {
        warnings.dismiss(warningId);
        return ok({});
      },
    },
    watch: (target, link, state, known) => {
      const existing = watches.get(target.linkId);
      if (existing && existing.target.url === target.url) {
        existing.retarget(target);
        existing.noteState(state);
        return;
      }
      forget(target.linkId);
      const watch = new LinkWatch(host, target, link, known);
      watches.set(target.linkId, watch);
      const siblings = byPeer.get(target.peerId) ?? new Set();
      byPeer.set(target.peerId, siblings.add(watch));
      watch.noteState(state);
    },
    forget,
    noteState: (linkId, state) => watches.get(linkId)?.noteState(state),
    noteAnswer: (linkId) => watches.get(linkId)?.noteAnswer(),
    seen: (linkId, state) => {
      const watch = watches.get(linkId);
      if (!watch || watch.local) return state;
      return down ? withOwnOutage(state, downSince) : lostState(watch, state, clock.now());
    },
    ladder: (linkId) => watches.get(linkId)?.ladder() ?? null,
    laddersOf: (peerId) => [...(byPeer.get(peerId) ?? [])].map((watch) => watch.ladder()),
    network: () => (down ? 'down' : 'up'),
    warnings: () => warnings.visible(),
    warning: (id) => warnings.view(id),
    setFact: (fact) => warnings.set(fact),
    clearFact: (id) => warnings.clear(id),
    tray: (statuses) => {
      const standing = warnings.standing();
      return trayState({
        network: down ? 'down' : 'up',
        statuses,
        impaired: standing.some((fact) => fact.impactsConnectivity),
        actionNeeded: standing.some((fact) => fact.needsYou),
      });
    },
    stop: () => {
      for (const stop of stops) stop();
      for (const watch of watches.values()) watch.stop();
      warnings.stop();
    },
  };
}

/** What is only looked for or lost is lost because of us; what the other side said still holds. */
function withOwnOutage(state: LinkState, since: number): LinkState {
  switch (state.kind) {
    case 'offline':
      return { ...state, cause: 'local_network_down' };
    case 'connecting':
    case 'restarting':
      return {
        kind: 'offline',
        cause: 'local_network_down',
        detail: '',
        since,
        retryAt: null,
      };
    default:
      return state;
  }
}
