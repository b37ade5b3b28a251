import type { PeerDevice } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ago } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { GatewayTaskView, isUnderWay } from '../setup/parts/gateway-task.tsx';
import { useWork } from '../setup/use-work.ts';

interface PlacesProps {
  devices: readonly PeerDevice[];
  /** Their ids. */
  removed: ReadonlySet<string>;
  onChange: (removed: ReadonlySet<string>) => void;
}

/** Devices of the peer at the own gateway, and which of them go. */
export function Places({ devices, removed, onChange }: PlacesProps) {
  const now = useNow(60_000);
  const change = (deviceId: string, goes: boolean) => {
    const next = new Set(removed);
    if (goes) next.add(deviceId);
    else next.delete(deviceId);
    onChange(next);
  };
  return devices.map((device) => (
    <SwitchRow
      key={device.deviceId}
      label={`Remove “${device.name}” at your gateway`}
      help={`${device.proven ? 'Its key is the one whose six words you compared.' : 'It came from their address, and nothing else says that it is theirs.'} ${device.lastSeenAt === null ? '' : `Last seen ${ago(device.lastSeenAt, now)}.`}`.trim()}
      checked={removed.has(device.deviceId)}
      onChange={(goes) => change(device.deviceId, goes)}
    />
  ));
}

/** A new value for the one secret that may be known over there. */
export function NewGatewayToken() {
  const client = useClient();
  const work = useWork();
  const task = useMirror((mirror) => mirror.gateway.task);
  const mine = task?.what === 'rotate_token' ? task : null;
  if (mine) return <GatewayTaskView task={mine} />;
  return (
    <Callout
      tone="warning"
      title="They may know the token of your gateway"
      actions={
        <Button
          size="small"
          busy={work.busy !== null}
          disabled={isUnderWay(task)}
          onClick={() => void work.run('rotate', () => ask(client, 'ownGateway.rotateToken', {}))}
        >
          Give it a new token
        </Button>
      }
    >
      <p>
        The gateway starts anew with it, and your own links get it. Other devices keep their places.
      </p>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </Callout>
  );
}
