/** The board: what others ask of us and what we asked of others, as one list. */
import { type BoardItem, type CallHandlers, ok } from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { Reception, UnaskedBook } from '../reception/index.ts';

/** Where the board's rows come from, in both directions, and the names of the peers in them. */
export interface BoardOptions {
  readonly reception: Pick<Reception, 'board'>;
  readonly conversations: Pick<Conversations, 'outgoing'>;
  readonly unasked: Pick<UnaskedBook, 'board'>;
  readonly peers: Pick<PeerBook, 'rows' | 'detail'>;
  /** Asks again what agents can do, where that is cheap; takes no longer than this, ms. */
  freshen(limitMs: number): Promise<void>;
  now(): number;
}

/** A person waits for the list meanwhile, ms. */
const FRESHEN_MS = 800;

/** Handlers of `board.*`, and who can be asked. Ids sort by time, so two sorted pages merge into one. */
export const boardHandlers = ({
  reception,
  conversations,
  peers,
  unasked,
  freshen,
  now,
}: BoardOptions): Pick<CallHandlers, 'board.list' | 'outgoing.candidates'> => ({
  'outgoing.candidates': async () => {
    await freshen(FRESHEN_MS);
    return ok({
      peers: peers
        .rows()
        .map(({ id, name, status, statusText }) => ({
          peerId: id,
          name,
          status,
          statusText,
          capabilities: (peers.detail(id)?.capabilities ?? []).map(({ tag }) => tag),
        }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    });
  },
  'board.list': ({ direction, which, peerId, priority, overdue, search, before, limit }) => {
    const filter = {
      which,
      search: search ?? '',
      peerId: peerId ?? null,
      priority: priority ?? null,
      dueBefore: overdue ? now() : null,
      before: before ?? null,
      limit: limit + 1,
    };
    const incoming: BoardItem[] =
      direction === 'out'
        ? []
        : [
            ...reception
              .board(filter)
              .map((one): BoardItem => ({ direction: 'in', delegation: one })),
            ...unasked
              .board(filter)
              .map((one): BoardItem => ({ direction: 'unasked', delegation: one })),
          ];
    const outgoing: BoardItem[] =
      direction === 'in'
        ? []
        : conversations.outgoing
            .page(filter)
            .map((delegation) => ({ direction: 'out', delegation }));
    const items = [...incoming, ...outgoing].sort((a, b) =>
      a.delegation.id < b.delegation.id ? 1 : -1,
    );
    return ok({ items: items.slice(0, limit), more: items.length > limit });
  },
});
