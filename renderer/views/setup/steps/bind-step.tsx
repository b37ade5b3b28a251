import { useState } from 'react';
import type {
  BindPlan,
  GatewayExposure,
  GatewaySettings,
} from '../../../../electron/contract/index.ts';
import { Callout } from '../../../components/callout.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useClient } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { useGatewayLive } from '../live.ts';
import { BindChoiceFields, type BindWish } from '../parts/bind-choice.tsx';
import { BindPlanView } from '../parts/bind-plan.tsx';
import { ExposureTable } from '../parts/exposure-table.tsx';
import { FirewallNote } from '../parts/firewall-note.tsx';
import { GatewayTaskView, isUnderWay } from '../parts/gateway-task.tsx';
import { PendingBind } from '../parts/pending-bind.tsx';
import { ReceptionChoice } from '../parts/reception-choice.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { useSetup } from '../use-setup.ts';
import { useTaskEnd } from '../use-task-end.ts';
import { useWork } from '../use-work.ts';

/** Who can reach the gateway today, and who shall. */
export function BindStep() {
  const client = useClient();
  const setup = useSetup();
  const work = useWork();
  const live = useGatewayLive();
  const { task } = live;
  const [changed, setChanged] = useState<BindWish | null>(null);
  const [plan, setPlan] = useState<BindPlan | null>(null);
  const [changing, setChanging] = useState(false);
  const { value, error, looking, again } = setup.exposure;
  const safe = value !== null && (value.reach === 'loopback' || value.reach === 'tailnet');
  const running = setup.gateway.value?.running === true;
  const settings = setup.gateway.value?.settings ?? null;
  const wish = changed ?? wishAsItIs(settings, value);
  // A new token may be asked for on the way here; it says nothing of who can reach the gateway.
  const bound = task?.step.kind === 'done' && task.what !== 'rotate_token';
  useTaskEnd(task, () => {
    setup.gateway.again();
    again();
  });

  const makePlan = async () =>
    setPlan(
      await work.run('plan', () =>
        ask(client, 'ownGateway.planBind', {
          choice: wish.choice,
          address: wish.choice === 'custom' ? wish.address : null,
          autoApproveLocal: !wish.askLocal,
          tunnel: wish.tunnel,
        }),
      ),
    );
  const apply = async () => {
    if (!plan) return;
    const begun = await work.run('apply', () =>
      ask(client, 'ownGateway.applyBind', { planId: plan.planId }),
    );
    if (begun) setPlan(null);
  };
  const goOn = () => {
    if (task) void ask(client, 'ownGateway.dismissTask', {});
    setup.next();
  };
  const primary = (): PrimaryAction | null => {
    if (isUnderWay(task)) return null;
    if (bound) return { label: 'Continue', run: goOn };
    if (plan && (plan.diff.length > 0 || plan.needsRestart))
      return { label: applyWords(plan), run: () => void apply(), busy: work.busy === 'apply' };
    if (!running || (safe && !changing) || plan) return { label: 'Continue', run: setup.next };
    return { label: 'Show what changes', run: () => void makePlan(), busy: work.busy === 'plan' };
  };
  const change = (next: BindWish) => {
    setChanged(next);
    setPlan(null);
    work.forget();
    setChanging(true);
  };

  return (
    <StepFrame
      title="Who can reach your gateway?"
      why="Most accidents begin here: a gateway that is open to a whole network, or to nobody. This shows what is true today."
      onCheck={again}
      checking={looking}
      failure={work.failure ?? error}
      primary={primary()}
    >
      {task ? <GatewayTaskView task={task} isStep={task.what !== 'rotate_token'} /> : null}
      {bound ? null : value ? (
        <>
          <ExposureTable exposure={value} />
          {isUnderWay(task) ? null : <PendingBind settings={settings} exposure={value} />}
        </>
      ) : error ? null : (
        <Skeleton rows={4} label="Connecting to each address" />
      )}
      {settings?.tailscale === 'funnel' ? (
        <Callout tone="problem" title="Tailscale Funnel makes it reachable from the whole internet">
          <p>Every choice below ends that.</p>
        </Callout>
      ) : null}
      {running && !isUnderWay(task) && !bound ? (
        <section className="step__part" aria-labelledby="bind-title">
          <h3 id="bind-title">Who should reach it</h3>
          <BindChoiceFields wish={wish} exposure={value} onChange={change} />
          {plan ? <BindPlanView plan={plan} /> : null}
        </section>
      ) : null}
      {!running && setup.gateway.value ? (
        <Callout tone="info" title="The gateway does not run, so nothing answers">
          <p>Its settings can be changed once it runs.</p>
        </Callout>
      ) : null}
      <FirewallNote />
      <ReceptionChoice />
      {setup.gateway.error ? <ErrorNote error={setup.gateway.error} /> : null}
    </StepFrame>
  );
}

function applyWords(plan: BindPlan): string {
  if (plan.diff.length > 0) return 'Change it';
  return plan.restartBy === 'person' ? 'Wait for my restart' : 'Restart it';
}

/** What is chosen before the person chose: as it is where that is one of the ways, else the safest. */
function wishAsItIs(settings: GatewaySettings | null, exposure: GatewayExposure | null): BindWish {
  const wish: BindWish = { choice: 'loopback', address: null, askLocal: true, tunnel: false };
  const address = settings?.customAddress ?? null;
  switch (settings?.bind) {
    case 'tailnet':
      return { ...wish, choice: 'tailnet' };
    case 'custom':
      return exposure?.addresses.some((one) => one.address === address && one.kind !== 'loopback')
        ? { ...wish, choice: 'custom', address }
        : wish;
    default:
      return settings?.tailscale === 'serve' ? { ...wish, choice: 'loopback_serve' } : wish;
  }
}
