import { useState } from 'react';
import type { BindPlan } from '../../../../electron/contract/index.ts';
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
import { ReceptionChoice } from '../parts/reception-choice.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { useSetup } from '../use-setup.ts';
import { useWork } from '../use-work.ts';

/** Who can reach the gateway today, and who shall. */
export function BindStep() {
  const client = useClient();
  const setup = useSetup();
  const work = useWork();
  const live = useGatewayLive();
  const task = live.task?.what === 'rotate_token' ? null : live.task;
  const [wish, setWish] = useState<BindWish>({
    choice: 'loopback',
    address: null,
    askLocal: true,
    tunnel: false,
  });
  const [plan, setPlan] = useState<BindPlan | null>(null);
  const [changing, setChanging] = useState(false);
  const { value, error, looking, again } = setup.exposure;
  const safe = value !== null && (value.reach === 'loopback' || value.reach === 'tailnet');
  const running = setup.gateway.value?.running === true;

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
    again();
    setup.gateway.again();
    setup.next();
  };
  const primary = (): PrimaryAction | null => {
    if (isUnderWay(task)) return null;
    if (task?.step.kind === 'done') return { label: 'Continue', run: goOn };
    if (plan && plan.diff.length > 0)
      return { label: 'Change it', run: () => void apply(), busy: work.busy === 'apply' };
    if (!running || (safe && !changing) || plan) return { label: 'Continue', run: setup.next };
    return { label: 'Show what changes', run: () => void makePlan(), busy: work.busy === 'plan' };
  };
  const change = (next: BindWish) => {
    setWish(next);
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
      {task ? <GatewayTaskView task={task} /> : null}
      {task?.step.kind === 'done' ? null : value ? (
        <ExposureTable exposure={value} />
      ) : error ? null : (
        <Skeleton rows={4} label="Connecting to each address" />
      )}
      {setup.gateway.value?.settings?.tailscale === 'funnel' ? (
        <Callout tone="problem" title="Tailscale Funnel makes it reachable from the whole internet">
          <p>Every choice below ends that.</p>
        </Callout>
      ) : null}
      {running && !isUnderWay(task) && task?.step.kind !== 'done' ? (
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
