import { KeyRound } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { AppError, LinkId, PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useClient, useDetail } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { ErrorNote } from '../error-note.tsx';
import { focusSafe } from './confirm-dialog.tsx';

interface CompareDeviceDialogProps {
  peerId: PeerId;
  linkId: LinkId;
  onClose: () => void;
}

interface Keys {
  readonly fingerprint: string;
  readonly ours: string | null;
}

/** Two people compare the device keys of their apps, for a link that came without the six words. */
export default function CompareDeviceDialog({ peerId, linkId, onClose }: CompareDeviceDialogProps) {
  const client = useClient();
  const detail = useDetail(peerId);
  const link = detail?.links.find((one) => one.id === linkId);
  const [keys, setKeys] = useState<Keys | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(true);
  const ask = useCallback(async () => {
    setBusy(true);
    setFailure(null);
    const result = await client.call('link.deviceKey', { linkId });
    setBusy(false);
    if (result.ok) setKeys(result.value);
    else setFailure(result.error);
  }, [client, linkId]);
  useEffect(() => void ask(), [ask]);
  if (!detail || !link) return null;
  const pin = async (fingerprint: string) => {
    setBusy(true);
    const result = await client.call('link.pinDevice', { linkId, fingerprint });
    setBusy(false);
    if (result.ok) return onClose();
    setKeys(null);
    setFailure(result.error);
  };
  return (
    <Dialog
      title={`Compare keys with ${detail.name}`}
      about="Call each other, or sit together: what comes over this address cannot vouch for itself. Each finds the own key under Settings, About."
      onOpenFocus={focusSafe}
      onClose={onClose}
    >
      <DialogBody className="trust">
        <TrustFacts
          icon={KeyRound}
          facts={[
            { term: 'Who', text: `${detail.name}, at ${link.url}` },
            {
              term: 'What it does',
              text: 'From then on that key has to be proven before anything is sent there.',
            },
            {
              term: 'What could go wrong',
              text: 'A key that you did not compare may be somebody else’s, in between.',
            },
          ]}
        />
        {keys ? (
          <dl className="prints">
            <dt>Their key, proven just now</dt>
            <dd className="selectable prints__new">{grouped(keys.fingerprint)}</dd>
            <dt>Your key</dt>
            <dd className="selectable">
              {keys.ours === null
                ? 'It cannot be read now: the keychain is locked.'
                : grouped(keys.ours)}
            </dd>
          </dl>
        ) : failure ? (
          <ErrorNote error={failure} announce />
        ) : (
          <p className="hint-text" role="status">
            Asking it to prove its key.
          </p>
        )}
      </DialogBody>
      <DialogFoot>
        {keys ? (
          <Button look="quiet" busy={busy} onClick={() => void pin(keys.fingerprint)}>
            Both are the same
          </Button>
        ) : (
          <Button look="quiet" busy={busy} onClick={() => void ask()}>
            Ask again
          </Button>
        )}
        <Button look="primary" data-safe onClick={onClose}>
          Not now
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
