/** What the work of others says of the chains that local agents go on with. */
import type { Clock } from '../../clock/clock.ts';
import { RateLimiter } from '../../clock/throttle.ts';
import type { PeerId } from '../../contract/index.ts';
import type { Audit } from '../audit.ts';
import type { DelegationTable } from '../delegations/table.ts';
import type { Attention, Partners } from '../options.ts';
import type { Policies } from './policies.ts';

/** How far a chain of agents is. */
export interface Chain {
  readonly hops: number;
  readonly turns: number;
}

/** How far a chain of agents may go on from here, by the policies of whom it came from. */
export interface ChainRules {
  /** The longest among what agents are on now; null where they are on nothing of others. */
  behind(): Chain | null;
  limits(peerId: PeerId): Chain;
  /** A message of an agent here was kept back: the person hears of it, once a minute and peer. */
  ended(peerId: PeerId, text: string): void;
}

/** What the rules are read from, and who hears of a chain that ended here. */
export interface ChainOptions {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly policies: Policies;
  readonly partners: Pick<Partners, 'name'>;
  readonly attention: Pick<Attention, 'chainEnded'>;
  readonly table: DelegationTable;
}

const NOTED = { burst: 1, perSecond: 1 / 60 } as const;

/** Builds the rules over a home's delegations and policies. */
export function chainRules(options: ChainOptions): ChainRules {
  const { clock, audit, policies, partners, attention, table } = options;
  const told = new RateLimiter(clock, NOTED);
  return {
    behind: () => {
      const on = table.open().filter((d) => d.state === 'in_progress');
      if (on.length === 0) return null;
      return {
        hops: Math.max(...on.map((d) => d.hops)),
        turns: Math.max(...on.map((d) => d.turns)),
      };
    },
    limits: (peerId) => {
      const { hopLimit, replyBudget } = policies.of(peerId);
      return { hops: hopLimit, turns: replyBudget };
    },
    ended: (peerId, text) => {
      if (told.take(peerId) > 0) return;
      audit.write('task_chain_ended', peerId, text);
      attention.chainEnded({ peerId, caller: partners.name(peerId) ?? '', text });
    },
  };
}
