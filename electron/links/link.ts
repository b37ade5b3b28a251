/**
 * The one interface of every way to reach a peer. `conversations` and `health` know this and not
 * which kind stands behind it; a link knows its wire and nothing of threads or windows.
 */
import type {
  AgentView,
  AppError,
  DelegationPriority,
  DelegationState,
  LinkId,
  LinkState,
  OutgoingState,
  SessionView,
} from '../contract/index.ts';

/** What a link carries for us. `key` is the message's idempotency key, for ever the same. */
export interface OutgoingEnvelope {
  /** `peerage:<message id>`. */
  readonly key: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly attachments: readonly OutgoingAttachment[];
  /** Present where the message asks for work. The text says the same. */
  readonly work?: OutgoingWork;
  /** How far it is down a chain of agents, for wires that can tell. */
  readonly chain?: OutgoingChain;
  /** The run that the last message of this session got, where it was acknowledged; see {@link SendOutcome}. */
  readonly lastRunId?: string | null;
}

/** Where a message stands in a chain of agents; a person's message begins one. */
export interface OutgoingChain {
  /** Gateways that the work came through before. */
  readonly hops: number;
  /** Messages before it that no person wrote. */
  readonly turns: number;
}

/** A piece of work that a message asks for: for wires with words of their own for it. Times are ms since the epoch. */
export interface OutgoingWork {
  readonly topic: string;
  readonly task: string;
  readonly context: string;
  readonly expected: string;
  readonly priority: DelegationPriority;
  readonly deadlineAt: number | null;
  /** Through how many gateways it came before. */
  readonly hops: number;
}

/** A file that goes with a message, whole in memory; within {@link LinkLimits}. */
export interface OutgoingAttachment {
  readonly name: string;
  readonly mimeType: string;
  readonly data: Uint8Array;
}

/** A file that came with an answer. Name and type are the sender's claims. */
export type IncomingAttachment = OutgoingAttachment;

/**
 * How one attempt ended.
 * `acknowledged` = the other side said that it has it. `not_sent` = it surely never left, or was
 * surely not taken, and may be tried again. `rejected` = refused for good. `unknown` = it may have
 * been taken: settle it with {@link Link.settle} before anything else.
 */
export type SendOutcome =
  /** `runId` is kept with the attempt, and given back to {@link Link.settle} after a restart. */
  | { readonly kind: 'acknowledged'; readonly runId: string }
  | { readonly kind: 'not_sent'; readonly error: AppError; readonly retryAfterMs?: number }
  | { readonly kind: 'rejected'; readonly error: AppError }
  | { readonly kind: 'unknown'; readonly error: AppError };

/**
 * What the wire can tell about an attempt whose end nobody saw.
 * `absent` = proven not taken, safe to send again. `present` = taken: never send again; `answer`
 * where there is one, `running` while a run of it goes on. `cannot_tell` = ask the person.
 * `not_now` = the question could not be asked; ask again when connected.
 */
export type SettleOutcome =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly running: boolean;
      readonly answer: HistoryMessage | null;
    }
  | { readonly kind: 'cannot_tell'; readonly error: AppError }
  | { readonly kind: 'not_now'; readonly error: AppError };

/** A message as the other side's history has it. */
export interface HistoryMessage {
  /** Stable over there, for de-duplication. */
  readonly remoteId: string;
  readonly role: 'user' | 'assistant' | 'other';
  readonly text: string;
  /** The key under which we sent it, where it is ours. */
  readonly key: string | null;
  /** The run that wrote it, where the row says so. With `chat.send` that is the key of the question. */
  readonly runId: string | null;
  /** The sender's clock, ms since the epoch. */
  readonly at: number | null;
  /** The label that the sender gave itself. Unverified. */
  readonly senderLabel: string | null;
  /** Present on an answer that did not come to its own end. */
  readonly ended?: 'aborted' | 'error';
  /** Why, where the other side said it. */
  readonly error?: AppError | null;
  readonly attachments?: readonly IncomingAttachment[];
  /** How the work stands after this, where the wire has a word for it. */
  readonly work?: DelegationState;
}

