import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SetupStep } from '../../../electron/contract/index.ts';
import { FRESH_SETUP } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { useClient, useDetail, useMirror } from '../../store/hooks.ts';
import { ask } from './ask.ts';
import { Rail } from './parts/rail.tsx';
import { ApprovalStep } from './steps/approval-step.tsx';
import { BindStep } from './steps/bind-step.tsx';
import { DoneStep } from './steps/done-step.tsx';
import { GatewayStep } from './steps/gateway-step.tsx';
import { PeerStep } from './steps/peer-step.tsx';
import { ProofStep } from './steps/proof-step.tsx';
import { TailnetStep } from './steps/tailnet-step.tsx';
import { TailscaleStep } from './steps/tailscale-step.tsx';
import { after, before, RAIL, type RailStep, type SetupFacts, stepState } from './steps.ts';
import { useLook } from './use-look.ts';
import { type Setup, SetupProvider } from './use-setup.ts';
import { useTailnet } from './use-tailnet.ts';
import './common.css';
import './setup.css';

const SHOWN: readonly RailStep[] = RAIL.map(({ step }) => step);

/** The setup: the steps at the left, one of them in the middle. */
export default function SetupPage({ step: wished }: { step: SetupStep | null }) {
  const client = useClient();
  const view = useMirror((mirror) => mirror.app?.setup ?? FRESH_SETUP);
  const [step, setStep] = useState<SetupStep>(() => startOf(wished ?? view.step));
  useEffect(() => {
    if (wished) setStep(startOf(wished));
  }, [wished]);
  const tailnet = useTailnet();
  const gateway = useLook(() => ask(client, 'ownGateway.status', {}));
  const exposure = useLook(() => ask(client, 'ownGateway.exposure', {}));
  const detail = useDetail(view.peer?.peerId ?? null);
  const link = detail?.links[0] ?? null;
  const peerId = view.peer?.peerId ?? null;
  useEffect(() => {
    // The link's state is told only of peers that this window has open.
    if (peerId) void client.navigation.watchPeer(peerId);
  }, [client, peerId]);

  const remember = (changes: Parameters<Setup['update']>[0] & { step?: SetupStep }) =>
    void client.act('setup.update', { changes });
  const go = (to: SetupStep) => {
    setStep(to);
    remember({ step: to });
  };
  const setup: Setup = {
    view,
    step,
    shown: SHOWN,
    tailnet,
    gateway,
    exposure,
    link,
    go,
    next: () => go(after(step, SHOWN)),
    back: () => {
      const to = before(step, SHOWN);
      go(to);
      if (to === 'welcome') client.navigation.showPage({ kind: 'setup', step: 'welcome' });
    },
    skip: () => {
      const to = after(step, SHOWN);
      setStep(to);
      const skipped = view.skipped.includes(step) ? view.skipped : [...view.skipped, step];
      void client.act('setup.update', { changes: { skipped, step: to } });
    },
    update: remember,
    close: () => client.navigation.leavePage(),
  };
  const facts: SetupFacts = {
    tailnet: tailnet.value?.state.kind ?? null,
    gateway: gateway.value,
    exposure: exposure.value,
    link,
  };
  // A gateway takes seconds to look at; until then nothing is known of what is to do.
  const unseen = gateway.looking && !gateway.value;
  const isLooking = (one: RailStep): boolean =>
    one === 'gateway'
      ? unseen
      : one === 'bind' && (unseen || (exposure.looking && !exposure.value));
  return (
    <SetupProvider value={setup}>
      <main className="setup">
        <header className="setup__bar">
          <span className="setup__name">Setup</span>
          <span className="step__gap" />
          <IconButton icon={X} label="Close the setup" onClick={setup.close} />
        </header>
        <div className="setup__panes">
          <Rail
            shown={SHOWN}
            current={step}
            stateOf={(one) => stepState(one, facts, view)}
            isLooking={isLooking}
            onGo={go}
          />
          <div className="setup__column">
            <Step step={step} />
          </div>
        </div>
      </main>
    </SetupProvider>
  );
}

/** The welcome stands apart: the setup itself begins with its first step. */
const startOf = (step: SetupStep): SetupStep => (step === 'welcome' ? 'tailscale' : step);

function Step({ step }: { step: SetupStep }) {
  switch (step) {
    case 'welcome':
    case 'tailscale':
      return <TailscaleStep />;
    case 'tailnet':
      return <TailnetStep />;
    case 'gateway':
      return <GatewayStep />;
    case 'bind':
      return <BindStep />;
    case 'peer':
      return <PeerStep />;
    case 'approval':
      return <ApprovalStep />;
    case 'proof':
      return <ProofStep />;
    case 'done':
      return <DoneStep />;
  }
}
