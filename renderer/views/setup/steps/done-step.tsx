import { Callout } from '../../../components/callout.tsx';
import { useClient, usePeer } from '../../../store/hooks.ts';
import { milliseconds } from '../../../words/time.ts';
import { Facts } from '../parts/facts.tsx';
import { NextSteps } from '../parts/next-steps.tsx';
import { StepFrame } from '../parts/step-frame.tsx';
import { RAIL } from '../steps.ts';
import { useSetup } from '../use-setup.ts';

/** What was reached, and where to go from here. */
export function DoneStep() {
  const client = useClient();
  const setup = useSetup();
  const { view } = setup;
  const peer = usePeer(view.peer?.peerId ?? null);
  const proven = view.proof && view.proof.peerId === peer?.id ? view.proof : null;
  const left = RAIL.filter(({ step }) => view.skipped.includes(step) && setup.shown.includes(step));
  const end = () => {
    if (peer) void client.navigation.openPeer(peer.id);
    else setup.close();
  };
  return (
    <StepFrame
      title={peer ? `${peer.name} is in your list` : 'The setup is at its end'}
      why="You can come back to any step: from the menu, and from the health of each peer."
      skip={null}
      primary={{ label: peer ? 'Start writing' : 'Close', run: end }}
    >
      {proven ? (
        <Callout tone="good" title="The connection is proven">
          <p>
            A message went there and back in {milliseconds(proven.ms)}. {proven.path}
          </p>
        </Callout>
      ) : peer ? (
        <Callout tone="info" title="No message was sent there and back yet" />
      ) : (
        <Callout tone="info" title="No peer was connected yet" />
      )}
      {left.length > 0 ? (
        <Facts facts={[{ term: 'Left out', value: left.map(({ title }) => title).join(', ') }]} />
      ) : null}
      <NextSteps peer={peer} />
    </StepFrame>
  );
}
