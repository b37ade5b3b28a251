import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import type { CallerProof, InviteView, PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { TextField } from '../../components/field.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { inTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { GatewayPairing } from '../setup/parts/gateway-pairing.tsx';
import { PairingRequests } from '../setup/parts/pairing-requests.tsx';
import { useWork } from '../setup/use-work.ts';
import { SixWords } from './six-words.tsx';
import './invite.css';

interface InviteTalkProps {
  invite: InviteView;
  /** Shown while nobody has redeemed it yet: link and code. */
  open?: React.ReactNode;
  /** The person typed a token, since the gateway over there gave no code. */
  onPaired?: ((peerId: PeerId) => void) | undefined;
}

/** An invite from the moment it is there until it led to something, for both sides. */
export function InviteTalk({ invite, open, onPaired }: InviteTalkProps) {
  const client = useClient();
  const now = useNow(1_000);
  const work = useWork();
  const cancel = () =>
    void work.run('cancel', () => ask(client, 'invite.cancel', { inviteId: invite.id }));
  switch (invite.state) {
    case 'open':
      return (
        <>
          {open}
          <Callout
            tone="info"
            title="Waiting until it is used"
            actions={
              <Button size="small" busy={work.busy === 'cancel'} onClick={cancel}>
                Take it back
              </Button>
            }
          >
            <p className="numbers">
              It can be used once, and ends {inTime(invite.expiresAt, now)}.
            </p>
          </Callout>
          {work.failure ? <ErrorNote error={work.failure} announce /> : null}
        </>
      );
    case 'comparing':
      return <Compare invite={invite} />;
    case 'confirmed':
      return (
        <>
          {invite.words ? <SixWords words={invite.words} /> : null}
          <Callout
            tone="info"
            title="You agreed. Now the other side must agree too"
            announce
            actions={
              <Button size="small" busy={work.busy === 'cancel'} onClick={cancel}>
                Stop waiting
              </Button>
            }
          >
            <p>No secret moves before both have. This page goes on by itself.</p>
          </Callout>
        </>
      );
    case 'done':
      return <Done invite={invite} onPaired={onPaired} />;
    case 'rejected':
      // Over there more than that can end it.
      return invite.error?.code === 'invite.ended_there' ? (
        <ErrorNote error={invite.error} announce />
      ) : (
        <Callout tone="warning" title="You said that the words differ" announce>
          <p>
            Nothing was exchanged, and nothing is kept. If you both meant well, make a new invite;
            if the words differ again, somebody stands in between.
          </p>
        </Callout>
      );
    case 'cancelled':
      return (
        <Callout
          tone="info"
          title={invite.words ? 'You stopped waiting' : 'The invite was taken back'}
          announce
        >
          <p>Nothing was exchanged. To go on, begin with a new invite.</p>
        </Callout>
      );
    case 'expired':
      return (
        <Callout
          tone="info"
          title={invite.words ? 'Not both of you agreed in time' : 'The invite ended unused'}
          announce
        >
          <p>
            {invite.words
              ? 'Nothing was exchanged. To compare the words you have ten minutes. Begin with a new invite.'
              : 'An invite is good for ten minutes. Make a new one.'}
          </p>
        </Callout>
      );
    case 'failed':
      return invite.error ? (
        <ErrorNote error={invite.error} announce />
      ) : (
        <Callout tone="problem" title="The invite did not work" announce />
      );
  }
}

/** What it led to; for a machine of one's own, with what is still to be agreed to. */
function Done({ invite, onPaired }: Pick<InviteTalkProps, 'invite' | 'onPaired'>) {
  const name = invite.peerName || 'The peer';
  const { gateway, peerId } = invite;
  const isMine = invite.for === 'mine';
  return (
    <>
      <Callout
        tone={isMine ? 'info' : 'good'}
        title={isMine ? `You and ${name} know each other` : `${name} is connected`}
        announce
      >
        <p>{doneText(invite)}</p>
      </Callout>
      {isMine ? <PairingRequests /> : null}
      {isMine && invite.direction === 'redeemed' && gateway && !peerId && onPaired ? (
        <GatewayPairing
          url={gateway.url}
          identity={gateway.identity}
          name={invite.peerName}
          onAdded={onPaired}
        />
      ) : null}
    </>
  );
}

const NEITHER =
  'Neither of the two machines has a gateway that the other one can reach. See “Who can reach it” in the setup, on the one that shall be reached.';

function doneText(invite: InviteView): string {
  if (invite.for === 'mine') {
    const { direction, gateway, peerId } = invite;
    const we = peerId
      ? 'This device has asked the gateway over there to be let in. Say yes over there within ten minutes: its Peerage shows the request. '
      : '';
    if (direction === 'issued') {
      if (gateway)
        return `${we}Its device now asks your gateway to be let in. No token was sent: it got a code that is good for this one asking, and for ten minutes.`;
      return we || NEITHER;
    }
    if (gateway && !peerId)
      return 'The gateway over there gave no code for this device. Type its token once.';
    return (
      we ||
      'Over there is no gateway that can be reached from here. Where yours can be, it asks below.'
    );
  }
  switch (invite.directions) {
    case 'both':
      return 'Each of you can ask the other; each asking waits for the other’s consent.';
    case 'they_ask_us':
      return 'They can ask you. You cannot ask them: they listen nowhere that you can reach.';
    case 'we_ask_them':
      return 'You can ask them. They cannot ask you: you listen nowhere that they can reach.';
    case null:
      return 'They are in your list of peers.';
  }
}

/** A trust moment: who, proven how, what they get, what could go wrong; the safe button has the focus. */
function Compare({ invite }: { invite: InviteView }) {
  const client = useClient();
  const work = useWork();
  const [name, setName] = useState(invite.peerName || (invite.other?.name ?? '').slice(0, 80));
  const inviteId = invite.id;
  const same = () =>
    void work.run('same', () => ask(client, 'invite.confirm', { inviteId, peerName: name.trim() }));
  const differ = () => void work.run('differ', () => ask(client, 'invite.reject', { inviteId }));
  return (
    <div className="compare">
      <h3>Do you both see these six words?</h3>
      <p>Call them, or stand beside them, and read the words aloud to each other.</p>
      {invite.words ? <SixWords words={invite.words} /> : null}
      <TrustFacts
        icon={UserRoundCheck}
        facts={[
          { term: 'Who', text: whoText(invite) },
          { term: 'Proven how', text: proofText(invite) },
          { term: 'What they get', text: getText(invite) },
          {
            term: 'What could go wrong',
            text: 'If the words differ, somebody in between poses as them.',
          },
        ]}
      />
      <TextField
        label="Your name for this peer"
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.target.value)}
      />
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="compare__buttons">
        <Button look="primary" busy={work.busy === 'differ'} autoFocus onClick={differ}>
          They differ, or I am not sure
        </Button>
        <Button busy={work.busy === 'same'} disabled={name.trim() === ''} onClick={same}>
          The words are the same
        </Button>
      </div>
      {invite.confirmedThere ? (
        <p className="hint-text">The other side has said that the words are the same.</p>
      ) : null}
    </div>
  );
}

