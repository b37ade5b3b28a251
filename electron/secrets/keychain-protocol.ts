/**
 * What the app and the keychain's child process say to each other: JSON objects over a pipe of their
 * own. Secrets travel here and nowhere else: not in arguments, not in the environment.
 */

import type { SecretLookup, SecretsStatus, SecretsTrouble } from './secret-store.ts';

/** One thing to do with one entry. `account` is the full name in the keychain. */
export type KeychainCall =
  | { readonly op: 'get'; readonly account: string }
  | { readonly op: 'set'; readonly account: string; readonly value: string }
  | { readonly op: 'delete'; readonly account: string };

/** Answer to one {@link KeychainCall}. `existed` says whether a deleted entry was there. */
export type KeychainAnswer = SecretLookup | { readonly kind: 'done'; readonly existed: boolean };

/** How asking a person to open the keychain ended. */
export type UnlockOutcome =
  | { readonly kind: 'unlocked' }
  /** The person closed the question or refused. */
  | { readonly kind: 'denied' }
  /** We withdrew the question, by the caller's signal. GNOME may leave its window open; who answers it then still unlocks. */
  | { readonly kind: 'cancelled' }
  /** Nobody answered the question in time, and it was withdrawn. */
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'unavailable'; readonly status: SecretsTrouble };

/**
 * App to child. `probe` asks for the Secret Service to be looked at first (Linux). A batch without
 * calls asks for the status alone. Only one request is under way at a time; `cancel` ends an unlock.
 */
export type KeychainRequest =
  | {
      readonly id: number;
      readonly op: 'batch';
      readonly service: string;
      readonly probe: boolean;
      readonly calls: readonly KeychainCall[];
    }
  | {
      readonly id: number;
      readonly op: 'unlock';
      readonly service: string;
      readonly probe: boolean;
      readonly account?: string;
    }
  | { readonly id: number; readonly op: 'cancel' };

/** Child to app. A batch is answered call by call, then by one `end`; an unlock by one `unlock`. */
export type KeychainReply =
  | {
      readonly id: number;
      readonly kind: 'answer';
      readonly index: number;
      readonly answer: KeychainAnswer;
    }
  | { readonly id: number; readonly kind: 'end'; readonly status: SecretsStatus }
  | { readonly id: number; readonly kind: 'unlock'; readonly outcome: UnlockOutcome };

type Fields = Readonly<Record<string, unknown>>;

const TROUBLES = ['locked', 'no_service', 'no_bus', 'denied', 'hung', 'broken'];

/** A reply as it came from the pipe, or undefined when it is not one. Unknown fields are ignored. */
export function parseReply(raw: unknown): KeychainReply | undefined {
  if (!isFields(raw) || !Number.isSafeInteger(raw.id)) return undefined;
  if (raw.kind === 'end') return isStatus(raw.status) ? (raw as KeychainReply) : undefined;
  if (raw.kind === 'unlock') return isOutcome(raw.outcome) ? (raw as KeychainReply) : undefined;
  if (raw.kind !== 'answer' || !Number.isSafeInteger(raw.index)) return undefined;
  return isAnswer(raw.answer) ? (raw as KeychainReply) : undefined;
}

/** A request as it came from the pipe, or undefined when it is not one. */
export function parseRequest(raw: unknown): KeychainRequest | undefined {
  if (!isFields(raw) || !Number.isSafeInteger(raw.id)) return undefined;
  if (raw.op === 'cancel') return raw as KeychainRequest;
  if (typeof raw.service !== 'string' || typeof raw.probe !== 'boolean') return undefined;
  if (raw.op === 'unlock') {
    const { account } = raw;
    return account === undefined || typeof account === 'string'
      ? (raw as KeychainRequest)
      : undefined;
  }
  if (raw.op !== 'batch' || !Array.isArray(raw.calls)) return undefined;
  return raw.calls.every(isCall) ? (raw as KeychainRequest) : undefined;
}

function isFields(raw: unknown): raw is Fields {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function isCall(raw: unknown): boolean {
  if (!isFields(raw) || typeof raw.account !== 'string') return false;
  if (raw.op === 'set') return typeof raw.value === 'string';
  return raw.op === 'get' || raw.op === 'delete';
}

function isTroubleShape(raw: unknown): boolean {
  if (!isFields(raw) || typeof raw.cause !== 'string' || typeof raw.kind !== 'string') return false;
  if (raw.kind === 'locked') {
    return raw.reason === 'collection_locked' || raw.reason === 'no_collection';
  }
  return TROUBLES.includes(raw.kind);
}

function isStatus(raw: unknown): boolean {
  if (isTroubleShape(raw)) return true;
  return isFields(raw) && raw.kind === 'available' && typeof raw.cause === 'string';
}

function isAnswer(raw: unknown): boolean {
  if (!isFields(raw)) return false;
  if (raw.kind === 'found') return typeof raw.value === 'string';
  if (raw.kind === 'done') return typeof raw.existed === 'boolean';
  if (raw.kind === 'unavailable') return isTroubleShape(raw.status);
  return raw.kind === 'absent';
}

function isOutcome(raw: unknown): boolean {
  if (!isFields(raw)) return false;
  if (raw.kind === 'unavailable') return isTroubleShape(raw.status);
  return ['unlocked', 'denied', 'cancelled', 'timed_out'].includes(String(raw.kind));
}
