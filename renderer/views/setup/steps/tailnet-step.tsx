import type { TailnetState, TailnetView } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useClient } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { openOutside } from '../open-outside.ts';
import { JoinChoice } from '../parts/join-choice.tsx';
import { JoinProgress } from '../parts/join-progress.tsx';
import { Netcheck } from '../parts/netcheck.tsx';
import { RunningTailnet } from '../parts/running-tailnet.tsx';
import { Said } from '../parts/said.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { useJoin } from '../use-join.ts';
import { useSetup } from '../use-setup.ts';
import { useWork } from '../use-work.ts';

/** Does Tailscale run, and is this machine part of a tailnet? */
export function TailnetStep() {
  const client = useClient();
  const setup = useSetup();
  const work = useWork();
  const join = useJoin(work, setup.tailnet.again);
  const { value, error, looking, again } = setup.tailnet;
  const state = value?.state ?? null;
  const switchOn = () => void work.run('up', () => ask(client, 'tailnet.up', {})).then(again);

  const primary = (): PrimaryAction | null => {
    if (!state || value?.join) return null;
    switch (state.kind) {
      case 'running':
        return { label: 'Continue', run: setup.next };
      case 'stopped':
        return { label: 'Switch Tailscale on', run: switchOn, busy: work.busy === 'up' };
      case 'needs_login':
        return { label: join.verb, run: join.begin, busy: work.busy === 'join' };
      case 'unchecked':
      case 'not_installed':
      case 'not_usable':
        return { label: 'Go to Tailscale', run: () => setup.go('tailscale') };
      case 'daemon_unreachable':
      case 'no_state':
      case 'in_use_other_user':
      case 'needs_approval':
      case 'starting':
        return null;
    }
  };

  return (
    <StepFrame
      title="Is this machine in your tailnet?"
      why="A tailnet is your private network of machines. Joining needs one login in the browser, or an auth key of the tailnet."
      onCheck={again}
      checking={looking}
      failure={work.failure ?? error}
      skip={state?.kind === 'running' ? null : 'Go on without Tailscale'}
      primary={primary()}
    >
      {value === null ? <Skeleton rows={3} label="Looking at Tailscale" /> : null}
      {value?.denied ? <Denied view={value} again={again} /> : null}
      {value?.join ? (
        <JoinProgress join={value.join} work={work} again={again} />
      ) : state ? (
        <Seen state={state} join={join} />
      ) : null}
    </StepFrame>
  );
}

/** Linux: another user than root may not change Tailscale until it is allowed once. */
function Denied({ view, again }: { view: TailnetView; again: () => void }) {
  const client = useClient();
  const work = useWork();
  if (!view.denied) return null;
  const allow = () =>
    void work.run('allow', () => ask(client, 'tailnet.allowOperator', {})).then(again);
  return (
    <>
      <ErrorNote error={view.denied.error} announce>
        <Button size="small" look="primary" busy={work.busy === 'allow'} onClick={allow}>
          Allow it once
        </Button>
      </ErrorNote>
      <p className="hint-text">
        Your system asks for an administrator’s password. It lets your user, and nobody else, change
        Tailscale from now on. Peerage never sees the password. You can run this yourself instead:
      </p>
      <CopyField
        label="Command"
        text={view.denied.command}
        onCopy={(text) => void client.copy(text)}
      />
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}

function Seen({ state, join }: { state: TailnetState; join: ReturnType<typeof useJoin> }) {
  const client = useClient();
  switch (state.kind) {
    case 'unchecked':
    case 'not_installed':
    case 'not_usable':
      return (
        <Callout tone="info" title="Tailscale comes first">
          <p>There is no Tailscale on this machine yet that could join a tailnet.</p>
        </Callout>
      );
    case 'daemon_unreachable':
      return (
        <>
          <ErrorNote error={state.error} announce />
          {state.command ? (
            <CopyField
              label="Starts it"
              text={state.command}
              onCopy={(text) => void client.copy(text)}
            />
          ) : null}
          <Said output={state.output} />
        </>
      );
    case 'starting':
      return (
        <>
          <ErrorNote error={state.error} announce />
          <Netcheck />
        </>
      );
    case 'no_state':
    case 'in_use_other_user':
    case 'stopped':
      return <ErrorNote error={state.error} announce />;
    case 'needs_approval':
      return (
        <ErrorNote error={state.error} announce>
          {state.adminUrl ? (
            <Button size="small" onClick={() => openOutside(state.adminUrl ?? '')}>
              Open the admin page
            </Button>
          ) : null}
        </ErrorNote>
      );
    case 'needs_login':
      return (
        <>
          <ErrorNote error={state.error} announce />
          <JoinChoice join={join} />
        </>
      );
    case 'running':
      return <RunningTailnet state={state} />;
  }
}
