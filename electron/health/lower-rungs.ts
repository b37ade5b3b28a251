/** The port and the gateway's sign of life: from active looks, else from what the link's state proves. */
import { type AppError, appError, type OfflineCause } from '../contract/index.ts';
import { follows, found, type LadderInput, notChecked, type RungDraft } from './rung-draft.ts';

/** How much a state proves: `connected` all, `reached` that the gateway answered, else nothing. */
export type Reach = 'connected' | 'reached' | 'unknown';

type Lower = Record<'tcp_port' | 'http_health', RungDraft>;

const WHO = { gateway: 'gateway', a2a: 'agent', relay: 'relay' } as const;

/** Drafts of the two lower rungs. */
export function lowerRungs(input: LadderInput, reach: Reach): Lower {
  const { evidence, ownNetworkDown } = input;
  if (reach !== 'unknown') {
    const proof =
      reach === 'reached' || (input.target.kind ?? 'gateway') !== 'gateway'
        ? `The ${WHO[input.target.kind ?? 'gateway']} answered us`
        : 'The open connection goes through it';
    return {
      tcp_port: evidence.tcp?.status === 'ok' ? found(evidence.tcp) : follows('ok', proof),
      http_health: evidence.http?.status === 'ok' ? found(evidence.http) : follows('ok', proof),
    };
  }
  if (ownNetworkDown) {
    const error = appError(
      'link.local_network_down',
      'No network interface of this machine is up.',
    );
    return {
      tcp_port: follows('failed', 'This machine has no network', error),
      http_health: notChecked('Not checked yet'),
    };
  }
  return {
    tcp_port: evidence.tcp ? withRemedy(evidence.tcp) : fromState(input, TCP_CAUSES),
    http_health: evidence.http ? withRemedy(evidence.http) : fromState(input, HTTP_CAUSES),
  };
}

const TCP_CAUSES: readonly OfflineCause[] = [
  'refused',
  'timeout',
  'host_unknown',
  'unreachable',
  'local_network_down',
];
const HTTP_CAUSES: readonly OfflineCause[] = [
  'not_a_gateway',
  'not_an_agent',
  'not_a_relay',
  'unanswered',
];

/** Until a look was taken, the link's own failed attempt says on which rung it ended. */
function fromState(
  { state, target, describe }: LadderInput,
  causes: readonly OfflineCause[],
): RungDraft {
  if (state.kind !== 'offline' || !causes.includes(state.cause))
    return notChecked('Not checked yet');
  const { text, error } = describe(state, target);
  return follows('failed', text, error);
}

const withRemedy = (finding: NonNullable<LadderInput['evidence']['tcp']>): RungDraft => {
  const error: AppError | null = finding.code === null ? null : appError(finding.code, '');
  return found(finding, error?.remedy ?? null);
};
