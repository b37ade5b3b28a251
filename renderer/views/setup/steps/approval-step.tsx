import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { useClient, usePeer } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { useInvite } from '../../invite/use-invite.ts';
import { PairingRequests } from '../parts/pairing-requests.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { useSetup } from '../use-setup.ts';

/** Letting each other in: what this side waits for, and what it is asked. */
export function ApprovalStep() {
  const client = useClient();
  const setup = useSetup();
  const { link, view } = setup;
  const peer = usePeer(view.peer?.peerId ?? null);
  const name = peer?.name ?? view.peer?.name ?? 'The peer';
  const approved = link?.state.kind === 'online' || link?.state.kind === 'degraded';
  const command = link?.state.kind === 'needs_approval' ? link.state.command : '';
  const again = () => {
    if (link) void client.act('link.reconnect', { linkId: link.id });
  };
  const invite = useInvite(view.peer?.inviteId ?? null);
  // A machine of one's own that comes to our gateway, and has none: there is nobody to ask over there.
  const theyCome = invite?.state === 'done' && invite.for === 'mine' && !invite.peerId;
  const primary = (): PrimaryAction | null => {
    if (!peer && theyCome) return { label: 'Continue', run: setup.next };
    if (!peer) return { label: 'Choose a peer', run: () => setup.go('peer') };
    // Without a link of ours, they come to us: there is nothing to wait for.
    return approved || link === null ? { label: 'Continue', run: setup.next } : null;
  };
  return (
    <StepFrame
      title="Has each side let the other in?"
      why="A token alone is not enough. The person over there sees your request with its fingerprint, and lets it in; you do the same for theirs."
      {...(link ? { onCheck: again } : {})}
      checking={link?.state.kind === 'connecting'}
      skip={!peer ? 'Leave this out' : primary() ? null : 'Go on, it can wait'}
      primary={primary()}
    >
      {!peer && theyCome ? (
        <Callout tone="info" title={`${invite.peerName || 'Your other device'} asks below`}>
          <p>Let it in when its key is the one whose six words you compared.</p>
        </Callout>
      ) : !peer ? (
        <Callout tone="info" title="There is no peer to be let in by yet" />
      ) : link === null ? (
        <Callout tone="good" title={`${name} is in your list of peers`}>
          <p>They can ask you. What they ask is held until you accept.</p>
        </Callout>
      ) : approved ? (
        <Callout tone="good" title={`${name} has let this device in`} announce>
          <p>{link.stateText}</p>
        </Callout>
      ) : link.state.kind === 'needs_approval' ? (
        <>
          <Callout tone="warning" title={`Waiting until ${name} approves this device`} announce>
            <p>
              The request stands in the window of their Peerage, and in OpenClaw’s own control page
              under its devices. Where neither is at hand, they run this command. Peerage looks
              again by itself.
            </p>
          </Callout>
          <CopyField
            label="Command for them to run"
            text={link.state.command}
            onCopy={(text) => void client.copy(text)}
          />
          {link.error?.remedy?.actions.map((action) =>
            action.kind === 'copy' && action.text !== command ? (
              <Button key={action.label} size="small" onClick={() => void client.copy(action.text)}>
                {action.label}
              </Button>
            ) : null,
          )}
          <CopyField
            label="Request"
            text={link.state.requestId}
            onCopy={(text) => void client.copy(text)}
          />
        </>
      ) : link.error ? (
        <ErrorNote error={link.error} announce />
      ) : (
        <Callout tone="info" title={link.stateText} />
      )}
      <PairingRequests />
    </StepFrame>
  );
}
