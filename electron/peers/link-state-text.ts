/**
 * The words for every state of a link: one plain sentence, and, where it is a trouble, the error
 * with its remedy. Pure, so that the peer book, the probe and the ladder say the same.
 */
import {
  type AppError,
  appError,
  assertNever,
  type LinkId,
  type LinkKind,
  type LinkState,
  type PeerId,
  placeText,
  type Remedy,
  type RemedyAction,
} from '../contract/index.ts';
import { describeAgentState } from './agent-state-text.ts';
import {
  approvalMessage,
  describeDegraded,
  describeOffline,
  isSpentCode,
  type LinkActions,
  spentCode,
} from './link-trouble-text.ts';
import { describeRelayState } from './relay-state-text.ts';

/** What the sentence is about. `peerId` and `linkId` are null before anything is stored. */
export interface LinkStateContext {
  readonly peerId: PeerId | null;
  readonly linkId: LinkId | null;
  readonly url: string;
  /** What stands there; an OpenClaw gateway where nothing is said. */
  readonly kind?: LinkKind;
  /** ms since the epoch, for the times that are left. */
  readonly now: number;
}

/** A link's state in words. */
export interface LinkStateDescription {
  /** One plain sentence. */
  readonly text: string;
  /** Null where nothing is wrong. */
  readonly error: AppError | null;
}

/** The host and port of a link's URL, for texts; never its user info, path or query. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host || 'that address';
  } catch {
    return 'that address';
  }
}

/** Says what a link's state means and what to do about it. */
export function describeLinkState(
  state: LinkState,
  context: LinkStateContext,
): LinkStateDescription {
  const host = hostOf(context.url);
  const actions = actionsFor(context);
  if (context.kind === 'relay') {
    const said = describeRelayState(state, { host, actions, now: context.now });
    if (said) return said;
  }
  if (context.kind === 'a2a') {
    const said = describeAgentState(state, {
      host,
      actions,
      now: context.now,
      linkId: context.linkId,
    });
    if (said) return said;
  }
  switch (state.kind) {
    case 'idle':
      return well('Not connected.');
    case 'connecting':
      return well(state.attempt > 1 ? `Trying ${host} again.` : `Connecting to ${host}.`);
    case 'online':
      return well(
        `Connected to OpenClaw ${state.serverVersion}${state.latencyMs === null ? '' : `, ${Math.round(state.latencyMs)} ms`}.`,
      );
    case 'starting':
      return trouble(
        'The gateway is still starting.',
        appError('link.starting', `${host} answers that it is not ready yet.`, {
          retryAfterMs: left(state.retryAt, context.now),
        }),
      );
    case 'restarting':
      return trouble(
        'The gateway restarts.',
        appError(
          'link.restarting',
          state.expectedMs === null
            ? `${host} said that it restarts.`
            : `${host} said that it restarts and expects to take ${seconds(state.expectedMs)}.`,
        ),
      );
    case 'needs_approval':
      return trouble(
        'Waits until the other side approves this device, then goes on by itself.',
        appError('link.needs_approval', approvalDetail(state, host), {
          remedy: {
            text: `Whoever owns that gateway says yes: in their Peerage under Own gateway, in OpenClaw’s control page under its devices, or by running ${state.command}. It goes on by itself once that is done.`,
            actions: [
              { kind: 'copy', label: 'Copy the command', text: state.command },
              { kind: 'copy', label: 'Copy a message for them', text: approvalMessage(state) },
              ...actions.reconnect('Check now'),
            ],
          },
          retryAfterMs: left(state.retryAt, context.now),
        }),
      );
    case 'degraded':
      return trouble(...describeDegraded(state, host, actions));
    case 'rate_limited':
      return trouble(
        'The gateway asks us to wait after too many attempts.',
        appError(
          'link.rate_limited',
          `${host} takes no attempt for another ${seconds(left(state.until, context.now))}, not even with the right token.`,
          { retryAfterMs: left(state.until, context.now) },
        ),
      );
    case 'bad_credential':
      if (isSpentCode(state.detail)) return trouble(...spentCode(state.detail, actions));
      return trouble(
        'The gateway refused the token or password.',
        appError('link.bad_credential', state.detail || `${host} refused it.`, {
          remedy: { actions: [...actions.enterCredential(), ...actions.reconnect('Try it again')] },
        }),
      );
    case 'revoked':
      return trouble(
        'This device was revoked over there.',
        appError(
          'link.revoked',
          `${host} no longer accepts this device, or another gateway answers there now.`,
          {
            remedy: { actions: [...actions.reconnect('Ask again'), ...actions.enterCredential()] },
          },
        ),
      );
    case 'identity_changed':
      return trouble(...identityChanged(state, host, context));
    case 'protocol_mismatch':
      return trouble(
        'The two sides speak different protocol versions.',
        appError(
          'link.protocol_mismatch',
          state.theirs === null
            ? `${host} does not speak protocol ${state.ours}, which Peerage speaks.`
            : `${host} speaks protocol ${state.theirs}; Peerage speaks ${state.ours}.`,
          { remedy: { actions: actions.reconnect('Try again') } },
        ),
      );
    case 'needs_secret':
      return trouble(...needsSecret(state.reason, actions));
    case 'offline':
      return trouble(...describeOffline(state, host, context.now, actions));
    default:
      return assertNever(state);
  }
}

