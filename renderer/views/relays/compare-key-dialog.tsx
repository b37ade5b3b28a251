import { KeyRound } from 'lucide-react';
import type { RelayId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';
import './relays.css';

interface CompareKeyDialogProps {
  relayId: RelayId;
  agentId: string;
  onClose: () => void;
}

/** Two people compare the keys of their apps, by another way than the relay. */
export default function CompareKeyDialog({ relayId, agentId, onClose }: CompareKeyDialogProps) {
  const client = useClient();
  const { relays, fingerprint: ours } = useMirror((mirror) => mirror.relays);
  const agent = relays
    .find((relay) => relay.id === relayId)
    ?.agents.find((one) => one.id === agentId);
  const work = useWork();
  if (!agent?.linkId) return null;
  const { linkId, fingerprint, pinned, name } = agent;
  const differs = pinned !== null && fingerprint !== null && pinned !== fingerprint;
  const pin = async (value: string | null) => {
    const done = await work.run('pin', () =>
      client.call('relay.pin', { linkId, fingerprint: value }),
    );
    if (done) onClose();
  };
  return (
    <Dialog
      title={`Compare keys with ${name}`}
      about="Call each other, or sit together: what the relay carries, it can change."
      onClose={onClose}
    >
      <DialogBody className="relay__fields">
        {differs ? (
          <Callout tone="problem" title="It announces another key than the one you compared">
            They may have set up Peerage anew. Or somebody pretends to be them.
          </Callout>
        ) : null}
        <TrustFacts
          icon={KeyRound}
          facts={[
            { term: 'Who', text: `${name}, as the relay calls them` },
            { term: 'What they get', text: 'What they sign counts as surely theirs.' },
            {
              term: 'What could go wrong',
              text: 'A key that you did not compare may be the relay’s own.',
            },
          ]}
        />
        <div>
          <p className="field__label">Their key</p>
          <code className="relay__print selectable">
            {fingerprint === null ? 'None is announced now.' : grouped(fingerprint)}
          </code>
          <p className="hint-text">
            They see it in the same dialog on their side, under “Your key”.
          </p>
        </div>
        <div>
          <p className="field__label">Your key</p>
          <code className="relay__print selectable">
            {ours === null ? 'It cannot be read now: the keychain is locked.' : grouped(ours)}
          </code>
          <p className="hint-text">They see it there under “Their key”.</p>
        </div>
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </DialogBody>
      <DialogFoot>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        {pinned === null ? null : (
          <Button busy={work.busy !== null} onClick={() => void pin(null)}>
            Trust it no longer
          </Button>
        )}
        {fingerprint !== null && fingerprint !== pinned ? (
          <Button look="primary" busy={work.busy !== null} onClick={() => void pin(fingerprint)}>
            Both are the same
          </Button>
        ) : null}
      </DialogFoot>
    </Dialog>
  );
}
