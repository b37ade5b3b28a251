import { useState } from 'react';
import type { PairedDevice } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { TextField } from '../../components/field.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { useLook } from '../setup/use-look.ts';
import { useWork } from '../setup/use-work.ts';
import { ConfirmDevice } from './confirm-device.tsx';
import { LetBackIn } from './let-back-in.tsx';

/** What our own devices are for. */
const OURS = { link: 'This Peerage', reception: 'This Peerage’s reception' } as const;

/** How often the list is read while the page is open, ms. */
const EVERY_MS = 15_000;

/** Who is let in, with what, and since when; and the ways to end that. */
export function DevicesSection() {
  const client = useClient();
  // Whoever was let in a moment ago is to be seen at once.
  const asking = useMirror((mirror) => mirror.gateway.pendingCount);
  const watched = useMirror((mirror) => mirror.gateway.watch.kind !== 'off');
  const { value, error, looking, again } = useLook(
    () => client.call('ownGateway.devices', {}),
    EVERY_MS,
  );
  return (
    <section className="gateway__part" aria-labelledby="devices-title" data-asking={asking}>
      <div className="gateway__head">
        <h3 id="devices-title">Who is let in</h3>
        <Button size="small" busy={looking && value !== null} onClick={again}>
          Look again
        </Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
      {!value && !error ? <Skeleton rows={3} label="Reading the devices" /> : null}
      {value && value.pending.length > 0 && !watched ? (
        <Callout
          tone="warning"
          title={
            value.pending.length === 1
              ? `${value.pending[0]?.name} asks to be let in`
              : `${value.pending.length} devices ask to be let in`
          }
          announce
          actions={
            <Button
              size="small"
              onClick={() => void client.act('ownGateway.watchRequests', { watch: true })}
            >
              Show what is asked
            </Button>
          }
        >
          <p>Peerage tells of such requests by itself from then on.</p>
        </Callout>
      ) : null}
      {value && value.paired.length === 0 ? (
        <Callout tone="info" title="No device is let in yet">
          <p>Programs on this machine that know the token can still use the gateway.</p>
        </Callout>
      ) : null}
      <ul className="devices" aria-label="Devices that are let in">
        {value?.paired.map((device) => (
          <li key={device.deviceId}>
            <DeviceCard device={device} again={again} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DeviceCard({ device, again }: { device: PairedDevice; again: () => void }) {
  const [mode, setMode] = useState<'shown' | 'rename' | 'revoke' | 'remove'>('shown');
  const now = useNow(30_000);
  const done = () => {
    setMode('shown');
    again();
  };
  return (
    <article className="device" aria-label={device.name}>
      <div className="device__head">
        <StatusMark shape={device.revoked ? 'blocked' : device.connected ? 'up' : 'down'} />
        <strong className="device__name">{device.name}</strong>
        {device.ours ? <Tag tone="accent">{OURS[device.ours]}</Tag> : null}
        {device.revoked ? <Tag>Shut out</Tag> : null}
        {device.approvedBy === 'silent' ? <Tag>Nobody was asked</Tag> : null}
        <span
          className="device__seen"
          {...(device.lastSeenAt ? { title: exactTime(device.lastSeenAt) } : {})}
        >
          {device.connected ? 'Connected' : seen(device, now)}
        </span>
      </div>
      <ul className="device__rights" aria-label="What it may do">
        {device.scopes.map((scope) => (
          <li key={scope.scope} data-weight={scope.weight}>
            {device.revoked ? <s>{scope.words}</s> : scope.words}
          </li>
        ))}
        {device.scopes.length === 0 ? <li>Nothing</li> : null}
      </ul>
      <p className="hint-text selectable">
        {from(device)} Key: {grouped(device.fingerprint.slice(0, 32))}
      </p>
      {mode === 'shown' ? (
        <div className="device__acts">
          {device.ours === 'reception' && device.revoked ? <LetBackIn again={again} /> : null}
          <Button size="small" look="quiet" onClick={() => setMode('rename')}>
            Rename
          </Button>
          {device.ours === 'link' || device.revoked ? null : (
            <Button size="small" look="quiet" onClick={() => setMode('revoke')}>
              Shut out
            </Button>
          )}
          {device.ours === 'link' ? null : (
            <Button size="small" look="quiet" onClick={() => setMode('remove')}>
              Remove
            </Button>
          )}
        </div>
      ) : null}
      {mode === 'rename' ? (
        <Rename device={device} onDone={done} onCancel={() => setMode('shown')} />
      ) : null}
      {mode === 'revoke' || mode === 'remove' ? (
        <ConfirmDevice
          device={device}
          what={mode}
          onDone={done}
          onCancel={() => setMode('shown')}
        />
      ) : null}
    </article>
  );
}

function Rename({
  device,
  onDone,
  onCancel,
}: {
  device: PairedDevice;
  onDone: () => void;
  onCancel: () => void;
}) {
  const client = useClient();
  const work = useWork();
  const [name, setName] = useState(device.name);
  const rename = async () => {
    const { deviceId } = device;
    const renamed = await work.run('rename', () =>
      client.call('ownGateway.rename', { deviceId, name }),
    );
    if (renamed) onDone();
  };
  return (
    <form
      className="device__form"
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <TextField
        label="Name of this device here"
        value={name}
        maxLength={64}
        onChange={(event) => setName(event.target.value)}
      />
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="device__acts">
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button
          size="small"
          look="primary"
          type="submit"
          busy={work.busy !== null}
          disabled={name.trim() === ''}
        >
          Rename
        </Button>
      </div>
    </form>
  );
}

function seen({ lastSeenAt }: PairedDevice, now: number): string {
  return lastSeenAt === null ? 'Never seen' : `Seen ${ago(lastSeenAt, now)}`;
}

function from({ owner, address, platform }: PairedDevice): string {
  const where = owner
    ? `${owner.machine}${owner.login ? `, of ${owner.login}` : ''}`
    : (address ?? 'this machine');
  return `From ${where}${platform ? ` (${platform})` : ''}.`;
}
