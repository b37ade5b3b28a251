/** On which relays we are: joining one, changing it, leaving it, and coming back while that can be undone. */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from '../clock/clock.ts';
import { codedError, RelayId } from '../contract/index.ts';
import { normaliseRelayUrl } from '../links/relay/index.ts';
import type { Store } from '../store/store.ts';
import type { AgentPeers } from './agent-peers.ts';
import type { Held, RelayChoice, RelayPlace } from './held.ts';
import type { RelaysOptions } from './options.ts';
import { type Removals, removals, UNDO_MS } from './removal.ts';
import type { RelayRecord, RelayTable } from './table.ts';

/** The list of our relays. What is removed can be restored for ten seconds, then it is gone. */
export interface Membership {
  /** The relay that is meant; none named = the only one. @throws CodedError relay.which, relay.not_found */
  of(id: RelayId | undefined): Held;
  /** Also one whose removal can still be undone. */
  byUrl(url: string): Held | null;
  /** @throws CodedError link.url_invalid, relay.already_added, secrets.*, store.* */
  add(choice: RelayChoice, place: RelayPlace): Promise<RelayId>;
  /** What the relay is shown of us is told anew, under the same id. @throws CodedError secrets.*, store.* */
  update(
    id: RelayId,
    changes: Partial<RelayChoice> & { readonly token?: string | null },
  ): Promise<void>;
  /** Writes down what changed of a relay, unless it was removed meanwhile. */
  save(relay: Held, changes: Partial<RelayRecord>): Promise<void>;
  remove(id: RelayId): Promise<{ readonly undoMs: number }>;
  /** @throws CodedError relay.undo_expired */
  restore(id: RelayId): Promise<void>;
  /** Takes up what is on the disk; connects to nothing. */
  load(): void;
  stop(): Promise<void>;
}

/** What the list works on. `held` is the list itself, which this fills and empties. */
export interface MembershipOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly table: RelayTable;
  readonly held: Map<RelayId, Held>;
  readonly options: Pick<RelaysOptions, 'secrets' | 'protect' | 'peers' | 'log'>;
  readonly agents: Pick<AgentPeers, 'of' | 'welcomeAll'>;
  /** A relay at work, not connected yet. */
  readonly make: (record: RelayRecord) => Held;
  readonly changed: () => void;
  readonly background: (work: Promise<unknown>) => void;
}

/** Opens it. */
export function createMembership(parts: MembershipOptions): Membership {
  const { store, clock, table, held, make, changed, background } = parts;
  const { secrets, protect, peers, log } = parts.options;

  const removing: Removals = removals({
    store,
    clock,
    table,
    purge: async ({ record }) => {
      await secrets.forget(record.id);
      for (const peer of parts.agents.of(record.url)) await peers.removeLink(peer.linkId);
    },
    log,
  });

  const hold = (record: RelayRecord): Held => {
    const relay = make(record);
    held.set(record.id, relay);
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

  const listed = (url: string): Held | null =>
    [...held.values()].find((relay) => relay.record.url === url) ?? null;

  const save = async (relay: Held, changes: Partial<RelayRecord>): Promise<void> => {
    relay.record = { ...relay.record, ...changes };
    await store.write(() => {
      // Removed meanwhile: it must not come back by this.
      if (table.has(relay.record.id)) table.put(relay.record);
    });
    changed();
  };

  return {
    of,
    save,
    byUrl: (url) => listed(url) ?? removing.all().find(({ record }) => record.url === url) ?? null,
    add: async (choice, place) => {
      const address = normaliseRelayUrl(place.url);
      if (!address.ok) throw codedError('link.url_invalid', address.error.detail);
      const { url } = address.value;
      if (listed(url)) throw codedError('relay.already_added', `It stands at ${url}.`);
      await removing.finish(url);
      const id = RelayId.parse(v7({ msecs: clock.now() }));
      if (place.token !== null) {
        protect(place.token);
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
    },
    update: async (id, { token, ...changes }) => {
      const relay = of(id);
      if (token !== undefined) {
        if (token !== null) protect(token);
        await secrets.setToken(id, token);
      }
      const credential = token === undefined ? relay.record.credential : token ? 'token' : 'none';
      await save(relay, { ...changes, credential });
      relay.hub.reconnect();
      if (relay.record.joinAll) background(parts.agents.welcomeAll(relay));
    },
    remove: async (id) => {
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
    },
    restore: async (id) => {
      if (held.has(id)) return;
      const relay = await removing.restore(id);
      held.set(id, relay);
      relay.hub.start();
      changed();
    },
    load: () => {
      for (const record of table.relays()) if (!held.has(record.id)) hold(record);
      for (const { record, removedAt } of table.removed()) removing.resume(make(record), removedAt);
    },
    stop: () => removing.stop(),
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
