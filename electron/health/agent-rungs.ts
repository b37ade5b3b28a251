/** The upper rungs of an A2A agent: there is no pairing and no agent to pick, but a card and a token. */
import {
  type AppError,
  assertNever,
  isDevicePin,
  printOfPin,
  type RungId,
  type RungStatus,
} from '../contract/index.ts';
import { follows, found, type LadderInput, notChecked, type RungDraft } from './rung-draft.ts';

type UpperId = 'handshake' | 'identity' | 'approval' | 'agent' | 'last_answer';
type Upper = Record<UpperId, RungDraft>;

/** False for the rung that only gateways have: an agent is its own agent. */
export const isAgentRung = (id: RungId): boolean => id !== 'agent';

/** Drafts of the upper rungs. */
export function agentRungs(input: LadderInput): Upper {
  const { state, target, evidence, describe } = input;
  const { text, error } = describe(state, target);
  const open: Upper = {
    handshake: notChecked('Not checked yet'),
    identity: notChecked('Not checked yet'),
    approval: notChecked('Not checked yet'),
    agent:
      target.kind === 'relay'
        ? notChecked('Not looked for before the relay answers')
        : notChecked('The agent is the peer itself'),
    last_answer:
      evidence.lastAnswerAt === null
        ? notChecked('No answer yet')
        : { ...follows('ok', 'It answered a message'), at: evidence.lastAnswerAt },
  };
  const at = (id: UpperId, status: RungStatus, below: Partial<Upper> = {}): Upper => ({
    ...open,
    ...below,
    [id]: follows(status, text, error),
  });
  const answered = { handshake: follows('ok', 'It answered') };
  switch (state.kind) {
    case 'idle':
      return open;
    case 'connecting':
    case 'starting':
    case 'restarting':
      return at('handshake', 'checking');
    case 'rate_limited':
    case 'offline':
      return at('handshake', 'failed');
    case 'protocol_mismatch':
      return at('handshake', 'needs_you');
    case 'identity_changed':
      return state.what === 'tls_fingerprint'
        ? at('identity', 'needs_you', {
            handshake: notChecked('Stopped before it: the certificate changed'),
          })
        : at('identity', 'needs_you', answered);
    case 'bad_credential':
    case 'needs_approval':
    case 'needs_secret':
    case 'revoked':
      return at('approval', 'needs_you', { ...answered, identity: pinned(input) });
    case 'online':
    case 'degraded':
      return standing(input, state, error, open);
    default:
      return assertNever(state);
  }
}

function standing(
  input: LadderInput,
  state: Extract<LadderInput['state'], { kind: 'online' | 'degraded' }>,
  error: AppError | null,
  open: Upper,
): Upper {
  const { ping } = input.evidence;
  const silent = state.kind === 'degraded' && state.reason === 'agent_silent';
  const slow = state.kind === 'degraded' && !silent;
  return {
    ...open,
    handshake: ping
      ? found(ping)
      : {
          ...follows(slow ? 'slow' : 'ok', state.serverVersion, slow ? error : null),
          durationMs: state.latencyMs,
        },
    identity: pinned(input),
    approval: follows('ok', 'Let in'),
    ...(input.target.kind === 'relay' ? { agent: listed(input, silent ? error : null) } : {}),
  };
}

function pinned({ target }: LadderInput): RungDraft {
  const pins = [
    ...(target.pinnedIdentity === null
      ? []
      : [`${whatIsPinned(target)} ${short(printOfPin(target.pinnedIdentity))}`]),
    ...(target.pinnedTls === null ? [] : [`certificate ${short(target.pinnedTls)}`]),
  ];
  return pins.length === 0
    ? follows('ok', 'Nothing is pinned yet')
    : follows('ok', `As pinned: ${pins.join(', ')}`);
}

/** Whether the relay has heard of the agent lately. */
const listed = ({ target, describe, state }: LadderInput, error: AppError | null): RungDraft =>
  error === null
    ? follows('ok', 'The relay has heard of it lately')
    : follows('failed', describe(state, target).text, error);

const whatIsPinned = ({ kind, pinnedIdentity }: LadderInput['target']): string => {
  if (kind === 'relay') return 'key';
  return pinnedIdentity !== null && isDevicePin(pinnedIdentity) ? 'device' : 'card';
};

const short = (fingerprint: string): string => `${fingerprint.slice(0, 16)}…`;
