import type { GatewayKeeper, GatewayStatus } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';

/** Whether it runs, by whom, with which settings. */
export function StatusSection({ status }: { status: GatewayStatus }) {
  const client = useClient();
  const own = useMirror((mirror) => mirror.app?.ownGateway);
  const unused = own?.kind === 'found' && own.peerIds.length === 0;
  return (
    <section className="gateway__part" aria-labelledby="status-title">
      <div className="gateway__head">
        <h3 id="status-title" className="gateway__state">
          <StatusMark shape={status.ready ? 'up' : status.running ? 'partial' : 'down'} />
          {status.ready ? 'Running' : status.running ? 'Starting' : 'Not running'}
        </h3>
        {unused ? (
          <Button
            size="small"
            look="primary"
            onClick={() => client.navigation.show({ kind: 'own_gateway' })}
          >
            Use it as a peer
          </Button>
        ) : null}
      </div>
      {status.error ? <ErrorNote error={status.error} /> : null}
      {status.place === 'elsewhere' ? (
        <Callout tone="info" title="The configured gateway is on another machine">
          <p>Its settings and devices are changed where it runs.</p>
        </Callout>
      ) : null}
      {!status.running && status.settings && status.startCommand ? (
        <CopyField
          label="Command to start it"
          text={status.startCommand}
          onCopy={(text) => void client.copy(text)}
        />
      ) : null}
      <dl className="gateway__facts">
        <Fact term="OpenClaw" text={versionOf(status)} />
        <Fact term="Kept running by" text={keeperText(status.keeper)} />
        <Fact term="Configuration" text={status.configPath ?? 'None found'} code />
        {status.settings ? (
          <>
            <Fact term="Port" text={String(status.settings.port)} />
            <Fact term="Asks for" text={authText[status.settings.auth]} />
            <Fact
              term="Devices on this machine"
              text={
                status.settings.autoApproveLocal
                  ? 'Come in unasked, where they know the token'
                  : 'Wait for an approval like all others'
              }
            />
          </>
        ) : null}
      </dl>
    </section>
  );
}

function Fact({ term, text, code = false }: { term: string; text: string; code?: boolean }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{code ? <code>{text}</code> : text}</dd>
    </div>
  );
}

function versionOf({ installed }: GatewayStatus): string {
  if (!installed) return 'The openclaw command was not found';
  return installed.version ?? 'Installed; its version is not known';
}

function keeperText(keeper: GatewayKeeper): string {
  switch (keeper.kind) {
    case 'service':
      return keeper.manager === 'other' ? 'A service' : `A service (${keeper.label})`;
    case 'foreground':
      return 'A person or another program, by hand';
    case 'not_running':
      return 'Nobody: it does not run';
    case 'unknown':
      return 'Could not be told';
  }
}

const authText = {
  none: 'Nothing: whoever reaches it is let in',
  token: 'A token',
  password: 'A password',
  'trusted-proxy': 'What a proxy in front of it says',
  unknown: 'Something that Peerage does not know',
} as const;