function whoText({ other }: InviteView): string {
  return other ? `It calls itself “${other.name}”, at ${other.address}.` : 'Not known yet.';
}

function proofText({ other }: InviteView): string {
  const print = other ? ` Its key: ${grouped(other.fingerprint.slice(0, 32))}…` : '';
  return `${provenBy(other?.proof ?? null)} The six words prove its key.${print}`;
}

/** How we know a caller, in one sentence. */
export function provenBy(proof: CallerProof | null): string {
  switch (proof?.kind) {
    case 'tailnet':
      return `Tailscale says that it is ${proof.node}, of ${proof.owner}.`;
    case 'local':
      return 'It came from this machine itself, so nobody vouches for it.';
    case 'relay':
      return relayText(proof);
    case undefined:
      return 'You called it at the address of the invite.';
  }
}

function relayText({ relay, signed }: Extract<CallerProof, { kind: 'relay' }>): string {
  const came = `It came over the relay ${relay}`;
  switch (signed) {
    case 'pinned':
      return `${came}, which can read it. It is signed with the key that you compared.`;
    case 'unpinned':
      return `${came}, which can forge any sender. It is signed with a key that you have not compared.`;
    case 'none':
      return `${came}, which can forge any sender. It is not signed.`;
    case 'wrong':
      return `${came}, and is not signed with the key that you compared. Somebody may pretend to be this peer.`;
  }
}

const getText = (invite: InviteView): string =>
  invite.for === 'mine'
    ? 'A code to ask the gateway with, for one device. After a second yes that device reads sessions and lets agents work.'
    : 'A token of its own, to ask you for things. Each asking waits for you, and you can end it at any time.';
