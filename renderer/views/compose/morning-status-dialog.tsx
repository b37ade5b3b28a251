import { useMemo, useState } from 'react';
import {
  type CallOutput,
  calls,
  type MorningStatus,
  type PeerId,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TextArea, TextField } from '../../components/field.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { count } from '../../words/count.ts';
import { clockTime, dayAndTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { useWork } from '../setup/use-work.ts';
import './compose.css';

const WEEKDAYS = [
  [1, 'Mon'],
  [2, 'Tue'],
  [3, 'Wed'],
  [4, 'Thu'],
  [5, 'Fri'],
  [6, 'Sat'],
  [0, 'Sun'],
] as const;

const FRESH: MorningStatus = {
  at: 9 * 60,
  weekdays: [1, 2, 3, 4, 5],
  peerIds: [],
  topic: 'Today',
  focus: '',
  need: '',
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Schedules the morning status: when, to whom, and what; nothing is scheduled before it was previewed. */
export default function MorningStatusDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const { value, error } = useLook(() => ask(client, 'status.schedule', {}));
  return (
    <Dialog
      title="Morning status"
      about="Tells peers where you stand, by itself: what the inbox knows, and what you add here."
      width="wide"
      onClose={onClose}
    >
      {value ? (
        <Schedule known={value.schedule} nextAt={value.nextAt} past={value} onClose={onClose} />
      ) : (
        <DialogBody>
          {error ? <ErrorNote error={error} /> : <Skeleton rows={4} label="Reading it" />}
        </DialogBody>
      )}
    </Dialog>
  );
}

/** Later than this after its time, ms, it is said. */
const LATE_MS = 10 * 60_000;

/** How it went the last time, and what was missed since. */
function Past({ past: { lastAt, lastDueAt, missed, failed } }: Pick<ScheduleProps, 'past'>) {
  const late = lastAt !== null && lastDueAt !== null && lastAt - lastDueAt > LATE_MS;
  return (
    <>
      {lastAt === null ? null : (
        <p className="hint-text">
          The last one went {dayAndTime(lastAt)}
          {late ? `, late: it was due at ${clockTime(lastDueAt)}` : ''}.
        </p>
      )}
      {missed === null ? null : (
        <Callout tone="warning" title={`One was missed: it was due ${dayAndTime(missed.at)}`}>
          Peerage was not running then, or the computer slept.
          {missed.count > 1 ? ` ${count(missed.count - 1)} more before it did not go either.` : ''}
        </Callout>
      )}
      {failed.map(({ name, why }) => (
        <p key={name} className="hint-text">
          The last one did not go to {name}: {why}
        </p>
      ))}
    </>
  );
}

/** What each peer would get now, and the form that says so. */
interface Shown {
  readonly of: MorningStatus;
  readonly previews: readonly {
    readonly peerId: PeerId;
    readonly name: string;
    readonly text: string;
  }[];
}

interface ScheduleProps {
  known: MorningStatus | null;
  nextAt: number | null;
  past: CallOutput<'status.schedule'>;
  onClose: () => void;
}

function Schedule({ known, nextAt, past, onClose }: ScheduleProps) {
  const client = useClient();
  const work = useWork();
  const peers = useMirror((mirror) => mirror.peers);
  const named = useMemo(
    () => [...peers.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
    [peers],
  );
  const [form, setForm] = useState<MorningStatus>(known ?? FRESH);
  const [shown, setShown] = useState<Shown | null>(null);
  // What was shown must be what goes: each change asks for another look.
  const previews = shown?.of === form ? shown.previews : null;
  const ready = calls['status.preview'].input.safeParse(form).success;
  const preview = async () => {
    const found = await work.run('preview', () => ask(client, 'status.preview', form));
    if (found) setShown({ of: form, previews: found.previews });
  };
  const set = async (schedule: MorningStatus | null) => {
    if ((await work.run('set', () => ask(client, 'status.set', { schedule }))) === null) return;
    const next = schedule ? await client.call('status.schedule', {}) : null;
    const at = next?.ok ? next.value.nextAt : null;
    if (schedule === null) client.toasts.say('It goes out no more');
    else client.toasts.say(at === null ? 'It is scheduled' : `The next one goes ${dayAndTime(at)}`);
    onClose();
  };
  const toggle = <T,>(all: readonly T[], one: T): T[] =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
  return (
    <>
      <DialogBody className="form__body compose">
        {nextAt === null ? null : (
          <p className="hint-text">The next one goes {dayAndTime(nextAt)}.</p>
        )}
        <Past past={past} />
        <div className="compose__pair">
          <TextField
            label="Time"
            type="time"
            value={`${two(Math.floor(form.at / 60))}:${two(form.at % 60)}`}
            onChange={(event) => {
              const [hours = 0, minutes = 0] = event.target.value.split(':').map(Number);
              if (event.target.value !== '') setForm({ ...form, at: hours * 60 + minutes });
            }}
          />
          <TextField
            label="Topic"
            value={form.topic}
            maxLength={120}
            onChange={(event) => setForm({ ...form, topic: event.target.value })}
          />
        </div>
        <fieldset className="compose__choices">
          <legend>On</legend>
          {WEEKDAYS.map(([day, word]) => (
            <label key={day}>
              <input
                type="checkbox"
                checked={form.weekdays.includes(day)}
                onChange={() => setForm({ ...form, weekdays: toggle(form.weekdays, day) })}
              />
              {word}
            </label>
          ))}
        </fieldset>
        <fieldset className="compose__choices compose__choices--peers">
          <legend>To</legend>
          {named.map(({ id, name }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={form.peerIds.includes(id)}
                onChange={() => setForm({ ...form, peerIds: toggle(form.peerIds, id) })}
              />
              <span className="clip">{name}</span>
            </label>
          ))}
        </fieldset>
        <TextArea
          label="Focus"
          optional
          rows={2}
          value={form.focus}
          maxLength={2_000}
          onChange={(event) => setForm({ ...form, focus: event.target.value })}
        />
        <TextArea
          label="Needed from them"
          optional
          rows={2}
          value={form.need}
          maxLength={2_000}
          help="What is done, what failed and what you wait for is taken from the inbox, for each peer its own."
          onChange={(event) => setForm({ ...form, need: event.target.value })}
        />
        {previews === null ? null : (
          <section className="compose__previews" aria-label="What would go now">
            {previews.map(({ peerId, name, text }) => (
              <div key={peerId} className="compose__preview">
                <p className="hint-text">{name} would get now:</p>
                <pre className="selectable">{text}</pre>
              </div>
            ))}
          </section>
        )}
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </DialogBody>
      <DialogFoot>
        {known ? (
          <Button look="quiet" onClick={() => void set(null)}>
            Stop sending it
          </Button>
        ) : null}
        <span className="step__gap" />
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        {previews === null ? (
          <Button
            look="primary"
            disabled={!ready}
            busy={work.busy === 'preview'}
            onClick={() => void preview()}
          >
            Preview
          </Button>
        ) : (
          <Button look="primary" busy={work.busy === 'set'} onClick={() => void set(form)}>
            Schedule
          </Button>
        )}
      </DialogFoot>
    </>
  );
}
