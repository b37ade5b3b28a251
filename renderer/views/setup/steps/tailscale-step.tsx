import type { InstallWay, TailnetState } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useClient } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { openOutside } from '../open-outside.ts';
import { Facts } from '../parts/facts.tsx';
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
      skip="Go on without Tailscale"
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
            <summary>Where was looked</summary>
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

/** Commands are shown and copied; Peerage runs none of them. */
function InstallWays({ ways }: { ways: readonly InstallWay[] }) {
  const client = useClient();
  if (ways.length === 0) return null;
  return (
    <div className="ways">
      <h3>Install it in one of these ways</h3>
      {ways.map((way) => (
        <div key={way.label} className="ways__one">
          {way.command ? (
            <CopyField
              label={way.label}
              text={way.command}
              onCopy={(text) => void client.copy(text)}
            />
          ) : null}
          {way.url ? (
            <Button size="small" onClick={() => openOutside(way.url ?? '')}>
              {way.command ? 'Read how' : way.label}
            </Button>
          ) : null}
        </div>
      ))}
      <p className="hint-text">
        Peerage does not install it for you: installing asks for administrator rights, and you
        should see what gets them.
      </p>
    </div>
  );
}
