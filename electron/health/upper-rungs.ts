/** Handshake and above: read from the link's own state, since the link is what climbs them. */
import { type AppError, appError, assertNever, type RungStatus } from '../contract/index.ts';
import { follows, found, type LadderInput, notChecked, type RungDraft } from './rung-draft.ts';

type UpperId = 'handshake' | 'identity' | 'approval' | 'agent' | 'last_answer';
type Upper = Record<UpperId, RungDraft>;

/** Drafts of the five upper rungs. */
export function upperRungs(input: LadderInput): Upper {
  const { state, target, evidence, describe } = input;
  const { text, error } = describe(state, target);
  const open = {
    handshake: notChecked('Not checked yet'),
    identity: notChecked('Not checked yet'),
    approval: notChecked('Not checked yet'),
    agent: notChecked('Not checked yet'),
    last_answer: lastAnswer(evidence.lastAnswerAt),
  };
  const at = (id: UpperId, status: RungStatus, below: Partial<Upper> = {}): Upper => ({
    ...open,
    ...below,
    [id]: follows(status, text, error),
  });
  const answered = { handshake: follows('ok', 'The gateway took part in it') };
  switch (state.kind) {
    case 'idle':
      return open;
    case 'connecting':
    case 'starting':
    case 'restarting':
      return at('handshake', 'checking');
    case 'rate_limited':
      return at('handshake', 'failed');
    case 'bad_credential':
    case 'protocol_mismatch':
    case 'needs_secret':
      return at('handshake', 'needs_you');
    case 'offline':
      switch (state.cause) {
        case 'insecure_url':
          return at('handshake', 'needs_you');
        case 'closed':
        case 'tls_failed':
        case 'unanswered':
        case 'not_a_gateway':
        case 'not_an_agent':
        case 'not_a_relay':
        case 'refused':
        case 'timeout':
        case 'host_unknown':
        case 'unreachable':
        case 'local_network_down':
        case 'tailscale_down':
        case 'tailnet_offline':
          return at('handshake', 'failed');
        default:
          return assertNever(state.cause);
      }
    case 'identity_changed':
      return at('identity', 'needs_you', {
        handshake:
          state.what === 'gateway_identity'
            ? answered.handshake
            : notChecked('Stopped before it: the certificate changed'),
      });
    case 'needs_approval':
      return at('approval', 'needs_you', {
        ...answered,
        identity: notChecked('Comes with the approval'),
      });
    case 'revoked':
      return at('approval', 'needs_you', { ...answered, identity: identityText(input) });
    case 'online':
    case 'degraded':
      return connected(input, state, error);
    default:
      return assertNever(state);
  }
}

function connected(
  input: LadderInput,
  state: Extract<LadderInput['state'], { kind: 'online' | 'degraded' }>,
  error: AppError | null,
): Upper {
  const { evidence, target, describe } = input;
  const reason = state.kind === 'degraded' ? state.reason : null;
  const granted = `Granted: ${state.scopes.join(', ') || 'nothing'}`;
  const approved = reason !== 'no_scopes' && reason !== 'too_few_scopes';
  return {
    handshake: evidence.ping
      ? found(evidence.ping)
      : {
          ...follows(
            reason === 'slow' ? 'slow' : 'ok',
            `OpenClaw ${state.serverVersion}`,
            reason === 'slow' ? error : null,
          ),
          durationMs: state.latencyMs,
        },
    identity: identityText(input),
    approval: approved
      ? follows('ok', granted)
      : follows('needs_you', describe(state, target).text, error),
    agent:
      reason === 'agent_missing'
        ? follows('needs_you', describe(state, target).text, error)
        : agentRung(evidence.agent),
    last_answer: lastAnswer(evidence.lastAnswerAt),
  };
}

function agentRung(finding: LadderInput['evidence']['agent']): RungDraft {
  if (!finding) return notChecked('Not looked for since connecting');
  const remedy = finding.code === null ? null : (appError(finding.code, '').remedy ?? null);
  return found(finding, remedy);
}

function identityText({ target }: LadderInput): RungDraft {
  const pins = [
    ...(target.pinnedIdentity === null ? [] : [`gateway ${short(target.pinnedIdentity)}`]),
    ...(target.pinnedTls === null ? [] : [`certificate ${short(target.pinnedTls)}`]),
  ];
  return pins.length === 0
    ? follows('ok', 'Nothing is pinned yet')
    : follows('ok', `As pinned: ${pins.join(', ')}`);
}

function lastAnswer(at: number | null): RungDraft {
  return at === null
    ? notChecked('No answer yet')
    : { ...follows('ok', 'It answered a message'), at };
}

const short = (fingerprint: string): string => `${fingerprint.slice(0, 16)}…`;
