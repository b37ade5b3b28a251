/** The relays of a home: their connections, who is on them, and what comes and goes over them. */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import {
  type CallHandlers,
  codedError,
  type LinkId,
  ok,
  RelayId,
  type RelaysView,
} from '../contract/index.ts';
import {
  announce,
  createRelayLink,
  errorOf,
  failureOf,
  normaliseRelayUrl,
  RelayHub,
  type RelayLink,
  type RelaySigner,
} from '../links/relay/index.ts';
import { type Answers, createAnswers } from './answers.ts';
import { signTags } from './broadcast-tags.ts';
import { relayCalls } from './calls.ts';
import { createFiles, type FileCalls } from './files/files.ts';
import type { Held, RelayChoice } from './held.ts';
import { type Source, takeMessage } from './incoming.ts';
import type { RelayPeer, RelaysOptions } from './options.ts';
import { removals, UNDO_MS } from './removal.ts';
import { sentLedger } from './sent-ledger.ts';
import { type RelayRecord, relayTable } from './table.ts';
import { relayView } from './views.ts';

export type RelayHandlers = Pick<CallHandlers, Extract<keyof CallHandlers, `relay.${string}`>> &
  FileCalls;

export interface Relays {
  readonly handlers: RelayHandlers;
  /**
   * Joins a relay, and connects to it. The address is as it was typed.
   * @throws CodedError link.url_invalid, relay.already_added, secrets.*, store.*
   */
  add(
    choice: RelayChoice,
    place: { readonly url: string; readonly token: string | null; readonly tls: string | null },
  ): Promise<RelayId>;
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

/** So many agents of one relay become peers by themselves; a relay can make up any number. */
const PEERS_BY_THEMSELVES = 200;
/** Answered tasks are kept this long, so that what comes twice is known, ms. */
const KEPT_MS = 30 * 86_400_000;
const PRUNE_EVERY_MS = 6 * 3_600_000;

/** Opens the relays of a home; nothing is connected before {@link Relays.start}. */
export function createRelays(options: RelaysOptions): Relays {
  const { store, clock, peers, secrets, log } = options;
  const table = relayTable(store);
  const held = new Map<RelayId, Held>();
  const links = new Map<LinkId, RelayLink>();
  let signer: RelaySigner | null = null;
  let started = false;
  let stopped = false;
  let stopPruning = (): void => undefined;

  const changed = (): void => options.changed({ type: 'relays' });

  const save = async (relay: Held, changes: Partial<RelayRecord>): Promise<void> => {
    relay.record = { ...relay.record, ...changes };
    await store.write(() => {
      // Removed meanwhile: it must not come back by this.
      if (table.has(relay.record.id)) table.put(relay.record);
    });
    changed();
  };

  const background = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => log(`relays: ${String(error)}`));
  };

  const byUrl = (url: string): Held | null =>
    [...held.values()].find((relay) => relay.record.url === url) ?? null;

  const peersOf = (url: string): RelayPeer[] => peers.all().filter((peer) => peer.url === url);

  const known = (url: string, agentId: string): RelayPeer | null =>
    peers.all().find((peer) => peer.url === url && peer.agentId === agentId) ?? null;

  /** One after the other: two messages of a newcomer must not make two peers of it. */
  let adding: Promise<unknown> = Promise.resolve();
  const addPeer = (relay: Held, agentId: string): Promise<RelayPeer> => {
    const work = adding.then(async () => {
      const there = known(relay.record.url, agentId);
      if (there) return there;
      const name = relay.hub.agents.get(agentId)?.name ?? agentId;
      const { linkId } = await peers.add(name.slice(0, 80), { url: relay.record.url, agentId });
      const made = peers.byLink(linkId);
      if (!made) throw codedError('peer.not_found', 'The new peer was removed again.');
      changed();
      return made;
    });
    adding = work.catch(() => undefined);
    return work;
  };

  const peerOf = async (source: Source, agentId: string): Promise<RelayPeer | null> => {
    const there = known(source.record.url, agentId);
    if (there) return there;
    if (peersOf(source.record.url).length >= PEERS_BY_THEMSELVES) return null;
    const relay = held.get(source.record.id);
    return relay ? addPeer(relay, agentId) : null;
  };

  const joinAll = async (relay: Held): Promise<void> => {
    for (const agentId of relay.hub.agents.keys()) {
      if (!relay.record.joinAll || !held.has(relay.record.id)) return;
      if (!(await peerOf(relay, agentId))) return;
    }
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
        : (known(source.record.url, agentId)?.name ??
          source.hub.agents.get(agentId)?.name ??
          agentId),
    known,
  });

  const take = takeMessage({
    options,
    store,
    table,
    answers,
    link: (id) => links.get(id) ?? null,
    fileChanged: files.changed,
    peerOf,
    known,
  });

  const hold = (record: RelayRecord): Held => {
    const relay = make(record);
    held.set(record.id, relay);
    return relay;
  };

  const make = (record: RelayRecord): Held => {
    const { id, url } = record;
    const relay: Held = {
      record,
      hub: new RelayHub({
        url,
        token: async () =>
          relay.record.credential === 'none' ? { kind: 'none' } : secrets.token(id),
        secret: secrets.agentSecret(id),
        self: () => ({
          agentId: relay.record.agentId,
          name: relay.record.agentName,
          capabilities: relay.record.capabilities,
          machine: options.machine,
          description: announce(relay.record.description, signer),
        }),
        tls: record.tls,
        onTls: (tls) => background(save(relay, { tls })),
        wasRegistered: record.registered,
        onRegistered: () => background(save(relay, { registered: true })),
        take: (message) => take(relay, message),
        clock,
        log: (level, text) => log(`relay ${id} ${level}: ${text}`),
        ...(options.random ? { random: options.random } : {}),
      }),
    };
    relay.hub.on((event) => {
      if (event.kind === 'ready') {
        if (event.forgot) {
          const epoch = relay.record.epoch + 1;
          background(save(relay, { forgotAt: clock.now(), epoch }));
        }
        answers.catchUp(id);
      }
      if (event.kind === 'agents' && relay.record.joinAll) background(joinAll(relay));
      changed();
    });
    return relay;
  };

  const of = (id: RelayId | undefined): Held => {
    const only = held.size === 1 ? [...held.values()][0] : undefined;
    const relay = id === undefined ? only : held.get(id);
    if (relay) return relay;
    throw id === undefined
      ? codedError('relay.which', held.size === 0 ? 'There is none yet.' : 'There are several.')
      : codedError('relay.not_found', 'No relay has this id.');
  };

  const add = async (
    choice: RelayChoice,
    place: { readonly url: string; readonly token: string | null; readonly tls: string | null },
  ): Promise<RelayId> => {
    const address = normaliseRelayUrl(place.url);
    if (!address.ok) throw codedError('link.url_invalid', address.error.detail);
    const { url } = address.value;
    if (byUrl(url)) throw codedError('relay.already_added', `It stands at ${url}.`);
    await removing.finish(url);
    const id = RelayId.parse(v7({ msecs: clock.now() }));
    if (place.token !== null) {
      options.protect(place.token);
      await secrets.setToken(id, place.token);
    }
    const record: RelayRecord = {
      id,
      ...choice,
      url,
      credential: place.token === null ? 'none' : 'token',
      agentId: agentIdFor(choice.agentName),
      tls: place.tls,
      registered: false,
      forgotAt: null,
      epoch: 0,
      createdAt: clock.now(),
    };
    await store.write(() => table.put(record));
    hold(record).hub.start();
    changed();
    return id;
  };

  const update = async (
    id: RelayId,
    { token, ...changes }: Partial<RelayChoice> & { readonly token?: string | null },
  ): Promise<void> => {
    const relay = of(id);
    if (token !== undefined) {
      if (token !== null) options.protect(token);
      await secrets.setToken(id, token);
    }
    const credential = token === undefined ? relay.record.credential : token ? 'token' : 'none';
    await save(relay, { ...changes, credential });
    // It registers anew, under the same id.
    relay.hub.reconnect();
    if (relay.record.joinAll) background(joinAll(relay));
  };

  const removing = removals({
    store,
    clock,
    table,
    purge: async ({ record }) => {
      await secrets.forget(record.id);
      for (const peer of peersOf(record.url)) await peers.removeLink(peer.linkId);
    },
    log,
  });

  const remove = async (id: RelayId): Promise<{ readonly undoMs: number }> => {
    const relay = of(id);
    held.delete(id);
    try {
      await removing.remove(relay);
    } catch (error) {
      held.set(id, relay);
      throw error;
    } finally {
      changed();
    }
    return { undoMs: UNDO_MS };
  };

  const restore = async (id: RelayId): Promise<void> => {
    if (held.has(id)) return;
    const relay = await removing.restore(id);
    held.set(id, relay);
    relay.hub.start();
    changed();
  };

  const view = (): RelaysView => ({
    fingerprint: signer?.deviceId ?? null,
    relays: [...held.values()]
      .sort((a, b) => a.record.createdAt - b.record.createdAt)
      .map(({ record, hub }) => relayView(record, hub, peersOf(record.url), options.describe)),
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
        of,
        add,
        update,
        remove,
        restore,
        addPeer,
        view,
        describe: options.describe,
        protect: options.protect,
      }),
      'relay.broadcast': async ({ relayId, content, topic, tags }, { signal }) => {
        const relay = of(relayId);
        const from = relay.record.agentId;
        const said = { from, content, topic: topic || 'general', tags };
        try {
          const sent = await relay.hub.ask(signal, (requests, us, inner) =>
            requests.broadcast(us, { ...said, tags: signTags(said, signer, clock.now()) }, inner),
          );
          return ok(sent);
        } catch (error) {
          return { ok: false, error: errorOf(failureOf(error), new URL(relay.record.url).host) };
        }
      },
      ...files.handlers,
    },
    add,
    start: async () => {
      started = true;
      stopPruning = clock.every(PRUNE_EVERY_MS, () =>
        background(store.write(() => table.prune(clock.now() - KEPT_MS))),
      );
      // At once: the links of the peer book are made as soon as this turn is over.
      for (const record of table.relays()) if (!held.has(record.id)) hold(record);
      for (const { record, removedAt } of table.removed()) removing.resume(make(record), removedAt);
      signer = await options.signer().catch(() => null);
      if (stopped) return;
      for (const { hub } of held.values()) hub.start();
      changed();
    },
    stop: async () => {
      stopped = true;
      stopPruning();
      await Promise.all([...held.values()].map(({ hub }) => hub.stop()));
      await removing.stop();
      await answers.idle();
      await adding;
    },
    view,
    link: ({ id, url, agentId }) => {
      const relay = byUrl(url) ?? removing.all().find(({ record }) => record.url === url);
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

/** Stable from here on, and readable in an old client's table: `ada-laptop-3f9a1c04`. */
function agentIdFor(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${words || 'peerage'}-${randomBytes(4).toString('hex')}`;
}
