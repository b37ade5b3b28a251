/** The words for a link that is offline, and for one that is connected but not as it should be. */
import {
  type AppError,
  appError,
  assertNever,
  type LinkState,
  type OfflineCause,
  type RemedyAction,
} from '../contract/index.ts';

type Degraded = Extract<LinkState, { kind: 'degraded' }>;
type Offline = Extract<LinkState, { kind: 'offline' }>;

/** The actions that several states offer; empty where there is nothing stored to act upon. */
export interface LinkActions {
  reconnect(label: string): RemedyAction[];
  enterCredential(): RemedyAction[];
  edit(label: string): RemedyAction[];
}

/** How long until the next try, ms, as an error tells it; nothing where none is planned. */
export const retryIn = (retryAt: number | null, now: number): { retryAfterMs?: number } =>
  retryAt === null ? {} : { retryAfterMs: Math.max(0, Math.round(retryAt - now)) };

/** Why a connected link is worse than it should be, and what to do. */
export function describeDegraded(
  state: Degraded,
  host: string,
  actions: LinkActions,
): [string, AppError] {
  switch (state.reason) {
    case 'slow':
      return [
        'Connected, but it answers slowly.',
        appError(
          'link.slow',
          state.latencyMs === null
            ? `${host} takes long to answer.`
            : `${host} took ${Math.round(state.latencyMs)} ms for one round trip.`,
        ),
      ];
    case 'too_few_scopes':
      return [
        `Connected, but not allowed: ${state.missingScopes.join(', ')}.`,
        appError(
          'link.too_few_scopes',
          `${host} granted ${list(state.scopes)}; missing: ${list(state.missingScopes)}.`,
          { remedy: { actions: askForApproval(actions) } },
        ),
      ];
    case 'no_scopes':
      return [
        'Connected, but without any permission.',
        appError(
          'link.no_scopes',
          `${host} took the connection and granted nothing, so nearly every request would be refused.`,
          { remedy: { actions: askForApproval(actions) } },
        ),
      ];
    case 'agent_missing':
      return [
        'Connected, but its agent does not exist over there.',
        appError('link.agent_missing', `${host} does not list the agent that this link names.`, {
          remedy: { actions: actions.edit('Pick another agent') },
        }),
      ];
    case 'agent_silent':
      return [
        'The relay is well, but has not heard of this agent lately.',
        appError(
          'link.agent_silent',
          `${host} does not list it now: nothing was heard of it for two minutes or more. It keeps what you send, as long as the relay itself runs.`,
        ),
      ];
    default:
      return assertNever(state.reason);
  }
}

const list = (scopes: readonly string[]): string => scopes.join(', ') || 'nothing';

const askForApproval = (actions: LinkActions) => [
  {
    kind: 'copy' as const,
    label: 'Copy the command for the other side',
    text: 'openclaw devices list',
  },
  ...actions.reconnect('Check again'),
];

/** Why nothing answers, and what to do. */
export function describeOffline(
  state: Offline,
  host: string,
  now: number,
  actions: LinkActions,
): [string, AppError] {
  const words = OFFLINE_TEXT[state.cause];
  const code = `link.${state.cause}` as const;
  const fixable =
    state.cause === 'insecure_url' ||
    state.cause === 'not_a_gateway' ||
    state.cause === 'not_an_agent' ||
    state.cause === 'not_a_relay';
  return [
    words.replace('HOST', host),
    appError(code, state.detail || `Tried ${host}.`, {
      remedy: {
        actions: fixable
          ? [...actions.edit('Change the address'), ...actions.reconnect('Try again')]
          : actions.reconnect('Try now'),
      },
      ...retryIn(state.retryAt, now),
    }),
  ];
}

const OFFLINE_TEXT: Readonly<Record<OfflineCause, string>> = {
  refused: 'Nothing listens at HOST.',
  timeout: 'No answer from HOST.',
  unanswered: 'Something takes the connection at HOST and then says nothing.',
  host_unknown: 'The host name in HOST is not known.',
  unreachable: 'There is no route to HOST.',
  closed: 'The connection to HOST was cut.',
  tls_failed: 'No encrypted connection could be made to HOST.',
  insecure_url: 'Refused to send a token unencrypted to HOST.',
  not_a_gateway: 'Something answers at HOST, but it is not an OpenClaw gateway.',
  not_an_agent: 'No A2A agent that Peerage can talk to answers at HOST.',
  not_a_relay: 'No relay that Peerage can talk to answers at HOST.',
  local_network_down: 'This machine has no network.',
  tailscale_down: 'Tailscale does not run on this machine, and HOST is in a tailnet.',
  tailnet_offline: 'The tailnet says that HOST is offline.',
};

/** What the person over there is to be told, by whatever way the two talk. */
export const approvalMessage = ({
  requestId,
  command,
}: Extract<LinkState, { kind: 'needs_approval' }>): string =>
  [
    `Please let my Peerage in at your OpenClaw gateway. It asks with the request ${requestId}.`,
    '- In Peerage: open “Own gateway”, and see who asks to be let in.',
    '- In OpenClaw’s control page: open its devices, and approve the request.',
    `- Or in a terminal on that machine: ${command}`,
    'Compare the request before you agree: it must be this one.',
  ].join('\n');

/** OpenClaw's words, seen on 2026.9.6: an invite's code is good for ten minutes and one device. */
export const isSpentCode = (detail: string): boolean => /\bsetup code\b/i.test(detail);

/** The code of an invite that is good no more, and the two ways to go on. */
export const spentCode = (detail: string, actions: LinkActions): [string, AppError] => [
  'The code of the invite is no longer good.',
  appError('link.bad_credential', detail, {
    title: 'The code of the invite is no longer good',
    remedy: {
      text: 'It is good for ten minutes. Make a new invite on the machine of that gateway and use it here: this peer gets the new code. A token of the gateway does it too.',
      actions: [...actions.enterCredential(), ...actions.reconnect('Try it again')],
    },
  }),
];
