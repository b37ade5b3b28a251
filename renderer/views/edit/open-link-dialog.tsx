import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { useClient } from '../../store/hooks.ts';
import { focusSafe } from './confirm-dialog.tsx';

/** Shows where a link really goes before it is opened. */
export function OpenLinkDialog({ url, onClose }: { url: string; onClose: () => void }) {
  const client = useClient();
  const host = hostOf(url);
  const open = () => {
    window.open(url, '_blank', 'noopener,noreferrer');
    onClose();
  };
  return (
    <Dialog
      title={host ? `Open ${host}?` : 'Open this link?'}
      about="A peer wrote this link. It opens outside Peerage."
      width="narrow"
      onOpenFocus={focusSafe}
      onClose={onClose}
    >
      <DialogBody>
        <p className="link-target selectable">{url}</p>
      </DialogBody>
      <DialogFoot>
        <Button look="quiet" onClick={() => void client.copy(url)}>
          Copy
        </Button>
        <Button data-safe onClick={onClose}>
          Do not open
        </Button>
        <Button look="primary" onClick={open}>
          Open
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

function hostOf(url: string): string {
  try {
    // As the browser will read it: an internationalised name in its plain form.
    return new URL(url).host;
  } catch {
    return '';
  }
}