/** What comes in. Every event of a run names our key, so that it can be matched after a restart. */
export type LinkEvent =
  | { readonly kind: 'state'; readonly state: LinkState }
  /** Connected and subscribed: now fetch what was missed. */
  | { readonly kind: 'ready' }
  /** The agent says that it can do other things than before. */
  | { readonly kind: 'skills' }
  /** The answer so far. `text` is the whole of it; `added` its newest part. */
  | {
      readonly kind: 'run_delta';
      readonly key: string;
      readonly sessionKey: string;
      readonly text: string;
      readonly added: string;
    }
  | {
      readonly kind: 'run_final';
      readonly key: string;
      readonly sessionKey: string;
      readonly text: string;
      readonly remoteId: string | null;
      readonly at: number | null;
      readonly attachments?: readonly IncomingAttachment[];
      /** How the work stands with this, where the wire has a word for it. */
      readonly work?: DelegationState;
      /** It asks us something: the next message of the session answers it, and the work goes on. */
      readonly asksBack?: boolean;
    }
  | {
      readonly kind: 'run_ended';
      readonly key: string;
      readonly sessionKey: string;
      readonly reason: 'aborted' | 'error';
      readonly text: string;
      readonly error: AppError | null;
      readonly work?: DelegationState;
    }
  /** The work that a message of ours asked for stands so now; it goes on. */
  | {
      readonly kind: 'run_state';
      readonly key: string;
      readonly sessionKey: string;
      readonly state: DelegationState;
    }
  /** The run over there waits until its person allows a command. */
  | {
      readonly kind: 'run_waiting';
      readonly key: string | null;
      readonly sessionKey: string;
      readonly waiting: boolean;
      /** Why, where the other side says more than that it waits. */
      readonly why?: AppError;
    }
  /** A row of the transcript of a session of ours, ours or not: used to confirm and to merge. */
  | {
      readonly kind: 'session_message';
      readonly sessionKey: string;
      readonly message: HistoryMessage;
    };

/** What a link can carry; read from the other side where it announces it. */
export interface LinkLimits {
  /** The whole frame or request, bytes. */
  readonly payloadBytes: number;
  /** One attachment, bytes; 0 = none are taken. */
  readonly attachmentBytes: number;
  readonly imageBytes: number;
}

/** What the rungs of the outgoing ladder mean on this wire; docs/delivery.md shows it. */
export type RungMeaning = Readonly<Record<OutgoingState, string>>;

/** A way to one peer's agents. Untrusted text comes out of it, bounded, and no secret. */
export interface Link {
  readonly id: LinkId;
  readonly kind: 'gateway' | 'a2a' | 'relay';
  readonly rungs: RungMeaning;
  /** How {@link settle} finds out: from the history, by the key, or not at all. */
  readonly resolveUnknown: 'byHistory' | 'byKey' | 'none';

  state(): LinkState;
  limits(): LinkLimits;
  /** Begins to hold the connection. Calling it again is harmless. */
  start(): void;
  /** Ends it, in order, within 2 s. */
  stop(): Promise<void>;
  /** Tries now, whatever the state; also after a refusal, since a person asked. */
  reconnect(): void;
  /** Trusts the identity that was seen, if it is still `seen`. */
  trustIdentity(seen: string): Promise<boolean>;
  on(listener: (event: LinkEvent) => void): () => void;

  /** The session in which a thread lives on this link. */
  sessionKeyFor(threadId: string, agentId: string | null): string;
  /** Never throws: every end is an outcome. */
  send(envelope: OutgoingEnvelope, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * @param usedBefore the session once held something else of ours: that it holds nothing proves nothing.
   * @param runId what the last attempt was acknowledged with; null where it was not.
   */
  settle(
    key: string,
    sessionKey: string,
    signal: AbortSignal,
    usedBefore?: boolean,
    runId?: string | null,
  ): Promise<SettleOutcome>;
  /**
   * Stops a run. True if the other side says that it stopped something.
   * @param runId what its last message was acknowledged with, for work that waits between messages.
   */
  abort(
    key: string,
    sessionKey: string,
    signal: AbortSignal,
    runId?: string | null,
  ): Promise<boolean>;
  /** Watches one session of ours, so that its events come; kept over reconnects. */
  watch(sessionKey: string): () => void;
  /** The newest messages of a session, oldest first, at most `limit`. */
  history(
    sessionKey: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly HistoryMessage[]>;
  agents(signal: AbortSignal): Promise<readonly AgentView[]>;
  sessions(agentId: string | null, signal: AbortSignal): Promise<readonly SessionView[]>;
  /**
   * Tags of what the agent over there can do, where the wire tells. Untrusted.
   * @param maxAgeMs a wire that keeps what it was told asks again where that is older
   */
  capabilities?(signal: AbortSignal, maxAgeMs?: number): Promise<readonly string[]>;
  /** One round trip for the health ladder, ms. */
  ping(signal: AbortSignal): Promise<number>;
}
