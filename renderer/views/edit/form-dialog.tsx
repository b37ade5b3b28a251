import { type FormEvent, type ReactNode, useState } from 'react';
import type { AppError } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { ErrorNote } from '../error-note.tsx';
import './edit.css';

interface FormDialogProps {
  title: string;
  about?: ReactNode;
  /** The word on the button that does it. */
  verb: string;
  width?: 'narrow' | 'normal';
  /** Does it. Null when it is done, or what kept it from being done. */
  onSubmit: () => Promise<AppError | null | 'field'>;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog with a few fields and one thing to do. Stays open, with the reason, where that failed. */
export function FormDialog(props: FormDialogProps) {
  const { title, about, verb, width = 'narrow', onSubmit, onClose, children } = props;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    const outcome = await onSubmit();
    setBusy(false);
    if (outcome === null) onClose();
    else if (outcome !== 'field') setFailure(outcome);
  };
  return (
    <Dialog title={title} about={about} width={width} onClose={onClose}>
      <form className="connect" onSubmit={(event) => void submit(event)} noValidate>
        <DialogBody className="form__body">
          {children}
          {failure ? <ErrorNote error={failure} announce /> : null}
        </DialogBody>
        <DialogFoot>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" busy={busy}>
            {verb}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
