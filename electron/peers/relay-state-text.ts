/** The words for a link over a relay, where a gateway's would be wrong. */
import {
  type AppError,
  appError,
  type LinkState,
  type OfflineCause,
  placeText,
} from '../contract/index.ts';
import type { LinkActions } from './link-trouble-text.ts';
import { describeNotReached } from './not-reached-text.ts';

interface RelayContext {
  readonly host: string;
  readonly actions: LinkActions;
  /** ms since the epoch. */
  readonly now: number;
}

/** Says what a state of a relay means; null where it is said as of a gateway. */
export function describeRelayState(
  state: LinkState,
  { host, actions, now }: RelayContext,
): { text: string; error: AppError | null } | null {
  switch (state.kind) {
    case 'online': {
      const ms = state.latencyMs === null ? '' : `, ${Math.round(state.latencyMs)} ms`;
      return { text: `Connected to the relay, ${state.serverVersion}${ms}.`, error: null };
    }
    case 'rate_limited': {
      const left = Math.max(1, Math.ceil((state.until - now) / 1_000));
      return {
        text: 'The relay asks us to wait.',
        error: appError('link.rate_limited', `${host} takes no more requests for ${left} s.`, {
          title: 'The relay asks us to wait',
          retryAfterMs: Math.max(0, Math.round(state.until - now)),
        }),
      };
    }
    case 'bad_credential': {
      const missing = state.what === 'missing';
      const title = missing ? 'The relay wants a token' : 'The relay refused the token';
      return {
        text: `${title}.`,
        error: appError('link.bad_credential', state.detail || `${host} refused it.`, {
          title,
          remedy: {
            text: 'Ask whoever runs the relay for its token. It is not tried again before that.',
            actions: [
              { kind: 'go', label: 'Show the relay', to: placeText({ kind: 'relays' }) },
              ...actions.reconnect('Try it again'),
            ],
          },
        }),
      };
    }
    case 'identity_changed':
      return {
        text: 'Blocked: the relay shows another certificate.',
        error: appError(
          'link.tls_changed',
          `${host} was known by ${state.expected} and now shows ${state.seen}. Nothing is sent to it.`,
          {
            title: 'The relay shows another certificate',
            remedy: {
              text: 'Ask whoever runs the relay whether they renewed it, and compare the fingerprint.',
              actions: [{ kind: 'go', label: 'Show the relay', to: placeText({ kind: 'relays' }) }],
            },
          },
        ),
      };
    case 'offline':
      return describeNotReached(
        state,
        { host, actions, now },
        NOT_REACHED,
        'Check that the relay runs there, and that its machine and port can be reached. What you write waits here.',
      );
    case 'idle':
    case 'connecting':
    case 'starting':
    case 'needs_approval':
    case 'degraded':
    case 'restarting':
    case 'revoked':
    case 'protocol_mismatch':
    case 'needs_secret':
      return null;
  }
}

const NOT_REACHED: Readonly<Partial<Record<OfflineCause, string>>> = {
  refused: 'No relay listens at HOST.',
  timeout: 'No answer from the relay at HOST.',
  unanswered: 'The relay at HOST takes connections and then says nothing.',
  closed: 'The connection to the relay at HOST was cut.',
  tls_failed: 'No encrypted connection could be made to the relay at HOST.',
  not_a_relay: 'Something answers at HOST, but it is no relay that Peerage can talk to.',
};
