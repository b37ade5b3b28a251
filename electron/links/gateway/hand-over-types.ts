/** What handing work over to the own gateway takes and gives. */
import type { AgentView, AppError, LinkState, SessionView } from '../../contract/index.ts';
import type { SessionFile } from './session-files.ts';

/** Work to be handed over, text framed already. The key stays the same for every attempt. */
export interface HandOverRun {
  readonly key: string;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly images: readonly {
    readonly name: string;
    readonly mediaType: string;
    readonly data: Uint8Array;
  }[];
}

/** `not_taken`: may be tried again. `refused`: for good. `unknown`: settle it first. */
export type HandOverBegin =
  | { readonly kind: 'taken' }
  | { readonly kind: 'not_taken'; readonly error: AppError; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'unknown' };

/** `refused`: what OpenClaw said of commands that it refused to the agent on the way. */
export type HandOverOutcome =
  | { readonly kind: 'answered'; readonly text: string; readonly refused: readonly string[] }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'silent'; readonly refused: readonly string[] }
  | { readonly kind: 'aborted' | 'running' | 'absent' | 'not_now' }
  | { readonly kind: 'cannot_tell'; readonly detail: string };

/** Its own connection to the own gateway. Only lists and `abort` reject, with a CodedError. */
export interface HandOver {
  state(): LinkState;
  start(): void;
  stop(): Promise<void>;
  reconnect(): void;
  onReady(listener: () => void): () => void;
  onState(listener: () => void): () => void;
  agents(signal: AbortSignal): Promise<AgentView[]>;
  /** Without those that the reception made itself. */
  sessions(signal: AbortSignal): Promise<SessionView[]>;
  begin(run: HandOverRun, signal: AbortSignal): Promise<HandOverBegin>;
  follow(key: string, sessionKey: string, signal: AbortSignal): Promise<HandOverOutcome>;
  settle(key: string, sessionKey: string, signal: AbortSignal): Promise<HandOverOutcome>;
  /** Reads a file of the session's workspace. */
  file(sessionKey: string, path: string, signal: AbortSignal): Promise<SessionFile>;
  abort(key: string, sessionKey: string, signal: AbortSignal): Promise<boolean>;
}
