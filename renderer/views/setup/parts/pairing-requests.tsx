import { MonitorSmartphone } from 'lucide-react';
import type { PairingRequest, ScopeView } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { SwitchRow } from '../../../components/switch-row.tsx';
import { TrustFacts } from '../../../components/trust-facts.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useClient, useMirror } from '../../../store/hooks.ts';
import { grouped } from '../../../words/fingerprint.ts';
import { ago } from '../../../words/time.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { useGatewayLive } from '../live.ts';
import { useWork } from '../use-work.ts';

/** Devices that ask the own gateway to be let in, and whether they are watched for. */
export function PairingRequests() {
  const client = useClient();
  const live = useGatewayLive();
  const work = useWork();
  const watch = (on: boolean) =>
    void work.run('watch', () => ask(client, 'ownGateway.watchRequests', { watch: on }));
  return (
    <section className="step__part" aria-labelledby="requests-title">
      <h3 id="requests-title">Who asks to be let in here</h3>
      <SwitchRow
        label="Tell me when a device asks"
        help="Peerage keeps a connection to your own gateway that may see requests. You approve each yourself."
        checked={live.watch.kind !== 'off'}
        onChange={watch}
      />
      {live.watch.kind === 'cannot' ? <ErrorNote error={live.watch.error} /> : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      {live.watch.kind === 'on' && live.pending.length === 0 ? (
        <Callout tone="info" title="Nobody asks at the moment" />
      ) : null}
      {live.pending.map((request) => (
        <RequestCard key={request.requestId} request={request} />
      ))}
      {live.pendingCount > live.pending.length ? (
        <p className="hint-text">{live.pendingCount - live.pending.length} more ask.</p>
      ) : null}
    </section>
  );
}

function RequestCard({ request }: { request: PairingRequest }) {
  const client = useClient();
  const now = useNow(30_000);
  const work = useWork();
  const { requestId } = request;
  const compared = useMirror((mirror) =>
    [...mirror.invites.values()].some(
      (invite) => invite.state === 'done' && invite.other?.fingerprint === request.fingerprint,
    ),
  );
  const approve = () =>
    void work.run('approve', () =>
      ask(client, 'ownGateway.approve', {
        requestId,
        scopes: request.scopes.map((one) => one.scope),
      }),
    );
  const reject = () =>
    void work.run('reject', () => ask(client, 'ownGateway.reject', { requestId }));
  return (
    <article className="ask" aria-label={`Request of ${request.name}`}>
      <TrustFacts
        icon={MonitorSmartphone}
        facts={[
          {
            term: 'Who',
            text: `It calls itself “${request.name}” (${request.platform}), ${ago(request.askedAt, now)}.`,
          },
          { term: 'Proven how', text: compared ? COMPARED : proof(request) },
          { term: 'What they get', text: scopeText(request.scopes) },
          {
            term: 'What could go wrong',
            text: request.scopes.some((one) => one.weight === 'manage')
              ? 'It could let in others, and change your gateway. Few devices need that.'
              : 'What it writes to your agents may run commands on this machine.',
          },
        ]}
      />
      <p className="hint-text selectable">Key: {grouped(request.fingerprint)}</p>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="compare__buttons">
        <Button look="primary" busy={work.busy === 'reject'} onClick={reject}>
          Refuse
        </Button>
        <Button busy={work.busy === 'approve'} onClick={approve}>
          Let it in
        </Button>
      </div>
    </article>
  );
}

const COMPARED = 'By its key: it is the device whose six words you compared just now.';

function proof({ address, owner }: PairingRequest): string {
  if (owner)
    return `Tailscale says that it is ${owner.machine}${owner.login ? `, of ${owner.login}` : ''} (${address ?? 'no address'}).`;
  return `By nothing but its key, below. It came from ${address ?? 'an unknown address'}.`;
}

const scopeText = (scopes: readonly ScopeView[]): string =>
  scopes.length === 0 ? 'Nothing.' : `${scopes.map((one) => one.words).join('; ')}.`;
