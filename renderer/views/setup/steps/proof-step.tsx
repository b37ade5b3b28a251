import { Callout } from '../../../components/callout.tsx';
import { UntrustedText } from '../../../components/untrusted-text.tsx';
import { usePeer } from '../../../store/hooks.ts';
import { milliseconds } from '../../../words/time.ts';
import { NextSteps } from '../parts/next-steps.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { useProof } from '../use-proof.ts';
import { useSetup } from '../use-setup.ts';

/** A message there and back, with its time and its path. */
export function ProofStep() {
  const setup = useSetup();
  const { view } = setup;
  const peer = usePeer(view.peer?.peerId ?? null);
  const proof = useProof();
  const theirs = setup.link ? setup.link.kind === 'a2a' : view.peer?.whose === 'theirs';
  const proven = view.proof && view.proof.peerId === peer?.id ? view.proof : null;
  const primary = (): PrimaryAction | null => {
    if (!peer) return { label: 'Choose a peer', run: () => setup.go('peer') };
    if (proven) return { label: 'Continue', run: setup.next };
    if (setup.link === null) return { label: 'Continue', run: setup.next };
    return {
      label: theirs ? 'Ask for a greeting' : 'Send a greeting',
      run: proof.send,
      busy: proof.stage === 'waiting',
    };
  };
  return (
    <StepFrame
      title="Does a message come back?"
      why={
        theirs
          ? 'A small piece of work is asked of the peer. They accept it in their Peerage, their agent answers, and the answer comes back here.'
          : 'One short message goes to the peer’s agent, and its answer comes back here.'
      }
      failure={proof.failure}
      skip={proven ? null : 'Leave this out'}
      primary={primary()}
    >
      {!peer ? <Callout tone="info" title="There is no peer to write to yet" /> : null}
      {peer && setup.link === null ? (
        <Callout tone="info" title={`You cannot write to ${peer.name} first`}>
          <p>They can ask you. Let them send you something, and accept it in the inbox.</p>
        </Callout>
      ) : null}
      {proven ? (
        <Callout tone="good" title={`There and back in ${milliseconds(proven.ms)}`} announce>
          <p>{proven.path}</p>
          {proven.answer ? (
            <blockquote className="quote selectable">
              <UntrustedText text={proven.answer} />
            </blockquote>
          ) : null}
        </Callout>
      ) : null}
      {!proven && proof.stage === 'waiting' ? (
        <Callout tone="info" title={proof.text} announce>
          <p>
            {theirs
              ? `It waits until ${peer?.name ?? 'the peer'} accepts. You can go on; the answer comes into the thread.`
              : 'The first answer of an agent can take a while.'}
          </p>
        </Callout>
      ) : null}
      {peer && setup.link && !proven && proof.stage === 'idle' ? (
        <p className="quote">{proof.words}</p>
      ) : null}
      {proven && peer ? (
        <NextSteps peer={peer} />
      ) : (
        <p className="hint-text">
          With this the setup is at its end. Then write to the peer, delegate work, or connect
          another.
        </p>
      )}
    </StepFrame>
  );
}
