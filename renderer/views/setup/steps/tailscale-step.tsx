import type { TailnetState } from '../../../../electron/contract/index.ts';
import { Callout } from '../../../components/callout.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { ErrorNote } from '../../error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { InstallWays } from '../parts/install-ways.tsx';
import { Said } from '../parts/said.tsx';
import { StepFrame } from '../parts/step-frame.tsx';
import { useSetup } from '../use-setup.ts';

/** Is there a Tailscale on this machine that can be used? */
export function TailscaleStep() {
  const setup = useSetup();
  const { value, error, looking, again } = setup.tailnet;
  const state = value?.state ?? null;
  const works = state !== null && !missing(state);
  return (
    <StepFrame
      title="Is Tailscale installed?"
      why="Tailscale joins your machines, and those that are shared with you, into a private network. Peerage uses it and changes nothing in it without a click."
      onCheck={again}
      checking={looking}
      failure={error}
      skip={works ? null : 'Go on without Tailscale'}
      primary={works ? { label: 'Continue', run: setup.next } : null}
    >
      {state === null ? (
        <Skeleton rows={3} label="Looking for Tailscale" />
      ) : (
        <Seen state={state} />
      )}
      {works && value?.program ? (
        <>
          <Callout tone="good" title={`Tailscale ${value.program.version} is installed`} />
          <Facts facts={[{ term: 'Program', value: value.program.path, code: true }]} />
        </>
      ) : null}
    </StepFrame>
  );
}

const missing = (state: TailnetState): boolean =>
  state.kind === 'unchecked' || state.kind === 'not_installed' || state.kind === 'not_usable';

function Seen({ state }: { state: TailnetState }) {
  switch (state.kind) {
    case 'unchecked':
      return <Skeleton rows={3} label="Looking for Tailscale" />;
    case 'not_installed':
      return (
        <>
          <ErrorNote error={state.error} announce />
          <InstallWays ways={state.install} />
          <details className="more">
            <summary>Where Peerage looked</summary>
            <ul className="more__list">
              {state.lookedAt.map((path) => (
                <li key={path}>
                  <code>{path}</code>
                </li>
              ))}
            </ul>
          </details>
        </>
      );
    case 'not_usable':
      return (
        <>
          <ErrorNote error={state.error} announce />
          <Facts facts={[{ term: 'Program', value: state.path, code: true }]} />
          <Said output={state.output} />
          <InstallWays ways={state.install} />
        </>
      );
    case 'daemon_unreachable':
    case 'no_state':
    case 'in_use_other_user':
    case 'needs_login':
    case 'needs_approval':
    case 'stopped':
    case 'starting':
    case 'running':
      return null;
  }
}
