import { Copy } from 'lucide-react';
import type { AppError, Remedy } from '../../electron/contract/index.ts';
import { errorRegistry } from '../../electron/contract/index.ts';
import { Button } from '../components/button.tsx';
import { Callout, type Tone } from '../components/callout.tsx';
import { useClient, useUi } from '../store/hooks.ts';

/** The buttons of a remedy. */
export function RemedyButtons({ remedy }: { remedy: Remedy | null | undefined }) {
  const client = useClient();
  const inSetup = useUi((ui) => ui.page?.kind === 'setup');
  // Inside the setup, a way into the setup leads nowhere.
  const actions = (remedy?.actions ?? []).filter(
    (action) => !(inSetup && action.kind === 'go' && action.to.startsWith('setup')),
  );
  return actions.map((action) => (
    <Button key={action.label} size="small" onClick={() => void client.remedy(action)}>
      {action.label}
    </Button>
  ));
}

interface ErrorNoteProps {
  error: AppError;
  announce?: boolean;
  children?: React.ReactNode;
}

/** A failure, whole: what happened, why, what to do, its code, and a way to take it elsewhere. */
export function ErrorNote({ error, announce = false, children }: ErrorNoteProps) {
  const client = useClient();
  const copy = () => void client.copy(errorText(error));
  return (
    <Callout
      tone={toneOf(error.code)}
      title={error.title}
      announce={announce}
      actions={
        <>
          {children}
          <RemedyButtons remedy={error.remedy} />
          <Button size="small" look="quiet" icon={Copy} onClick={copy}>
            Copy
          </Button>
          <code className="error-code">{error.code}</code>
        </>
      }
    >
      <p>{error.detail}</p>
      {error.remedy ? <p>{error.remedy.text}</p> : null}
    </Callout>
  );
}

/** How a failure of this kind is shown. */
export function toneOf(code: string): Tone {
  const entries: Readonly<Record<string, { readonly severity: 'info' | 'warning' | 'problem' }>> =
    errorRegistry;
  return entries[code]?.severity ?? 'problem';
}

/** A failure as plain text, for a bug report. */
export const errorText = (error: AppError): string =>
  [
    `${error.title} (${error.code})`,
    error.detail,
    error.remedy?.text ?? '',
    `Seen ${new Date().toISOString()}`,
  ]
    .filter((part) => part !== '')
    .join('\n');
