import { Unlink } from 'lucide-react';
import { useState } from 'react';
import type { CallOutput, PeerDevice, PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, usePeer } from '../../store/hooks.ts';
import { ago } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { openOutside } from '../setup/open-outside.ts';
import { useLook } from '../setup/use-look.ts';
import { useWork } from '../setup/use-work.ts';
import { focusSafe } from './confirm-dialog.tsx';
import { NewGatewayToken, Places } from './end-partnership-parts.tsx';
import '../setup/common.css';

interface EndPartnershipDialogProps {
  peerId: PeerId;
  onClose: () => void;
}

/** What ends, what they ever held of ours, and then the result, point by point. */
export default function EndPartnershipDialog({ peerId, onClose }: EndPartnershipDialogProps) {
  const client = useClient();
  const now = useNow(60_000);
  const peer = usePeer(peerId);
  const [name] = useState(peer?.name ?? 'this peer');
  const work = useWork();
  const [removePeer, setRemovePeer] = useState(false);
  const [left, setLeft] = useState<readonly string[] | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const { value, error } = useLook(() => ask(client, 'partnership.preview', { peerId }));
  // What surely is theirs goes, unless the person keeps it.
  const removed = chosen ?? provenOf(value?.devices ?? []);
  const end = async () => {
    const done = await work.run('end', () =>
      ask(client, 'partnership.end', { peerId, removePeer, removeDevices: [...removed] }),
    );
    if (done) setLeft(done.left);
  };
  const openMachines = async () => {
    const page = await ask(client, 'tailnet.open', { page: 'machines' });
    if (page.ok) openOutside(page.value.url);
  };
  return (
    <Dialog
      title={left ? `The partnership with ${name} is ended` : `End the partnership with ${name}?`}
      onOpenFocus={focusSafe}
      onClose={onClose}
    >
      <DialogBody className="trust">
        {error ? <ErrorNote error={error} /> : null}
        {!value && !error ? <Skeleton rows={4} label="Looking at what would end" /> : null}
        {value && !left ? (
          <>
            <TrustFacts
              icon={Unlink}
              facts={[
                {
                  term: 'Their access',
                  text: value.theirToken
                    ? `Their token is revoked. ${value.theirToken.lastUsedAt === null ? 'It was never used.' : `It was last used ${ago(value.theirToken.lastUsedAt, now)}.`}`
                    : 'They hold no token for your reception.',
                },
                {
                  term: 'Ours',
                  text:
                    value.ourTokens.length > 0
                      ? `Our tokens for ${value.ourTokens.join(', ')} are forgotten.`
                      : 'We hold no token of theirs.',
                },
                {
                  term: 'Open work',
                  text:
                    value.openDelegations === 0
                      ? 'None.'
                      : `${value.openDelegations} ${value.openDelegations === 1 ? 'piece' : 'pieces'} of theirs ${value.openDelegations === 1 ? 'is' : 'are'} ended.`,
                },
                {
                  term: 'Cannot be undone',
                  text: 'To work together again, you exchange a new invite.',
                },
              ]}
            />
            {value.held.length > 0 ? (
              <Callout tone="warning" title="Secrets of yours that they ever held">
                <ul className="flags">
                  {value.held.map((text) => (
                    <li key={text}>{text}</li>
                  ))}
                </ul>
              </Callout>
            ) : null}
            <Places devices={value.devices} removed={removed} onChange={setChosen} />
            <SwitchRow
              label="Remove the peer from the list too"
              help="Its threads go with it. There is a short time to undo that; the tokens do not come back."
              checked={removePeer}
              onChange={setRemovePeer}
            />
          </>
        ) : null}
        {left ? (
          left.length === 0 ? (
            <Callout tone="good" title="All of it was done" announce />
          ) : (
            <Callout tone="warning" title="Not all of it could be done" announce>
              <ul className="flags">
                {left.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </Callout>
          )
        ) : null}
        {left && value?.knowsGatewayToken ? <NewGatewayToken /> : null}
        {left ? <p className="hint-text">{tailnetText(value?.machine ?? null)}</p> : null}
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </DialogBody>
      <DialogFoot>
        {left ? (
          <>
            <Button look="quiet" onClick={() => void openMachines()}>
              Open the tailnet’s machines
            </Button>
            <Button look="primary" onClick={onClose}>
              Close
            </Button>
          </>
        ) : (
          <>
            <Button data-safe onClick={onClose}>
              Keep it
            </Button>
            <Button
              look="danger"
              busy={work.busy === 'end'}
              disabled={!value}
              onClick={() => void end()}
            >
              End the partnership
            </Button>
          </>
        )}
      </DialogFoot>
    </Dialog>
  );
}

const provenOf = (devices: readonly PeerDevice[]): ReadonlySet<string> =>
  new Set(devices.filter((one) => one.proven).map((one) => one.deviceId));

/** What is left to do in the tailnet, which is not ours to change. */
function tailnetText(machine: CallOutput<'partnership.preview'>['machine']): string {
  switch (machine?.relation) {
    case 'shared_in':
      return `Their machine ${machine.name} is shared with you: take it out of your machines. If you shared yours with them, end that there too.`;
    case 'mine':
      return `${machine.name} is a machine of yours: remove it from your tailnet if it shall not reach you any more.`;
    case 'member':
      return `${machine.name} belongs to another member of your tailnet. Its admin can remove it, or close the way to you in the access rules.`;
    case undefined:
      return 'If their machine was shared with you, or yours with them, end that in your tailnet too.';
  }
}
