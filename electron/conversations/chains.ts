/** How far the messages of agents are down a chain of agents, so that agents cannot loop. */
import {
  type CallerContext,
  codedError,
  type MessageId,
  type PeerId,
  type ThreadId,
} from '../contract/index.ts';
import type { OutgoingChain } from '../links/link.ts';
import type { Store } from '../store/store.ts';

/** What is known of chains beside the messages: the work of others, and how far it may go on. */
export interface ChainRules {
  /** The longest chain among the work of others that agents are on now; null = none. */
  behind(): OutgoingChain | null;
  /** How far a message to this peer may be, without a person. */
  limits(peerId: PeerId): { readonly hops: number; readonly turns: number };
  /** A chain ended here: the person is told. */
  ended(peerId: PeerId, text: string): void;
}

/** How long the chain of a message is: told to the peer, and kept with the message. */
export interface Chains {
  /**
   * What a message goes out with that a local agent asked for. Which of its runs asked is not known:
   * it counts as part of whatever agents are on.
   * @throws CodedError policy.chain_ended where no person allowed it, and it is too far
   */
  next(
    threadId: ThreadId,
    peerId: PeerId,
    asked: NonNullable<CallerContext['asked']>,
  ): OutgoingChain;
  /** Inside the transaction of the message. */
  note(id: MessageId, chain: OutgoingChain): void;
  /** A person's message begins a chain. */
  of(id: MessageId): OutgoingChain;
}

const BEGINS: OutgoingChain = { hops: 0, turns: 0 };

/** Keeps the table `message_chains`. */
export function createChains(store: Store, rulesNow: (() => ChainRules) | undefined): Chains {
  const put = store.prepare<never, [MessageId, number, number]>(
    'INSERT INTO message_chains (message_id, hops, turns) VALUES (?, ?, ?)',
  );
  const byId = store.prepare<OutgoingChain, [MessageId]>(
    'SELECT hops, turns FROM message_chains WHERE message_id = ?',
  );
  /** The newest of ours in a thread; its chain is null where a person wrote it. */
  const newest = store.prepare<{ turns: number | null }, [ThreadId]>(
    `SELECT c.turns FROM messages m LEFT JOIN message_chains c ON c.message_id = m.id
     WHERE m.thread_id = ? AND m.direction = 'out' ORDER BY m.row DESC LIMIT 1`,
  );

  return {
    note: (id, { hops, turns }) => void put.run(id, hops, turns),
    of: (id) => byId.get(id) ?? BEGINS,
    next: (threadId, peerId, { byPerson }) => {
      const rules = rulesNow?.();
      const behind = rules?.behind() ?? null;
      const before = newest.get(threadId)?.turns ?? null;
      const hops = behind === null ? 0 : behind.hops + 1;
      if (byPerson || !rules) return { hops, turns: 0 };
      const turns = Math.max(
        behind === null ? 0 : behind.turns + 1,
        before === null ? 0 : before + 1,
      );
      const most = rules.limits(peerId);
      const why =
        hops > most.hops
          ? `It would be the work’s way through gateway number ${hops + 1}; ${most.hops} before it are allowed.`
          : turns >= most.turns
            ? `No person wrote the last ${turns} messages; ${most.turns} are allowed.`
            : null;
      if (why === null) return { hops, turns };
      rules.ended(peerId, why);
      throw codedError('policy.chain_ended', why);
    },
  };
}
