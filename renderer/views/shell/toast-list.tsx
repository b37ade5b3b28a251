import { X } from 'lucide-react';
import { DismissableLayer } from 'radix-ui/internal';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import type { Toast } from '../../store/toasts.ts';
import { errorText, RemedyButtons } from '../error-note.tsx';
import { useToastKeys } from './use-toast-keys.ts';

/**
 * Short words at the bottom of the window, or at its top while a dialog has its buttons below: what was
 * done, with its undo, or what failed. They belong to an open dialog as well, so that a click on one
 * does what it says and does not close the dialog.
 */
export function ToastList() {
  const client = useClient();
  const { toasts } = useStore(client.toasts.store);
  const place = useRef<HTMLElement>(null);
  useToastKeys(place, toasts, client.toasts);
  return (
    <DismissableLayer.Branch asChild>
      <section
        ref={place}
        className="toasts"
        aria-label="Messages of the app (F6)"
        aria-live="polite"
      >
        {toasts.map((toast) => (
          <ToastRow key={toast.id} toast={toast} />
        ))}
      </section>
    </DismissableLayer.Branch>
  );
}

function ToastRow({ toast }: { toast: Toast }) {
  const client = useClient();
  const { error, action } = toast;
  const dismiss = () => client.toasts.dismiss(toast.id);
  const act = () => {
    dismiss();
    action?.run();
  };
  return (
    <div className="toast" data-toast={toast.id}>
      <div className="toast__words">
        <p className="toast__text">{toast.text}</p>
        {error ? <p className="toast__detail">{error.detail}</p> : null}
        {error?.remedy ? <p className="toast__detail">{error.remedy.text}</p> : null}
      </div>
      {action ? (
        <Button size="small" onClick={act}>
          {action.label}
        </Button>
      ) : null}
      {error ? (
        <Button size="small" onClick={() => void client.copy(errorText(error))}>
          Copy
        </Button>
      ) : null}
      <RemedyButtons remedy={error?.remedy} />
      <IconButton icon={X} size="small" label="Dismiss" onClick={dismiss} />
    </div>
  );
}