function actionsFor({ peerId, linkId }: LinkStateContext): LinkActions {
  return {
    reconnect: (label) =>
      linkId === null ? [] : [{ kind: 'call', label, name: 'link.reconnect', input: { linkId } }],
    enterCredential: () =>
      peerId === null || linkId === null
        ? []
        : [{ kind: 'go', label: 'Enter another', to: placeText({ kind: 'link', peerId, linkId }) }],
    edit: (label) =>
      peerId === null || linkId === null
        ? []
        : [{ kind: 'go', label, to: placeText({ kind: 'link', peerId, linkId }) }],
  };
}

function approvalDetail(
  state: Extract<LinkState, { kind: 'needs_approval' }>,
  host: string,
): string {
  const request = `The request is ${state.requestId}.`;
  switch (state.reason) {
    case 'not_paired':
      return `${host} does not know this device yet. ${request}`;
    case 'scope_upgrade':
      return `${host} knows this device, but not with the permissions that it asks for. ${request}`;
    case 'metadata_upgrade':
      return `${host} knows this device under another platform and wants it approved again. ${request}`;
    case 'role_upgrade':
      return `${host} knows this device in another role and wants it approved again. ${request}`;
    default:
      return assertNever(state.reason);
  }
}

function identityChanged(
  state: Extract<LinkState, { kind: 'identity_changed' }>,
  host: string,
  { linkId }: LinkStateContext,
): [string, AppError] {
  const what = state.what === 'tls_fingerprint' ? 'certificate' : 'gateway';
  const remedy: Partial<Remedy> = {
    actions: [
      {
        kind: 'copy',
        label: 'Copy both fingerprints',
        text: `${host}\nexpected ${state.expected}\nseen     ${state.seen}\n`,
      },
      ...(linkId === null
        ? []
        : [
            {
              kind: 'call' as const,
              label: `Trust the new ${what}`,
              name: 'link.trustIdentity',
              input: { linkId, seen: state.seen },
            },
          ]),
    ],
  };
  const detail = `${host} was known as ${state.expected} and now shows ${state.seen}. Nothing is sent to it.`;
  return state.what === 'tls_fingerprint'
    ? ['Blocked: the TLS certificate changed.', appError('link.tls_changed', detail, { remedy })]
    : [
        'Blocked: another gateway answers at this address.',
        appError('link.identity_changed', detail, { remedy }),
      ];
}

function needsSecret(
  reason: Extract<LinkState, { kind: 'needs_secret' }>['reason'],
  actions: LinkActions,
): [string, AppError] {
  const session: RemedyAction = {
    kind: 'call',
    label: 'Keep for this session only',
    name: 'secrets.useSession',
    input: {},
  };
  switch (reason) {
    case 'absent':
      return [
        'Its token or password is not in the keychain.',
        appError('secrets.absent', 'The keychain is open and has no entry for this link.', {
          remedy: { actions: actions.enterCredential() },
        }),
      ];
    case 'locked':
      return [
        'Waits until the keychain is unlocked.',
        appError('secrets.locked', 'Its token or password cannot be read before that.', {
          remedy: {
            actions: [
              { kind: 'call', label: 'Unlock', name: 'secrets.unlock', input: {} },
              session,
            ],
          },
        }),
      ];
    case 'unavailable':
      return [
        'Waits for the keychain.',
        appError('secrets.no_service', 'Its token or password cannot be read now.', {
          title: 'The keychain cannot be used',
          remedy: {
            text: 'See Settings for the reason, or keep secrets for this session only.',
            actions: [
              {
                kind: 'go',
                label: 'See why',
                to: placeText({ kind: 'settings', section: 'secrets' }),
              },
              { kind: 'call', label: 'Check again', name: 'secrets.recheck', input: {} },
              session,
            ],
          },
        }),
      ];
    default:
      return assertNever(reason);
  }
}

const well = (text: string): LinkStateDescription => ({ text, error: null });
const trouble = (text: string, error: AppError): LinkStateDescription => ({ text, error });
const left = (until: number, now: number): number => Math.max(0, Math.round(until - now));

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000));
  if (whole < 90) return whole === 1 ? '1 second' : `${whole} seconds`;
  return `${Math.round(whole / 60)} minutes`;
}
