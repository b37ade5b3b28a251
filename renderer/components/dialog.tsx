import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { useFocusReturn } from './focus-return.ts';
import { layers } from './layers.ts';
import './dialog.css';

interface DialogProps {
  title: string;
  /** One sentence under the title; also what a screen reader says first. */
  about?: ReactNode;
  width?: 'narrow' | 'normal' | 'wide';
  /** At the top of the window, as for a search. */
  high?: boolean;
  /** Runs when the dialog opens, to put the focus elsewhere than on its first field. */
  onOpenFocus?: (event: Event) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the window. Esc and a click beside it close it; the focus stays in it. */
export function Dialog({
  title,
  about,
  width = 'normal',
  high = false,
  onOpenFocus,
  onClose,
  children,
}: DialogProps) {
  const { opening, closed } = useFocusReturn();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal container={layers()}>
        <Radix.Overlay className="dialog-shade" />
        <Radix.Content
          className={`dialog dialog--${width} ${high ? 'dialog--high' : ''}`}
          {...(about ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            opening();
            (onOpenFocus ?? focusContent)(event);
          }}
          onCloseAutoFocus={closed}
        >
          <header className="dialog__head">
            <div className="dialog__words">
              <Radix.Title className="dialog__title">{title}</Radix.Title>
              {about ? (
                <Radix.Description className="dialog__about">{about}</Radix.Description>
              ) : null}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label="Close" size="small" className="dialog__close" />
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The first field has the focus; where there is none, the dialog itself, and never its cross. */
function focusContent(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const dialog = event.currentTarget;
  const field = dialog.querySelector<HTMLElement>('input:not([type="file"]), textarea, select');
  (field ?? dialog).focus();
}

/** The part between head and foot. Scrolls when it must. */
export function DialogBody({
  children,
  className = '',
  onlyText = false,
}: {
  children: ReactNode;
  className?: string;
  /** Nothing in it takes the focus, so it does itself: the arrows then scroll it. */
  onlyText?: boolean;
}) {
  return (
    <div className={`dialog__body ${className}`} {...(onlyText ? { tabIndex: 0 } : {})}>
      {children}
    </div>
  );
}

/** The buttons at the end: the safe one left, what goes on right. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <footer className="dialog__foot">{children}</footer>;
}
