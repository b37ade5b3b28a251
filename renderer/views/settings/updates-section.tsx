import { assertNever, type Settings, type UpdateView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { ChoiceRow } from './choice-row.tsx';
import { useChangeSettings } from './use-change-settings.ts';

const help: Readonly<Record<Settings['updates'], string>> = {
  automatic: 'New versions are downloaded, and put in place when you quit or restart.',
  ask: 'You are shown new versions, and nothing is downloaded before you say so.',
  off: 'Nobody is asked for new versions, until you press the button.',
};

/** Whether new versions of the app are looked for, and how far one is. */
export function UpdatesSection() {
  const settings = useMirror((mirror) => mirror.settings);
  const update = useMirror((mirror) => mirror.app?.update);
  const change = useChangeSettings();
  if (!update || update.kind === 'none') {
    return (
      <Callout tone="info" title="This copy does not update itself">
        It is shown in a browser, was started from its sources, or came from a package manager.
        Update it where it came from.
      </Callout>
    );
  }
  return (
    <>
      <ChoiceRow
        label="New versions"
        help={help[settings.updates]}
        value={settings.updates}
        options={[
          { value: 'automatic', text: 'Automatic' },
          { value: 'ask', text: 'Ask' },
          { value: 'off', text: 'Off' },
        ]}
        onChange={(updates) => change({ updates })}
      />
      <div role="status">
        <UpdateState update={update} />
      </div>
    </>
  );
}

function UpdateState({ update }: { update: Exclude<UpdateView, { kind: 'none' }> }) {
  const client = useClient();
  const act = (name: 'check' | 'download' | 'install' | 'later') =>
    void client.act(`update.${name}`, {});
  const check = (
    <Button size="small" onClick={() => act('check')}>
      Check now
    </Button>
  );
  switch (update.kind) {
    case 'idle':
      return (
        <Callout
          tone={update.checkedAt === null ? 'info' : 'good'}
          title={update.checkedAt === null ? 'Not checked yet' : 'This is the newest version'}
          actions={check}
        >
          {update.checkedAt === null
            ? 'Peerage looks a few minutes after its start.'
            : `Checked ${new Date(update.checkedAt).toLocaleString()}.`}
        </Callout>
      );
    case 'checking':
      return <Callout tone="info" title="Looking for a new version" />;
    case 'available':
      return (
        <Callout
          tone="info"
          title={`Version ${update.version} is there`}
          actions={
            <Button size="small" look="primary" onClick={() => act('download')}>
              Download
            </Button>
          }
        />
      );
    case 'downloading':
      return (
        <Callout tone="info" title={`Downloading version ${update.version}`}>
          <progress
            className="update__progress"
            max={100}
            value={update.percent}
            aria-label="Downloaded"
          />
          <span className="numbers">{update.percent} %</span>
        </Callout>
      );
    case 'ready':
      return (
        <Callout
          tone="good"
          title={`Version ${update.version} is ready`}
          actions={
            <Button size="small" look="primary" onClick={() => act('install')}>
              Restart now
            </Button>
          }
        >
          {update.password
            ? 'Installing it asks for your password. Nothing is lost: what is queued goes on afterwards.'
            : 'Nothing is lost: what is queued goes on afterwards.'}
        </Callout>
      );
    case 'waiting':
      return (
        <Callout
          tone="info"
          title={`Restarting into version ${update.version} soon`}
          actions={
            <Button size="small" onClick={() => act('later')}>
              Not now
            </Button>
          }
        >
          Something is being sent, or an agent works on it. Peerage restarts when that is done.
        </Callout>
      );
    case 'installing':
      return <Callout tone="info" title={`Installing version ${update.version}`} />;
    case 'failed':
      return (
        <>
          <ErrorNote error={update.error} />
          {check}
        </>
      );
    default:
      return assertNever(update);
  }
}
