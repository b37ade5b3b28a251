import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { GatewayBackup } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { isUnderWay } from '../setup/parts/gateway-task.tsx';
import { useLook } from '../setup/use-look.ts';
import { useTaskEnd } from '../setup/use-task-end.ts';
import { useWork } from '../setup/use-work.ts';

/** A new token for the gateway, and the copies of its file from before each change. */
export function TokenSection() {
  const client = useClient();
  const task = useMirror((mirror) => mirror.gateway.task);
  const work = useWork();
  const [asking, setAsking] = useState<'token' | GatewayBackup | null>(null);
  const { value, again } = useLook(() => client.call('ownGateway.backups', {}));
  useTaskEnd(task, again);
  const busy = isUnderWay(task);
  const start = async () => {
    const begun = await work.run('start', () =>
      asking === 'token' || asking === null
        ? client.call('ownGateway.rotateToken', {})
        : client.call('ownGateway.restoreBackup', { backupId: asking.backupId }),
    );
    if (begun) setAsking(null);
  };
  return (
    <section className="gateway__part" aria-labelledby="token-title">
      <div className="gateway__head">
        <h3 id="token-title">Token and configuration</h3>
        {asking === null ? (
          <Button size="small" disabled={busy} onClick={() => setAsking('token')}>
            New token
          </Button>
        ) : null}
      </div>
      {asking === null ? (
        <p className="hint-text">
          Whoever knows the gateway’s token can ask to be let in, and from this machine can do
          everything. Give it a new one after you gave it away.
        </p>
      ) : (
        <Confirm
          asking={asking}
          busy={work.busy !== null}
          onGo={() => void start()}
          onCancel={() => setAsking(null)}
        />
      )}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      {task?.what === 'rotate_token' && task.links.length > 0 ? (
        <ul className="gateway__links" aria-label="Your links with the new token">
          {task.links.map((link) => (
            <li key={link.linkId}>
              {link.name}: {link.text}
            </li>
          ))}
        </ul>
      ) : null}
      <Backups
        backups={value?.backups ?? []}
        disabled={busy || asking !== null}
        onPick={setAsking}
      />
    </section>
  );
}

function Backups({
  backups,
  disabled,
  onPick,
}: {
  backups: readonly GatewayBackup[];
  disabled: boolean;
  onPick: (backup: GatewayBackup) => void;
}) {
  const now = useNow(60_000);
  if (backups.length === 0) return null;
  return (
    <details className="gateway__more">
      <summary>Copies of the configuration ({backups.length})</summary>
      <ul className="backups" aria-label="Copies of the configuration">
        {backups.map((backup) => (
          <li key={backup.backupId}>
            <span title={exactTime(backup.at)}>From before a change {ago(backup.at, now)}</span>
            <Button size="small" look="quiet" disabled={disabled} onClick={() => onPick(backup)}>
              Put it back
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Confirm({
  asking,
  busy,
  onGo,
  onCancel,
}: {
  asking: 'token' | GatewayBackup;
  busy: boolean;
  onGo: () => void;
  onCancel: () => void;
}) {
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  const isToken = asking === 'token';
  return (
    <div className="device__form">
      <TrustFacts
        icon={KeyRound}
        facts={
          isToken
            ? [
                {
                  term: 'What happens',
                  text: 'The gateway gets a new random token and restarts, within about 15 s. Peerage gives it to your own links and checks that each is up again.',
                },
                {
                  term: 'What could go wrong',
                  text: 'Other programs and machines that use the old token stop working until you give them the new one.',
                },
              ]
            : [
                {
                  term: 'What happens',
                  text: 'The file is put back byte for byte, with its settings and its token of then. The present one is copied first.',
                },
                {
                  term: 'What could go wrong',
                  text: 'Changes since then are lost, also those of other hands. Links with a newer token need the older one again.',
                },
              ]
        }
      />
      <div className="device__acts">
        <Button size="small" ref={safe} onClick={onCancel}>
          Leave it
        </Button>
        <Button size="small" look="danger" busy={busy} onClick={onGo}>
          {isToken ? 'Give it a new token' : 'Put the file back'}
        </Button>
      </div>
    </div>
  );
}
