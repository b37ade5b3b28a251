import { MessagesSquare } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { PickField } from '../../components/field.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useWork } from '../setup/use-work.ts';

type Sessions = CallOutput<'ownSession.list'>['sessions'];

interface SessionTurnsProps {
  disabled: boolean;
  onAttach: (file: File) => void;
}

const COUNTS = [4, 10, 20] as const;

/**
 * Attaches the last turns of a session of the own gateway: they are shown first, and the file is looked
 * through for secrets like any other when it is sent.
 */
export function SessionTurns({ disabled, onAttach }: SessionTurnsProps) {
  const client = useClient();
  const work = useWork();
  const [sessions, setSessions] = useState<Sessions | null>(null);
  const [key, setKey] = useState('');
  const [count, setCount] = useState<number>(COUNTS[0]);
  const [text, setText] = useState<string | null>(null);
  const open = async () => {
    const found = await work.run('open', () => ask(client, 'ownSession.list', {}));
    if (found) setSessions(found.sessions);
  };
  const read = async (sessionKey: string, turns: number) => {
    setKey(sessionKey);
    setCount(turns);
    setText(null);
    if (sessionKey === '') return;
    const call = () => ask(client, 'ownSession.turns', { sessionKey, count: turns });
    const found = await work.run('read', call);
    if (found) setText(turnsText(found.turns));
  };
  const close = () => {
    setSessions(null);
    setText(null);
    setKey('');
    work.forget();
  };
  const attach = () => {
    if (text === null) return;
    onAttach(new File([text], 'session.md', { type: 'text/markdown' }));
    close();
  };
  const part = useRef<HTMLFieldSetElement>(null);
  const failed = work.failure !== null;
  // It opens at the end of a long dialog, and grows there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of its size
  useEffect(() => {
    part.current?.scrollIntoView({ block: 'nearest' });
  }, [sessions, text, failed]);
  if (sessions === null) {
    return (
      <>
        <Button
          size="small"
          icon={MessagesSquare}
          disabled={disabled}
          busy={work.busy === 'open'}
          onClick={() => void open()}
        >
          Attach turns of a session
        </Button>
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </>
    );
  }
  return (
    <fieldset ref={part} className="session-turns">
      <legend>Turns of a session of your own gateway</legend>
      <div className="compose__pair compose__pair--to">
        <PickField
          label="Session"
          value={key}
          options={[
            { value: '', text: sessions.length === 0 ? 'There is none' : 'Choose a session' },
            ...sessions.map((one) => ({ value: one.key, text: one.label })),
          ]}
          onPick={(picked) => void read(picked, count)}
        />
        <PickField
          label="How many"
          value={String(count)}
          options={COUNTS.map((one) => ({ value: String(one), text: `The last ${one}` }))}
          onPick={(picked) => void read(key, Number(picked))}
        />
      </div>
      {text === null ? null : (
        <section
          className="session-turns__text selectable"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
          tabIndex={0}
          aria-label="What would be attached"
        >
          {text === '' ? 'Nothing was said there yet.' : text}
        </section>
      )}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="compose__add">
        <Button
          size="small"
          look="primary"
          disabled={text === null || text === ''}
          onClick={attach}
        >
          Attach this
        </Button>
        <Button size="small" look="quiet" onClick={close}>
          Not now
        </Button>
      </div>
    </fieldset>
  );
}

const turnsText = (turns: CallOutput<'ownSession.turns'>['turns']): string =>
  turns
    .map(({ from, text }) => `## ${from === 'person' ? 'Person' : 'Agent'}\n\n${text.trim()}`)
    .join('\n\n');
