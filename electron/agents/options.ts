/** What the agents' room is given, and what it offers. */
import type { Clock } from '../clock/clock.ts';
import type {
  AgentPolicy,
  AppError,
  Ask,
  CallHandlers,
  ChangeSink,
  MessageId,
  PeerId,
  RecipientReason,
  RequestId,
  RequestRecipient,
  RequestView,
  Settings,
  ThreadId,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** What a request is, in the words that the person reads. */
export interface Described {
  /** Chosen, and why they get nothing. */
  readonly leftOut: readonly {
    readonly peerId: PeerId;
    readonly name: string;
    readonly reason: RecipientReason;
    readonly why: string;
  }[];
  readonly recipients: readonly { readonly peerId: PeerId; readonly name: string }[];
  /** Peers among those who can read what goes to a recipient that is no peer: a whole relay. */
  readonly readers?: readonly PeerId[];
  readonly text: string;
  readonly kind: RequestView['kind'];
  readonly topic: string | null;
  readonly facts: RequestView['facts'];
}

/** What came of one recipient. */
export type Outcome =
  | {
      readonly peerId: PeerId;
      /** Null where it is no message: a shared file. */
      readonly threadId: ThreadId | null;
      readonly messageId: RequestRecipient['messageId'];
    }
  | { readonly peerId: PeerId; readonly error: AppError };

/** A request that was let through, to be carried out. */
export interface Deed {
  readonly id: RequestId;
  readonly agent: string;
  /** A person read it and allowed it; else a rule did. */
  readonly byPerson: boolean;
  readonly ask: Ask;
  /** Whom to write to: those that no rule takes out. */
  readonly recipients: readonly PeerId[];
  /** To be called inside the transaction that stores the one message: the request ends in it too. */
  readonly stored: (threadId: ThreadId, messageId: MessageId) => void;
}

/** What the requests of agents need of their neighbours. */
export interface AgentsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  settings(): Pick<Settings, 'agentBudget'>;
  /** Does what was let through. What it did already for this id it must not do again. */
  perform(deed: Deed): Promise<readonly Outcome[]>;
  readonly attention: {
    ask(request: RequestView): void;
    settle(id: RequestId): void;
  };
  log(line: string): void;
}

/** The requests of local agents: stored, decided, carried out once, listed. */
export interface Agents {
  readonly handlers: Pick<
    CallHandlers,
    'agents.requests' | 'agents.request' | 'agents.decide' | 'agents.rules' | 'agents.setRule'
  >;
  /** Stores a request, and lets it go where the rules say so. @throws what `perform` cannot do at all. */
  ask(agent: string, ask: Ask, described: Described): Promise<RequestView>;
  policy(agent: string, peerId: PeerId): AgentPolicy;
  /** What holds for each recipient of a request, in their order. */
  policies(agent: string, described: Pick<Described, 'recipients' | 'readers'>): AgentPolicy[];
  budgetLeft(): number;
  used(): number;
  view(id: RequestId): RequestView | null;
  /** All of a request's recipients. */
  recipients(id: RequestId): readonly RequestRecipient[];
  /** What waits for the person, oldest first. */
  waiting(): RequestView[];
  /** The last one first, at most 20. */
  lastThreads(peerId: PeerId, agent: string): ThreadId[];
  mark(agent: string): string | null;
  setMark(agent: string, mark: string): Promise<void>;
  /** Takes up what a stop cut off. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
