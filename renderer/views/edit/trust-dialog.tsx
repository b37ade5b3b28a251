import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import {
  type AppError,
  type LinkId,
  type PeerId,
  printOfPin,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useClient, useDetail } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { ErrorNote } from '../error-note.tsx';
import { focusSafe } from './confirm-dialog.tsx';

interface TrustDialogProps {
  peerId: PeerId;
  linkId: LinkId;
  onClose: () => void;
}

/** Another identity answers: old and new beside each other, and the safe button focused. */
export function TrustDialog({ peerId, linkId, onClose }: TrustDialogProps) {
  const client = useClient();
  const detail = useDetail(peerId);
  const link = detail?.links.find((one) => one.id === linkId);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  if (!detail || link?.state.kind !== 'identity_changed') return null;
  const { what, expected, seen } = link.state;
  const trust = async () => {
    setBusy(true);
    const result = await client.call('link.trustIdentity', { linkId, seen });
    setBusy(false);
    if (result.ok) onClose();
    else setFailure(result.error);
  };
  const thing = what === 'tls_fingerprint' ? 'TLS certificate' : 'identity';
  return (
    <Dialog
      title={`The ${thing} of ${detail.name} changed`}
      about="Nothing is sent to it until you decide."
      onOpenFocus={focusSafe}
      onClose={onClose}
    >
      <DialogBody className="trust">
        <TrustFacts
          icon={ShieldAlert}
          facts={[
            { term: 'Who', text: `${detail.name}, at ${link.url}` },
            {
              term: 'Proven how',
              text: 'Not at all: the fingerprint differs from the one that was trusted.',
            },
            { term: 'What they get', text: 'Your token, and all that you write to this peer.' },
            {
              term: 'What could go wrong',
              text: 'Someone in between may pose as this peer. It is harmless if they installed anew, or renewed their certificate.',
            },
          ]}
        />
        <dl className="prints">
          <dt>Trusted so far</dt>
          <dd className="selectable">{grouped(printOfPin(expected))}</dd>
          <dt>Seen now</dt>
          <dd className="selectable prints__new">{grouped(printOfPin(seen))}</dd>
        </dl>
        <p className="trust__ask">
          Call or meet the person over there, and compare the second one before you trust it.
        </p>
        {failure ? <ErrorNote error={failure} announce /> : null}
      </DialogBody>
      <DialogFoot>
        <Button look="quiet" busy={busy} onClick={() => void trust()}>
          It matches, trust it
        </Button>
        <Button look="primary" data-safe onClick={onClose}>
          Keep it blocked
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
