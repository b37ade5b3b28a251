/** The one place where an invite changes: each change is one commit, and is told after it. */
import type { Clock } from '../../clock/clock.ts';
import {
  type AppError,
  appError,
  type ChangeSink,
  codedError,
  type InviteId,
  type InviteState,
  type InviteView,
} from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import { fingerprintOf } from './signing.ts';
import { type Exchange, type Invite, type InviteTable, inviteTable } from './table.ts';

/** A done one may still repeat its last answer for this long, in case it was lost on its way, ms. */
export const REPEAT_MS = 600_000;
/** What ended is listed for this long, ms. */
export const LISTED_MS = 24 * 3_600_000;

/** Whether anything can still come of it; the other states are ends. */
export const isOpen = (state: InviteState): boolean =>
  state === 'open' || state === 'comparing' || state === 'confirmed';

/** What a change names replaces what was; of `exchange`, only the fields that it names. */
export interface InviteChanges extends Partial<Omit<Invite, 'exchange'>> {
  readonly exchange?: Partial<Exchange>;
}

/** The invites of this home, ours and those that we redeemed. */
export interface InviteBook {
  readonly table: InviteTable;
  /** @throws CodedError invite.not_found */
  get(id: InviteId): Invite;
  add(invite: Invite): Promise<void>;
  /** Inside one commit; `change` gives null to leave it. @returns how it stands; null = left. */
  change(id: InviteId, change: (now: Invite) => InviteChanges | null): Promise<Invite | null>;
  /** Ends an open one. */
  end(id: InviteId, state: InviteState, error: AppError | null): Promise<Invite | null>;
  view(id: InviteId): InviteView | null;
  recent(): InviteView[];
  watch(id: InviteId, listener: () => void): () => void;
  /** Ends what has run out. */
  sweep(): Promise<void>;
  /** Forgets what is no longer listed. */
  forgetOld(): Promise<void>;
}

const viewOf = (invite: Invite): InviteView => {
  const { exchange, boundIdentity } = invite;
  return {
    id: invite.id,
    direction: invite.direction,
    for: invite.purpose,
    state: invite.state,
    peerName: invite.peerName,
    createdAt: invite.createdAt,
    expiresAt: invite.expiresAt,
    words: exchange.words,
    other:
      boundIdentity === null
        ? null
        : {
            name: exchange.otherName,
            fingerprint: fingerprintOf(boundIdentity),
            address: exchange.address,
            proof: exchange.proof,
          },
    confirmedThere: exchange.confirmedThere,
    directions: exchange.directions,
    gateway: exchange.gateway,
    peerId: invite.peerId,
    error: invite.error,
  };
};

/** Opens the book over a store. */
export function createInviteBook(store: Store, clock: Clock, changed: ChangeSink): InviteBook {
  const table = inviteTable(store);
  const listeners = new Map<InviteId, Set<() => void>>();

  const tell = (id: InviteId): void => {
    changed({ type: 'invite', id });
    for (const listener of [...(listeners.get(id) ?? [])]) listener();
  };

  const change: InviteBook['change'] = async (id, make) => {
    const next = await store.write(() => {
      const now = table.byId(id);
      const changes = now && make(now);
      if (!now || !changes) return null;
      const { exchange, ...rest } = changes;
      const made: Invite = { ...now, ...rest, exchange: { ...now.exchange, ...exchange } };
      table.put(made);
      return made;
    });
    if (next) tell(id);
    return next;
  };

  const end: InviteBook['end'] = (id, state, error) =>
    change(id, (now) => (isOpen(now.state) ? { state, error } : null));

  return {
    table,
    get: (id) => {
      const found = table.byId(id);
      if (!found) throw codedError('invite.not_found', 'No invite has this id.');
      return found;
    },
    add: async (invite) => {
      await store.write(() => table.put(invite));
      tell(invite.id);
    },
    change,
    end,
    view: (id) => {
      const found = table.byId(id);
      return found && viewOf(found);
    },
    recent: () => table.recent(clock.now() - LISTED_MS).map(viewOf),
    watch: (id, listener) => {
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all);
      all.add(listener);
      return () => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(id);
      };
    },
    sweep: async () => {
      const now = clock.now();
      for (const invite of table.open()) {
        if (invite.expiresAt > now) continue;
        const detail =
          invite.state === 'open' ? 'Nobody used it in time.' : 'It was not confirmed in time.';
        await end(invite.id, 'expired', appError('invite.expired', detail));
      }
    },
    forgetOld: () => store.write(() => table.forget(clock.now() - LISTED_MS)),
  };
}
