import type { TailnetJoin } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useClient } from '../../../store/hooks.ts';
import { inTime } from '../../../words/time.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { openOutside } from '../open-outside.ts';
import type { Work } from '../use-work.ts';
import '../../invite/invite.css';
import { QrCode } from './qr-code.tsx';
import { Said } from './said.tsx';

interface JoinProgressProps {
  join: TailnetJoin;
  work: Work;
  again: () => void;
}

/** How far joining is. Each waiting can be ended. */
export function JoinProgress({ join, work, again }: JoinProgressProps) {
  const client = useClient();
  const cancel = () =>
    void work.run('cancel', () => ask(client, 'tailnet.cancelJoin', {})).then(again);
  const { phase } = join;
  switch (phase.kind) {
    case 'asking':
      return (
        <Waiting title="Asking Tailscale" until={join.until} onCancel={cancel}>
          <p>It answers within a few seconds.</p>
        </Waiting>
      );
    case 'link':
      return (
        <>
          <Waiting title="Waiting for your login" until={join.until} onCancel={cancel}>
            <p>
              Log in with the account that your tailnet belongs to. This page goes on by itself.
            </p>
          </Waiting>
          <div className="join-link">
            {phase.qr ? (
              <img className="qr" src={phase.qr} alt="The login link as a QR code" />
            ) : (
              <QrCode text={phase.url} label="The login link as a QR code" />
            )}
            <div className="join-link__words">
              <CopyField
                label="Login link"
                text={phase.url}
                onCopy={(text) => void client.copy(text)}
              />
              <Button look="primary" onClick={() => openOutside(phase.url)}>
                Open in the browser
              </Button>
              <p className="hint-text">
                Whoever opens this link decides whose tailnet this machine joins. Do not pass it on.
              </p>
            </div>
          </div>
        </>
      );
    case 'confirm_flags':
      return <ConfirmFlags flags={phase.flags} command={phase.command} work={work} again={again} />;
    case 'approval':
      return (
        <Waiting title="An admin must approve this machine" until={join.until} onCancel={cancel}>
          <p>Your login went well. The tailnet lets new machines in only after an admin agreed.</p>
          {phase.adminUrl ? (
            <Button size="small" onClick={() => openOutside(phase.adminUrl ?? '')}>
              Open the admin page
            </Button>
          ) : null}
        </Waiting>
      );
    case 'failed':
      return (
        <>
          <ErrorNote error={phase.error} announce>
            <Button size="small" look="primary" busy={work.busy === 'cancel'} onClick={cancel}>
              Start over
            </Button>
          </ErrorNote>
          <Said output={phase.output} />
        </>
      );
  }
}

interface WaitingProps {
  title: string;
  until: number;
  onCancel: () => void;
  children: React.ReactNode;
}

function Waiting({ title, until, onCancel, children }: WaitingProps) {
  const now = useNow(1_000);
  return (
    <Callout
      tone="info"
      title={title}
      actions={
        <Button size="small" onClick={onCancel}>
          Stop waiting
        </Button>
      }
    >
      {children}
      <p className="numbers">Peerage gives up {inTime(until, now)}.</p>
    </Callout>
  );
}

interface ConfirmFlagsProps {
  flags: readonly string[];
  command: string;
  work: Work;
  again: () => void;
}

/** This machine was set up before: what stands there is shown, and kept as it is. */
function ConfirmFlags({ flags, command, work, again }: ConfirmFlagsProps) {
  const client = useClient();
  const agree = () =>
    void work
      .run('confirm', () => ask(client, 'tailnet.confirmJoin', { flags: [...flags] }))
      .then(again);
  return (
    <>
      <Callout
        tone="warning"
        title="Tailscale was set up on this machine before"
        announce
        actions={
          <>
            <Button
              size="small"
              onClick={() => void ask(client, 'tailnet.cancelJoin', {}).then(again)}
            >
              Stop here
            </Button>
            <Button size="small" look="primary" busy={work.busy === 'confirm'} onClick={agree}>
              Keep these and go on
            </Button>
          </>
        }
      >
        <p>It wants to hear its own settings again before it goes on. They stay as they are.</p>
      </Callout>
      <ul className="flags">
        {flags.map((flag) => (
          <li key={flag}>
            <code>{flag}</code>
          </li>
        ))}
      </ul>
      <CopyField
        label="The whole command"
        text={command}
        onCopy={(text) => void client.copy(text)}
      />
    </>
  );
}
