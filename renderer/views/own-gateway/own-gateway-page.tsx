import { RefreshCw, X } from 'lucide-react';
import type { GatewaySettings } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { ExposureTable } from '../setup/parts/exposure-table.tsx';
import { FirewallNote } from '../setup/parts/firewall-note.tsx';
import { GatewayTaskView } from '../setup/parts/gateway-task.tsx';
import { PairingRequests } from '../setup/parts/pairing-requests.tsx';
import { PendingBind } from '../setup/parts/pending-bind.tsx';
import { useLook } from '../setup/use-look.ts';
import { useTaskEnd } from '../setup/use-task-end.ts';
import { AuditSection } from './audit-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { SkillSection } from './skill-section.tsx';
import { StatusSection } from './status-section.tsx';
import { TokenSection } from './token-section.tsx';
import '../setup/setup.css';
import '../invite/invite.css';
import './own-gateway.css';

/** The gateway on this machine: how it runs, who can reach it, who is let in. */
export default function OwnGatewayPage() {
  const client = useClient();
  const task = useMirror((mirror) => mirror.gateway.task);
  const status = useLook(() => client.call('ownGateway.status', {}));
  const running = status.value?.running ?? false;
  useTaskEnd(task, status.again);
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Own gateway</h2>
        <span className="gateway__gap" />
        <IconButton icon={RefreshCw} label="Look again" onClick={status.again} />
        <IconButton
          icon={X}
          label="Close own gateway"
          onClick={() => client.navigation.leavePage()}
        />
      </header>
      <div className="page__column">
        {status.error ? <ErrorNote error={status.error} /> : null}
        {status.value ? (
          <StatusSection status={status.value} />
        ) : (
          <Skeleton rows={3} label="Looking at the gateway" />
        )}
        {task ? <GatewayTaskView task={task} /> : null}
        {running ? <PairingRequests /> : null}
        {status.value?.settings ? <Reach settings={status.value.settings} /> : null}
        {running ? <DevicesSection /> : null}
        {status.value?.settings ? <TokenSection /> : null}
        {status.value ? <SkillSection /> : null}
        {status.value?.installed ? <AuditSection /> : null}
      </div>
    </main>
  );
}

/** Who can reach it today, and the way to change that. */
function Reach({ settings }: { settings: GatewaySettings }) {
  const client = useClient();
  const { value, error, looking, again } = useLook(() => client.call('ownGateway.exposure', {}));
  useTaskEnd(
    useMirror((mirror) => mirror.gateway.task),
    again,
  );
  return (
    <section className="gateway__part" aria-labelledby="reach-title">
      <div className="gateway__head">
        <h3 id="reach-title">Who can reach it</h3>
        <Button size="small" busy={looking} onClick={again}>
          Try again
        </Button>
        <Button
          size="small"
          onClick={() => client.navigation.showPage({ kind: 'setup', step: 'bind' })}
        >
          Change
        </Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
      {value ? (
        <>
          <ExposureTable exposure={value} />
          <PendingBind settings={settings} exposure={value} />
        </>
      ) : (
        <Skeleton rows={4} label="Connecting to each address" />
      )}
      <FirewallNote />
    </section>
  );
}
