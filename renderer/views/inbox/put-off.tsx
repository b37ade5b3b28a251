import { AlarmClock } from 'lucide-react';
import type { DelegationId, DelegationView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { clockTime, exactTime, startOfDay } from '../../words/time.ts';

interface PutOffProps {
  all: readonly DelegationView[];
  onOpen: (id: DelegationId) => void;
}

/** What the person put off: one line each, with the time at which it comes back. */
export function PutOff({ all, onOpen }: PutOffProps) {
  const client = useClient();
  return (
    <section className="put-off" aria-labelledby="put-off-title">
      <h3 id="put-off-title">Snoozed</h3>
      <ul>
        {all.map((one) => (
          <li key={one.id}>
            <AlarmClock aria-hidden="true" />
            <button type="button" className="put-off__what clip" onClick={() => onOpen(one.id)}>
              <bdi>{one.caller}</bdi>: <bdi>{one.topic ?? one.text}</bdi>
            </button>
            <time className="soft numbers" title={exactTime(one.snoozedUntil ?? 0)}>
              {backAt(one.snoozedUntil ?? 0)}
            </time>
            <Button
              size="small"
              look="quiet"
              aria-label={`Bring back what ${one.caller} asked`}
              onClick={() =>
                void client.act('delegation.snooze', { delegationId: one.id, until: null })
              }
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const day = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});

const backAt = (at: number): string =>
  startOfDay(at) === startOfDay(Date.now()) ? clockTime(at) : `${day.format(at)}, ${clockTime(at)}`;
