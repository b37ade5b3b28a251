import { useEffect, useRef, useState } from 'react';
import type { InviteView, SetupPeer, TailnetPeer } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { TextField } from '../../../components/field.tsx';
import { Segments } from '../../../components/segments.tsx';
import { useClient } from '../../../store/hooks.ts';
import { InviteLink } from '../../invite/invite-link.tsx';
import { InviteTalk } from '../../invite/invite-talk.tsx';
import { Redeem } from '../../invite/redeem.tsx';
import { useInvite } from '../../invite/use-invite.ts';
import { ask } from '../ask.ts';
import { ChoiceCards } from '../parts/choice-cards.tsx';
import { OtherWays } from '../parts/other-ways.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { TailnetPeers } from '../parts/tailnet-peers.tsx';
import { NEW_PEER, useSetup } from '../use-setup.ts';
import { useWork } from '../use-work.ts';

const sources = [
  { value: 'machine', text: 'From my tailnet' },
  { value: 'address', text: 'By address' },
  { value: 'invite', text: 'I was invited' },
] as const;
type Source = (typeof sources)[number]['value'];

const owners = [
  {
    value: 'mine',
    title: 'Mine',
    text: 'Each device gets a place of its own on the other’s gateway, after a yes over there. No token is typed.',
  },
  {
    value: 'theirs',
    title: 'Someone else’s',
    text: 'Each may ask the other for work. Nothing runs before its owner agreed, and no token of a gateway is shared.',
  },
] as const;

/** What is being done here now. */
function stepTitle(invite: InviteView | null): string {
  switch (invite?.state) {
    case undefined:
      return 'Which peer?';
    case 'comparing':
    case 'confirmed':
      return 'Compare six words';
    case 'done':
      return 'The peer';
    case 'open':
    case 'rejected':
    case 'cancelled':
    case 'expired':
    case 'failed':
      return 'The invite';
  }
}

/** Which machine, whose it is, and the exchange of an invite. */
export function PeerStep() {
  const client = useClient();
  const setup = useSetup();
  const work = useWork();
  // Held here too, so that typing never waits for the app to tell it back.
  const [peer, setPeer] = useState(setup.view.peer ?? NEW_PEER);
  const running = useInvite(peer.inviteId);
  const [text, setText] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const state = setup.tailnet.value?.state;
  const machines = state?.kind === 'running' ? state.peers : [];
  const [source, setSource] = useState<Source>('machine');
  const shownSource = source === 'machine' && machines.length === 0 ? 'address' : source;
  /** As it is now, also for an answer that comes after more was typed. */
  const latest = useRef(peer);
  const change = (changes: Partial<SetupPeer>) => {
    latest.current = { ...latest.current, ...changes };
    setPeer(latest.current);
    setup.update({ peer: latest.current });
  };

  const pick = (one: TailnetPeer) => {
    setChosen(one.id);
    change({
      address: one.dnsName || one.addresses[0] || null,
      name: one.name.slice(0, 80),
      // What was said of another machine says nothing of this one.
      whose: one.mine ? 'mine' : 'theirs',
    });
  };
  const make = async () => {
    if (!peer.whose) return;
    const made = await work.run('invite', () =>
      ask(client, 'invite.create', { for: peer.whose ?? 'theirs', peerName: peer.name.trim() }),
    );
    if (!made) return;
    setText(made.text);
    change({ inviteId: made.invite.id });
  };
  const startOver = () => {
    setText(null);
    change({ inviteId: null, peerId: null });
  };

  const another = () => {
    setText(null);
    setChosen(null);
    change(NEW_PEER);
  };

  const live =
    running !== null && ['open', 'comparing', 'confirmed', 'done'].includes(running.state);
  const made = running?.state === 'done' ? running.peerId : peer.peerId;
  // They come to our gateway: who asks is let in with the next step, and there is nobody to write to.
  const theyCome =
    running?.state === 'done' && (running.direction === 'issued' || !running.gateway);
  const over = made !== null || theyCome;
  // Known to every step as soon as it is there, whichever way the person goes on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each peer that comes of an invite
  useEffect(() => {
    if (made && made !== peer.peerId) change({ peerId: made, whose: running?.for ?? peer.whose });
  }, [made]);
  const primary = (): PrimaryAction | null => {
    if (over) return { label: 'Continue', run: setup.next };
    if (running && !live) return { label: 'Begin anew', run: startOver };
    if (live || peer.inviteId || shownSource === 'invite') return null;
    return {
      label: 'Make an invite',
      run: () => void make(),
      busy: work.busy === 'invite',
      disabled: !peer.whose || (peer.name.trim() === '' && !peer.address),
    };
  };

  return (
    <StepFrame
      title={stepTitle(running)}
      why="A peer is a machine whose agents you want to work with, or a person who owns one. You and the other side exchange an invite, and compare six words."
      failure={work.failure}
      skip={made || live ? null : 'Leave this out'}
      primary={primary()}
    >
      {running ? (
        <InviteTalk
          invite={running}
          onPaired={(peerId) => {
            change({ peerId });
            setup.next();
          }}
          open={
            text ? (
              <InviteLink text={text} />
            ) : (
              <Callout tone="info" title="The invite’s link is not shown again">
                <p>It was given once. If it is lost, take the invite back and make a new one.</p>
              </Callout>
            )
          }
        />
      ) : null}
      {over ? (
        <div>
          <Button size="small" onClick={another}>
            Connect another peer
          </Button>
        </div>
      ) : null}
      {running || made ? null : (
        <>
          <Segments
            label="How to find the peer"
            value={shownSource}
            options={sources.filter((one) => one.value !== 'machine' || machines.length > 0)}
            onChange={setSource}
          />
          {shownSource === 'machine' ? (
            <TailnetPeers peers={machines} chosen={chosen} onChoose={pick} />
          ) : null}
          {shownSource === 'address' ? (
            <TextField
              label="Address"
              value={peer.address ?? ''}
              placeholder="host.tailnet.ts.net"
              help="The name or the address of the other machine. It is only noted here; the invite makes the connection."
              onChange={(event) => change({ address: event.target.value.slice(0, 255) || null })}
            />
          ) : null}
          {shownSource === 'invite' ? (
            <Redeem
              text=""
              onRedeemed={(inviteId, name) =>
                change({ inviteId, name, whose: peer.whose ?? 'theirs' })
              }
            />
          ) : (
            <>
              <TextField
                label="Your name for this peer"
                value={peer.name}
                maxLength={80}
                onChange={(event) => change({ name: event.target.value })}
              />
              <section className="step__part" aria-labelledby="whose-title">
                <h3 id="whose-title">Whose machine is it?</h3>
                <ChoiceCards
                  label="Whose machine is it?"
                  value={peer.whose}
                  options={owners}
                  onChange={(whose) => change({ whose })}
                />
              </section>
              <OtherWays whose={peer.whose} />
            </>
          )}
        </>
      )}
    </StepFrame>
  );
}
