import { useEffect } from 'react';
import type {
  GatewayKeeper,
  GatewayStatus,
  LinkView,
} from '../../../../electron/contract/index.ts';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useClient, useDetail, useMirror } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { PairingRequests } from '../parts/pairing-requests.tsx';
import { type PrimaryAction, StepFrame } from '../parts/step-frame.tsx';
import { useSetup } from '../use-setup.ts';
import { useWork } from '../use-work.ts';

/** Is there an OpenClaw gateway on this machine, and does it run? */
export function GatewayStep() {
  const client = useClient();
  const setup = useSetup();
  const work = useWork();
  const own = useMirror((mirror) => mirror.app?.ownGateway ?? null);
  const ids = own?.kind === 'found' ? own.peerIds : [];
  const used = ids.length > 0;
  const first = ids[0] ?? null;
  const link = useDetail(first)?.links.find(({ kind }) => kind === 'gateway') ?? null;
  useEffect(() => {
    // The link's state is told only of peers that this window has open.
    if (first) void client.navigation.watchPeer(first);
  }, [client, first]);
  const { value, error, looking, again } = setup.gateway;
  const usable = value?.running === true && value.settings !== null && value.place !== 'elsewhere';

  const connect = async () => {
    if (value?.credential === 'not_in_file') return client.navigation.show({ kind: 'own_gateway' });
    const made = await work.run('connect', () =>
      client.call('ownGateway.connect', { name: 'This machine', agentId: null, credential: null }),
    );
    if (made) again();
  };
  const readAgain = async () => {
    if (await work.run('read', () => client.call('ownGateway.readAgain', {}))) again();
  };
  const fromFile = value?.credential === 'token' || value?.credential === 'password';
  const watched = useMirror((mirror) => mirror.gateway.watch.kind !== 'off');
  const waits = link?.state.kind === 'needs_approval';
  const broken = isTrouble(link) && fromFile && !waits;
  const primary = (): PrimaryAction | null => {
    if (!usable) return null;
    if (broken)
      return {
        label: 'Read its token again',
        run: () => void readAgain(),
        busy: work.busy === 'read',
      };
    if (waits)
      return watched
        ? null
        : {
            label: 'Show what it asks for',
            run: () => void client.act('ownGateway.watchRequests', { watch: true }),
          };
    return used
      ? { label: 'Continue', run: setup.next }
      : { label: 'Use this gateway', run: () => void connect(), busy: work.busy === 'connect' };
  };

  return (
    <StepFrame
      title="Is your own gateway there?"
      why="Your OpenClaw gateway runs your agents. A peer’s questions reach them through Peerage, after you agreed; the gateway’s own token never leaves this machine."
      onCheck={again}
      checking={looking}
      failure={work.failure ?? error}
      skip={used ? (broken || waits ? 'Go on, it can wait' : null) : 'I have no gateway here'}
      primary={primary()}
    >
      {value ? <Seen status={value} link={link} /> : <Skeleton rows={3} label="Looking" />}
      {waits ? <PairingRequests /> : null}
    </StepFrame>
  );
}

function linkWords(link: LinkView | null): string {
  switch (link?.state.kind) {
    case undefined:
      return 'Peerage is not connected to it yet. With your click it reads the token from the configuration into the keychain, and changes nothing there.';
    case 'online':
    case 'degraded':
      return 'Peerage is connected to it.';
    case 'needs_approval':
      return 'Peerage uses it, and waits until you let it in, below.';
    default:
      return isTrouble(link)
        ? `Peerage uses it, and is not connected: ${link?.stateText}`
        : 'Peerage connects to it.';
  }
}

const isTrouble = (link: LinkView | null): boolean => link?.error != null;

/** `link`: how ours stands; null where there is none. */
function Seen({ status, link }: { status: GatewayStatus; link: LinkView | null }) {
  const client = useClient();
  const copy = (text: string) => void client.copy(text);
  if (status.place === 'elsewhere') {
    return (
      <Callout tone="info" title="Your configuration names a gateway on another machine">
        <p>
          Nothing can be changed here then. Run this setup on that machine, or leave this step out
          and connect to it as a peer.
        </p>
      </Callout>
    );
  }
  return (
    <>
      {status.error ? <ErrorNote error={status.error} announce /> : null}
      {!status.installed && !status.settings ? (
        <CopyField label="Installs OpenClaw" text="npm install -g openclaw" onCopy={copy} />
      ) : null}
      {status.settings && !status.running ? (
        <>
          <Callout tone="problem" title="OpenClaw is set up, and its gateway does not run" announce>
            <p>Start it, and this page goes on when you check again.</p>
          </Callout>
          {status.startCommand ? (
            <CopyField label="Starts it" text={status.startCommand} onCopy={copy} />
          ) : null}
        </>
      ) : null}
      {status.running ? (
        <Callout
          tone={status.ready && !isTrouble(link) ? 'good' : 'warning'}
          title={
            status.ready ? 'Your gateway runs, and is ready' : 'Your gateway is still starting'
          }
        >
          <p>{linkWords(link)}</p>
        </Callout>
      ) : null}
      {status.credential === 'none' ? (
        <Callout tone="problem" title="It asks nobody for a token">
          <p>Whoever reaches it can command your agents. The next step sets this right.</p>
        </Callout>
      ) : null}
      <Facts
        facts={[
          {
            term: 'OpenClaw',
            value: status.installed
              ? `${status.installed.version ?? 'unknown version'} at ${status.installed.path}`
              : 'no program was found',
          },
          { term: 'Configuration', value: status.configPath ?? 'none', code: true },
          { term: 'Kept running by', value: keeperWords(status.keeper) },
          { term: 'Token', value: credentialWords[status.credential] },
        ]}
      />
    </>
  );
}

const credentialWords: Readonly<Record<GatewayStatus['credential'], string>> = {
  token: 'there, in the configuration',
  password: 'a password, in the configuration',
  none: 'none is asked for',
  not_in_file: 'kept outside the configuration; you are asked for it',
};

function keeperWords(keeper: GatewayKeeper): string {
  switch (keeper.kind) {
    case 'service':
      return `a service (${keeper.label})`;
    case 'foreground':
      return 'a terminal or another program';
    case 'not_running':
      return 'nothing: it does not run';
    case 'unknown':
      return 'unknown';
  }
}
