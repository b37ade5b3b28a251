/** The relays of a home: their connections, who is on them, and what comes and goes over them. */
import type { CallHandlers, LinkId, RelayId, RelaysView } from '../contract/index.ts';
import { createRelayLink, type RelayLink, type RelaySigner } from '../links/relay/index.ts';
import { agentPeers } from './agent-peers.ts';
import { type Answers, createAnswers } from './answers.ts';
import { broadcastCalls } from './broadcasting.ts';
import { relayCalls } from './calls.ts';
import { createFiles, type FileCalls } from './files/files.ts';
import { type Held, holdRelay, type RelayChoice, type RelayPlace } from './held.ts';
import { type Source, takeMessage } from './incoming.ts';
import { createMembership } from './membership.ts';
import type { RelaysOptions } from './options.ts';
import { sentLedger } from './sent-ledger.ts';
import { relayTable } from './table.ts';
import { relayView } from './views.ts';

/** The calls of the contract that this room answers: `relay.*` and `files.*`. */
export type RelayHandlers = Pick<CallHandlers, Extract<keyof CallHandlers, `relay.${string}`>> &
  FileCalls;

/** What the rest of the app sees of the relays' room. */
export interface Relays {
  readonly handlers: RelayHandlers;
  /**
   * Joins a relay, and connects to it.
   * @throws CodedError link.url_invalid, relay.already_added, secrets.*, store.*
   */
  add(choice: RelayChoice, place: RelayPlace): Promise<RelayId>;
  start(): Promise<void>;
  stop(): Promise<void>;
  view(): RelaysView;
  /** The link of the peer book to an agent; null where its relay is not in the list. */
  link(record: {
    readonly id: LinkId;
    readonly url: string;
    readonly agentId: string | null;
  }): RelayLink | null;
  /** A link was let go. */
  unlink(id: LinkId): void;
  /** A delegation changed: whoever asked over a relay may have to be told. */
  noteDelegation(id: string): void;
  /** The device's key, or the keychain, can be read (again). */
  secretsReady(): Promise<void>;
  networkBack(): void;
}

/** Answered tasks are kept this long, so that what comes twice is known, ms. */
const KEPT_MS = 30 * 86_400_000;
const PRUNE_EVERY_MS = 6 * 3_600_000;

/** Opens the relays of a home; nothing is connected before {@link Relays.start}. */
export function createRelays(options: RelaysOptions): Relays {
  const { store, clock, peers, log } = options;
  const table = relayTable(store);
  const held = new Map<RelayId, Held>();
  const links = new Map<LinkId, RelayLink>();
  let signer: RelaySigner | null = null;
  let started = false;
  let stopped = false;
  let stopPruning = (): void => undefined;

  const changed = (): void => options.changed({ type: 'relays' });
  const background = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => log(`relays: ${String(error)}`));
  };

  const agents = agentPeers({ peers, isHeld: (relay) => held.has(relay.record.id), changed });

  const peerOf = async (source: Source, agentId: string) => {
    const there = agents.known(source.record.url, agentId);
    const relay = held.get(source.record.id);
    return there ?? (relay ? agents.welcome(relay, agentId) : null);
  };

  const answers: Answers = createAnswers({
    store,
    table,
    relay: (id) => held.get(id) ?? null,
    outcome: options.inbox.outcome,
    find: options.inbox.find,
    signer: async () => signer,
    now: clock.now,
    log,
  });

  const files = createFiles({
    options,
    relays: () => [...held.values()],
    nameOf: (source, agentId) =>
      agentId === source.record.agentId
        ? 'You'
        : (agents.known(source.record.url, agentId)?.name ??
          source.hub.agents.get(agentId)?.name ??
          agentId),
    known: agents.known,
  });

  const take = takeMessage({
    options,
    store,
    table,
    answers,
    link: (id) => links.get(id) ?? null,
    fileChanged: files.changed,
    peerOf,
    known: agents.known,
  });

  const membership = createMembership({
    store,
    clock,
    table,
    held,
    options,
    agents,
    make: (record) =>
      holdRelay(record, {
        options,
        clock,
        signer: () => signer,
        save: membership.save,
        take,
        ready: answers.catchUp,
        listed: (relay) => {
          if (relay.record.joinAll) background(agents.welcomeAll(relay));
        },
        changed,
        background,
      }),
    changed,
    background,
  });
  const { of } = membership;

  const view = (): RelaysView => ({
    fingerprint: signer?.deviceId ?? null,
    relays: [...held.values()]
      .sort((a, b) => a.record.createdAt - b.record.createdAt)
      .map(({ record, hub }) => relayView(record, hub, agents.of(record.url), options.describe)),
  });

  const secretsReady = async (): Promise<void> => {
    const found = await options.signer();
    const changedKey = found?.publicKey !== signer?.publicKey;
    signer = found;
    if (!started || stopped) return;
    for (const { hub } of held.values()) {
      if (changedKey || hub.state.kind === 'needs_secret') hub.reconnect();
    }
    if (changedKey) changed();
  };

  return {
    handlers: {
      ...relayCalls({
        clock,
        peers,
        all: () => [...held.values()],
        membership,
        addPeer: agents.add,
        view,
        describe: options.describe,
        protect: options.protect,
      }),
      ...broadcastCalls({ options, clock, of, signer: () => signer }),
      ...files.handlers,
    },
    add: membership.add,
    start: async () => {
      started = true;
      stopPruning = clock.every(PRUNE_EVERY_MS, () => {
        background(store.write(() => table.prune(clock.now() - KEPT_MS)));
        background(answers.prune());
      });
      // At once: the links of the peer book are made as soon as this turn is over.
      membership.load();
      signer = await options.signer().catch(() => null);
      if (stopped) return;
      for (const { hub } of held.values()) hub.start();
      changed();
    },
    stop: async () => {
      stopped = true;
      stopPruning();
      await Promise.all([...held.values()].map(({ hub }) => hub.stop()));
      await membership.stop();
      await answers.idle();
      await agents.idle();
    },
    view,
    link: ({ id, url, agentId }) => {
      const relay = membership.byUrl(url);
      if (!relay || agentId === null) return null;
      const made = createRelayLink({
        id,
        agentId,
        hub: relay.hub,
        ledger: sentLedger(store, table, clock, relay.record.id),
        us: () => relay.record.agentId,
        host: new URL(url).host,
        signer: async () => signer,
        clock,
        log: (level, text) => log(`link ${id} ${level}: ${text}`),
      });
      links.set(id, made);
      return made;
    },
    unlink: (id) => {
      links.delete(id);
    },
    noteDelegation: (id) => answers.note(id),
    secretsReady,
    networkBack: () => {
      for (const { hub } of held.values()) if (hub.state.kind === 'offline') hub.reconnect();
    },
  };
}
