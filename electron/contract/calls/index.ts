import type * as z from 'zod';
import type { MessageId, RequestId, ThreadId } from '../ids.ts';
import type { Result } from '../result.ts';
import { agentCalls } from './agent-calls.ts';
import { appCalls } from './app-calls.ts';
import { broadcastCalls } from './broadcast-calls.ts';
import { gatewayCalls } from './gateway-calls.ts';
import { hookCalls } from './hook-calls.ts';
import { importCalls } from './import-calls.ts';
import { outgoingCalls } from './outgoing-calls.ts';
import { peerCalls } from './peer-calls.ts';
import { policyCalls } from './policy-calls.ts';
import { receptionCalls } from './reception-calls.ts';
import { relayCalls } from './relay-calls.ts';
import { relayServerCalls } from './relay-server-calls.ts';
import { scheduleCalls } from './schedule-calls.ts';
import { setupCalls } from './setup-calls.ts';
import { tailnetCalls } from './tailnet-calls.ts';
import { threadCalls } from './thread-calls.ts';
import { updateCalls } from './update-calls.ts';

export {
  AgentName,
  Ask,
  AskPlan,
  agentCalls,
  BroadcastAsk,
  DelegateAsk,
  MAX_FOLLOW_MS,
  PutAsk,
  RespondAsk,
  SendAsk,
} from './agent-calls.ts';
export { BroadcastInput, broadcastCalls } from './broadcast-calls.ts';
export * from './call.ts';
export { gatewayCalls } from './gateway-calls.ts';
export { DelegationOrder, outgoingCalls } from './outgoing-calls.ts';
export {
  A2aLinkInput,
  CredentialInput,
  GatewayLinkInput,
  LinkInput,
  ProbeResult,
} from './peer-calls.ts';
export { INVITE_MS, INVITE_TEXT_LIMIT, receptionCalls } from './reception-calls.ts';
export { RELAY_BODY_BYTES, relayCalls } from './relay-calls.ts';
export { RELAY_TOKEN_MIN } from './relay-server-calls.ts';
export { MorningStatus } from './schedule-calls.ts';
export { TailnetJoinInput, TailnetPage, tailnetCalls } from './tailnet-calls.ts';
export { MESSAGE_TEXT_LIMIT } from './text.ts';
export { ATTACHMENT_CHUNK_BYTES } from './thread-calls.ts';

/** Every call that a window, or an agent at the control socket, may make. The only list of them. */
export const calls = {
  ...appCalls,
  ...peerCalls,
  ...threadCalls,
  ...receptionCalls,
  ...policyCalls,
  ...outgoingCalls,
  ...scheduleCalls,
  ...relayCalls,
  ...importCalls,
  ...setupCalls,
  ...tailnetCalls,
  ...gatewayCalls,
  ...updateCalls,
  ...broadcastCalls,
  ...hookCalls,
  ...agentCalls,
  ...relayServerCalls,
} as const;

/** The list as a type, from which the types of inputs, outputs and handlers are read. */
export type Calls = typeof calls;
/** `area.verb`. A frame brings it as text: {@link isCallName} tells. */
export type CallName = keyof Calls;

/** What the caller passes, before parsing. */
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
/** What the handler gets, after parsing. */
export type CallArguments<N extends CallName> = z.output<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;

/** True for a name on the list. */
export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

/** The one function that a renderer, the command line or a test needs. */
export type Caller = <N extends CallName>(
  name: N,
  input: CallInput<N>,
) => Promise<Result<CallOutput<N>>>;

/** Who called: a window keeps its own open threads and its own patch numbers. */
export interface CallerContext {
  readonly door: 'window' | 'control';
  /** Stable for one connection of one window or one control socket. */
  readonly connectionId: string;
  readonly signal: AbortSignal;
  /** Set where the app itself does what a local agent asked for and was allowed. */
  readonly asked?: {
    readonly requestId: RequestId;
    readonly agent: string;
    /** A person read it and allowed it; else a rule did. */
    readonly byPerson: boolean;
    /** Told inside the transaction that stores the message. */
    readonly stored?: (threadId: ThreadId, messageId: MessageId) => void;
  };
}

/** The other end of {@link Caller}. A handler may also throw a CodedError. */
export type CallHandlers = {
  readonly [N in CallName]: (
    input: CallArguments<N>,
    context: CallerContext,
  ) => Promise<Result<CallOutput<N>>> | Result<CallOutput<N>>;
};
