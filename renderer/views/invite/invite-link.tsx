import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { useClient } from '../../store/hooks.ts';
import { useReception } from '../setup/live.ts';
import { QrCode } from '../setup/parts/qr-code.tsx';
import './invite.css';

/** An invite to give away, as a link and as a code. Its text is given once and kept nowhere. */
export function InviteLink({ text }: { text: string }) {
  const client = useClient();
  const reception = useReception();
  const link = text.startsWith('peerage:') ? text : `peerage://invite/${text}`;
  return (
    <>
      {reception?.listen === 'loopback' ? <OnlyHere /> : null}
      <div className="join-link">
        <QrCode text={link} label="The invite as a QR code" />
        <div className="join-link__words">
          <CopyField label="Invite" text={link} onCopy={(copied) => void client.copy(copied)} />
          <p className="hint-text">
            Send it by a way that you trust. It holds an address and a code for one use, and no
            token.
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
    </>
  );
}

/** The invite names an address that leads every other machine to itself. */
function OnlyHere() {
  const client = useClient();
  return (
    <Callout
      tone="warning"
      title="This invite works on this machine only"
      actions={
        <Button
          size="small"
          onClick={() => client.navigation.showPage({ kind: 'setup', step: 'bind' })}
        >
          Change where peers knock
        </Button>
      }
    >
      <p>
        Peers knock on this machine alone, and it names that address. For another machine let them
        knock from your tailnet, and make a new one then; or a tunnel of yours leads here.
      </p>
    </Callout>
  );
}

const blockFor = (link: string): string =>
  [
    '# In a folder with the source of Peerage, with Node 20 or newer:',
    'npm start',
    '# Then choose “I was given an invite”, and paste:',
    link,
  ].join('\n');
