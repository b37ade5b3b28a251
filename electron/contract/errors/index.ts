import type { AppError, Remedy } from '../result.ts';
import { CodedError } from '../result.ts';
import { a2aErrors } from './a2a-errors.ts';
import { agentErrors, doorErrors } from './agent-errors.ts';
import { callErrors, secretsErrors, storeErrors } from './app-errors.ts';
import { broadcastErrors } from './broadcast-errors.ts';
import { gatewayChangeErrors, ownGatewayErrors } from './gateway-errors.ts';
import { hookErrors } from './hook-errors.ts';
import { importErrors } from './import-errors.ts';
import { linkErrors } from './link-errors.ts';
import { outgoingErrors } from './outgoing-errors.ts';
import { policyErrors } from './policy-errors.ts';
import { inviteErrors, receptionErrors } from './reception-errors.ts';
import { relayErrors } from './relay-errors.ts';
import { relayServerErrors } from './relay-server-errors.ts';
import { joinErrors, tailnetErrors, tailscaleErrors } from './setup-errors.ts';
import { updateErrors } from './update-errors.ts';
import { conversationErrors, peerErrors } from './work-errors.ts';

export type { ErrorEntry } from './entry.ts';

/** The one registry of failures. docs/errors.md is generated from it. */
export const errorRegistry = {
  ...callErrors,
  ...linkErrors,
  ...a2aErrors,
  ...secretsErrors,
  ...storeErrors,
  ...peerErrors,
  ...conversationErrors,
  ...outgoingErrors,
  ...ownGatewayErrors,
  ...gatewayChangeErrors,
  ...importErrors,
  ...receptionErrors,
  ...inviteErrors,
  ...relayServerErrors,
  ...policyErrors,
  ...relayErrors,
  ...tailscaleErrors,
  ...joinErrors,
  ...tailnetErrors,
  ...updateErrors,
  ...broadcastErrors,
  ...hookErrors,
  ...agentErrors,
  ...doorErrors,
} as const;

/** A code that the registry holds, `area.reason`; docs/errors.md lists them all. */
export type ErrorCode = keyof typeof errorRegistry;

/**
 * Makes an error of the registry.
 * @param detail why, in plain words; never a secret.
 */
export function appError(
  code: ErrorCode,
  detail: string,
  more: { title?: string; remedy?: Partial<Remedy>; retryAfterMs?: number } = {},
): AppError {
  const entry = errorRegistry[code];
  return {
    code,
    title: more.title ?? entry.title,
    detail,
    remedy: { text: more.remedy?.text ?? entry.remedy, actions: more.remedy?.actions ?? [] },
    ...(entry.retryable
      ? { retry: more.retryAfterMs === undefined ? {} : { afterMs: more.retryAfterMs } }
      : {}),
  };
}

/** The same, ready to be thrown. */
export const codedError = (...args: Parameters<typeof appError>): CodedError =>
  new CodedError(appError(...args));
