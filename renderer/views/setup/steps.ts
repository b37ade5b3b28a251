/** The steps of the setup: their order, their names, and what is known of each. Pure. */
import type {
  GatewayExposure,
  GatewayStatus,
  LinkView,
  SetupStep,
  SetupView,
  TailnetStateKind,
} from '../../../electron/contract/index.ts';

/** The steps in the rail. Welcome and done are no steps: nothing is looked at there. */
export type RailStep = Exclude<SetupStep, 'welcome' | 'done'>;

/** The steps in their order, with the titles that the rail shows. */
export const RAIL: readonly { readonly step: RailStep; readonly title: string }[] = [
  { step: 'tailscale', title: 'Tailscale' },
  { step: 'tailnet', title: 'Your tailnet' },
  { step: 'gateway', title: 'Your gateway' },
  { step: 'bind', title: 'Who can reach it' },
  { step: 'peer', title: 'The peer' },
  { step: 'approval', title: 'Approval' },
  { step: 'proof', title: 'Prove it' },
];

/** `now`: on the screen. `attention`: looked at, and not well. `skipped`: the person left it out. */
export type StepState = 'done' | 'attention' | 'skipped' | 'todo';

/** What the looks found; null = not looked yet. */
export interface SetupFacts {
  readonly tailnet: TailnetStateKind | null;
  readonly gateway: Pick<GatewayStatus, 'running' | 'settings' | 'installed'> | null;
  readonly exposure: Pick<GatewayExposure, 'reach'> | null;
  /** The link of the peer that is being set up. */
  readonly link: Pick<LinkView, 'state'> | null;
}

const PROGRAM_WORKS: readonly TailnetStateKind[] = [
  'no_state',
  'in_use_other_user',
  'needs_login',
  'needs_approval',
  'stopped',
  'starting',
  'running',
];

/** The state of one step. What is true wins over what was left out. */
export function stepState(step: RailStep, facts: SetupFacts, view: SetupView): StepState {
  const seen = whatIsSeen(step, facts, view);
  if (seen === 'done') return 'done';
  if (view.skipped.includes(step)) return 'skipped';
  return seen;
}

function whatIsSeen(step: RailStep, facts: SetupFacts, view: SetupView): StepState {
  switch (step) {
    case 'tailscale':
      if (facts.tailnet === null || facts.tailnet === 'unchecked') return 'todo';
      return PROGRAM_WORKS.includes(facts.tailnet) ? 'done' : 'attention';
    case 'tailnet':
      if (facts.tailnet === 'running') return 'done';
      return facts.tailnet !== null && PROGRAM_WORKS.includes(facts.tailnet) ? 'attention' : 'todo';
    case 'gateway':
      if (facts.gateway === null) return 'todo';
      return facts.gateway.running && facts.gateway.settings ? 'done' : 'attention';
    case 'bind':
      return bindState(facts);
    case 'peer':
      return view.peer?.peerId ? 'done' : 'todo';
    case 'approval':
      if (view.peer?.peerId == null || facts.link === null) return 'todo';
      return facts.link.state.kind === 'online' ? 'done' : 'attention';
    case 'proof':
      return view.proof !== null && view.proof.peerId === view.peer?.peerId ? 'done' : 'todo';
  }
}

function bindState({ exposure, gateway }: SetupFacts): StepState {
  if (exposure === null || !gateway?.running) return 'todo';
  if (gateway.settings?.auth === 'none') return 'attention';
  return exposure.reach === 'loopback' || exposure.reach === 'tailnet' ? 'done' : 'attention';
}

/** The first step of the rail that is neither done nor left out; null where all are. */
export function firstOpen(
  facts: SetupFacts,
  view: SetupView,
  shown: readonly RailStep[],
): RailStep | null {
  return (
    shown.find((step) => {
      const state = stepState(step, facts, view);
      return state !== 'done' && state !== 'skipped';
    }) ?? null
  );
}

/** What comes after a step, among those that are shown. */
export function after(step: SetupStep, shown: readonly RailStep[]): SetupStep {
  if (step === 'welcome') return shown[0] ?? 'done';
  if (step === 'done') return 'done';
  return shown[shown.indexOf(step) + 1] ?? 'done';
}

/** What comes before it. */
export function before(step: SetupStep, shown: readonly RailStep[]): SetupStep {
  if (step === 'welcome') return 'welcome';
  if (step === 'done') return shown.at(-1) ?? 'welcome';
  return shown[shown.indexOf(step) - 1] ?? 'welcome';
}
