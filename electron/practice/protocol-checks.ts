/**
 * The official schema checks, loaded only when a practice gateway starts: the package takes about
 * half a second and 12 MB, which no one should pay who has no practice peer.
 */
import type { Json } from './frames.ts';

interface Validator {
  (value: unknown): boolean;
  errors?: unknown;
}

/** The checks once they are loaded; params of methods that have no schema pass. */
export interface ProtocolChecks {
  /** True for a well-formed request frame. */
  requestFrame(value: unknown): boolean;
  /** Null when the params fit the method's schema, otherwise what is wrong with them. */
  params(method: string, value: unknown): string | null;
}

/** Methods whose schema is the empty object; the package holds no validator for them. */
const NO_PARAMS = new Set(['health', 'status', 'gateway.identity.get', 'sessions.subscribe']);

/** Loads the validators of `@openclaw/gateway-protocol`. */
export async function loadProtocolChecks(): Promise<ProtocolChecks> {
  const protocol = await import('@openclaw/gateway-protocol');
  const validators: Record<string, Validator> = {
    connect: protocol.validateConnectParams,
    'agents.list': protocol.validateAgentsListParams,
    agent: protocol.validateAgentParams,
    'agent.wait': protocol.validateAgentWaitParams,
    'chat.send': protocol.validateChatSendParams,
    'chat.history': protocol.validateChatHistoryParams,
    'chat.abort': protocol.validateChatAbortParams,
    'sessions.list': protocol.validateSessionsListParams,
    'sessions.describe': protocol.validateSessionsDescribeParams,
    'sessions.messages.subscribe': protocol.validateSessionsMessagesSubscribeParams,
    'sessions.messages.unsubscribe': protocol.validateSessionsMessagesUnsubscribeParams,
    'device.pair.list': protocol.validateDevicePairListParams,
    'device.pair.approve': protocol.validateDevicePairApproveParams,
    'device.pair.remove': protocol.validateDevicePairRemoveParams,
    'device.token.revoke': protocol.validateDeviceTokenRevokeParams,
  };
  return {
    requestFrame: (value) => protocol.validateRequestFrame(value),
    params: (method, value) => {
      if (NO_PARAMS.has(method)) {
        const keys = Object.keys((value as Json | undefined) ?? {});
        return keys.length === 0 ? null : `at root: unexpected property '${keys[0]}'`;
      }
      const validate = validators[method];
      if (!validate || validate(value)) return null;
      return protocol.formatValidationErrors(
        validate.errors as Parameters<typeof protocol.formatValidationErrors>[0],
      );
    },
  };
}
