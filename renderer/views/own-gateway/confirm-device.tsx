import { MonitorX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { PairedDevice } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';
import { letBackIn } from './let-back-in.tsx';

/** What ends with the reception's own device, and how it comes back. */
const RECEPTION = {
  happens:
    'Work that you accept for your agents waits, and so do the answers of what they are at now. Peers still reach you, and you can answer yourself.',
  wrong:
    'It is no stop for good: it comes back when you choose “Let it back in”, and by itself when you look for an agent for somebody’s work. To take in nothing, pause incoming work in the inbox.',
} as const;

const words = {
  revoke: {
    verb: 'Shut out',
    happens: 'Its connections end at once, and its key opens nothing any more.',
    wrong:
      'If it knows the gateway’s token it may ask again, and you decide anew. Work that it began goes on.',
  },
  remove: {
    verb: 'Remove',
    happens: 'Its connections end at once, and it is forgotten here with its name.',
    wrong: 'To come back it must ask anew. Work that it began goes on.',
  },
} as const;

interface ConfirmDeviceProps {
  device: PairedDevice;
  what: keyof typeof words;
  onDone: () => void;
  onCancel: () => void;
}

/** Asks before a device is shut out or forgotten; the safe button has the focus. */
export function ConfirmDevice({ device, what, onDone, onCancel }: ConfirmDeviceProps) {
  const client = useClient();
  const work = useWork();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  const { verb } = words[what];
  const reception = device.ours === 'reception';
  const { happens, wrong } = reception ? RECEPTION : words[what];
  const act = async () => {
    const { deviceId } = device;
    const done = await work.run('act', () => client.call(`ownGateway.${what}`, { deviceId }));
    if (!done) return;
    onDone();
    if (reception) {
      client.toasts.say('The reception is not let in any more', {
        label: 'Let it back in',
        run: () => void letBackIn(client),
      });
    }
  };
  return (
    <div className="device__form">
      <TrustFacts
        icon={MonitorX}
        facts={[
          { term: 'Who', text: device.name },
          { term: 'What happens', text: happens },
          { term: 'What could go wrong', text: wrong },
        ]}
      />
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="device__acts">
        <Button size="small" ref={safe} onClick={onCancel}>
          Keep
        </Button>
        <Button size="small" look="danger" busy={work.busy !== null} onClick={() => void act()}>
          {verb}
        </Button>
      </div>
    </div>
  );
}
