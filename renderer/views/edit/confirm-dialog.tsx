import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';

interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  /** The safe way out: it has the focus. */
  keep: string;
  /** What is done. */
  verb: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is taken away. */
export function ConfirmDialog({
  title,
  children,
  keep,
  verb,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Dialog title={title} width="narrow" onOpenFocus={focusSafe} onClose={onClose}>
      <DialogBody className="confirm__body">{children}</DialogBody>
      <DialogFoot>
        <Button data-safe onClick={onClose}>
          {keep}
        </Button>
        <Button
          look="danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {verb}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

/** Puts the focus on the safe button of a dialog that opens. */
export function focusSafe(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLElement>('[data-safe]')?.focus();
}
