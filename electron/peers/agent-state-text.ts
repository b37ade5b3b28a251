/** The words for an A2A link, where a gateway's would be wrong. */
import {
  type AppError,
  appError,
  isDevicePin,
  type LinkId,
  type LinkState,
  type OfflineCause,
} from '../contract/index.ts';
import type { LinkActions } from './link-trouble-text.ts';
import { describeNotReached } from './not-reached-text.ts';

interface AgentContext {
  readonly host: string;
  readonly actions: LinkActions;
  readonly linkId: LinkId | null;
  /** ms since the epoch. */
  readonly now: number;
}

/** Says what a state of an A2A link means; null where it is said as of a gateway. */
export function describeAgentState(
  state: LinkState,
  { host, actions, linkId, now }: AgentContext,
): { text: string; error: AppError | null } | null {
  switch (state.kind) {
    case 'online': {
      const ms = state.latencyMs === null ? '' : `, ${Math.round(state.latencyMs)} ms`;
      return { text: `Answers over ${state.serverVersion}${ms}.`, error: null };
    }
    case 'rate_limited': {
      const left = Math.max(1, Math.ceil((state.until - now) / 1_000));
      return {
        text: 'The agent asks us to wait.',
        error: appError('link.rate_limited', `${host} takes no more requests for ${left} s.`, {
          title: 'The agent asks us to wait',
          retryAfterMs: Math.max(0, Math.round(state.until - now)),
        }),
      };
    }
    case 'bad_credential': {
      const missing = state.what === 'missing';
      return {
        text: missing ? 'The agent wants a token.' : 'The agent refused the token.',
        error: appError('link.bad_credential', state.detail || `${host} refused it.`, {
          title: missing ? 'The agent wants a token' : 'The agent refused the token',
          remedy: {
            text: 'Ask the person over there for a token of your own. It is not tried again before that.',
            actions: [...actions.enterCredential(), ...actions.reconnect('Try it again')],
          },
        }),
      };
    }
    case 'identity_changed': {
      if (state.what !== 'agent_card') return null;
      return {
        text: 'Blocked: another agent answers at this address.',
        error: appError(
          'link.card_changed',
          isDevicePin(state.expected)
            ? `Whoever answers at ${host} holds another device key than the one whose six words were compared. Nothing is sent to it.`
            : `The card at ${host} names another agent, owner, address or proof than the one that was trusted. Nothing is sent to it.`,
          {
            remedy: {
              actions:
                linkId === null
                  ? []
                  : [
                      {
                        kind: 'call',
                        label: 'Trust the new card',
                        name: 'link.trustIdentity',
                        input: { linkId, seen: state.seen },
                      },
                    ],
            },
          },
        ),
      };
    }
    case 'protocol_mismatch':
      return {
        text: 'The two sides speak different versions of A2A.',
        error: appError(
          'link.protocol_mismatch',
          `${host} speaks ${state.theirs === null ? 'another version of A2A' : `A2A ${state.theirs}`}; Peerage speaks 1.0 and 0.3.`,
          {
            remedy: {
              text: 'Update the older of the two: the agent there, or Peerage here.',
              actions: actions.reconnect('Try again'),
            },
          },
        ),
      };
    case 'offline':
      return describeNotReached(
        state,
        { host, actions, now },
        NOT_REACHED,
        'Check that the agent runs there, and that its machine and port can be reached.',
      );
    case 'idle':
    case 'connecting':
    case 'starting':
    case 'needs_approval':
    case 'degraded':
    case 'restarting':
    case 'revoked':
    case 'needs_secret':
      return null;
  }
}

const NOT_REACHED: Readonly<Partial<Record<OfflineCause, string>>> = {
  refused: 'Nothing listens at HOST.',
  timeout: 'No answer from HOST.',
  unanswered: 'Something takes the connection at HOST and then says nothing.',
  closed: 'The agent at HOST did not answer properly.',
  tls_failed: 'No encrypted connection could be made to HOST.',
};
