import { CopyField } from '../../components/copy-field.tsx';
import { useClient } from '../../store/hooks.ts';
import { QrCode } from '../setup/parts/qr-code.tsx';
import './invite.css';

/** An invite to give away, as a link and as a code. Its text is given once and kept nowhere. */
export function InviteLink({ text }: { text: string }) {
  const client = useClient();
  const link = text.startsWith('peerage:') ? text : `peerage://invite/${text}`;
  return (
    <div className="join-link">
      <QrCode text={link} label="The invite as a QR code" />
      <div className="join-link__words">
        <CopyField label="Invite" text={link} onCopy={(copied) => void client.copy(copied)} />
        <p className="hint-text">
          Send it by a way that you trust. It holds an address and a code for one use, and no token.
        </p>
        <details className="more">
          <summary>Is Peerage missing over there?</summary>
          <CopyField
            label="One block to paste there"
            text={blockFor(link)}
            onCopy={(copied) => void client.copy(copied)}
          />
        </details>
      </div>
    </div>
  );
}

const blockFor = (link: string): string =>
  [
    '# In a folder with the source of Peerage, with Node 20 or newer:',
    'npm start',
    '# Then choose “I was given an invite”, and paste:',
    link,
  ].join('\n');
