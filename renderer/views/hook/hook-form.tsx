import { useState } from 'react';
import type { AppError, HookRun, HookView, PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextArea, TextField } from '../../components/field.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { HookRunNote } from './hook-run.tsx';

interface HookFormProps {
  peerId: PeerId | null;
  hook: HookView | null;
  onSaved: () => void;
  onCancel: () => void;
}

/** A hook as it is typed: a program, one argument a line, a time-out, and whether it goes by itself. */
export function HookForm({ peerId, hook, onSaved, onCancel }: HookFormProps) {
  const client = useClient();
  const [program, setProgram] = useState(hook?.program ?? '');
  const [args, setArgs] = useState(hook?.arguments.join('\n') ?? '');
  const [timeout, setTimeout] = useState(String(hook?.timeoutSeconds ?? 30));
  const [automatic, setAutomatic] = useState(hook?.mode === 'automatic');
  const [busy, setBusy] = useState<'save' | 'test' | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [tested, setTested] = useState<{ of: string; run: HookRun } | null>(null);
  const seconds = Number(timeout);
  const right = Number.isInteger(seconds) && seconds >= 1 && seconds <= 600;
  const command = {
    program,
    arguments: args === '' ? [] : args.split('\n'),
    timeoutSeconds: seconds,
  };
  const typed = JSON.stringify(command);
  // How another command went says nothing of this one.
  const run = tested?.of === typed ? tested.run : null;
  const ready = program.trim() !== '' && right;
  const test = async () => {
    setBusy('test');
    setTested(null);
    const result = await client.call('hook.test', { command, peerId });
    setBusy(null);
    setError(result.ok ? null : result.error);
    if (result.ok) setTested({ of: typed, run: result.value.run });
  };
  const save = async () => {
    setBusy('save');
    const mode = automatic && peerId !== null ? ('automatic' as const) : ('offer' as const);
    const result = await client.call('hook.set', { peerId, hook: { ...command, mode } });
    setBusy(null);
    setError(result.ok ? null : result.error);
    if (result.ok) onSaved();
  };
  return (
    <form
      className="hook-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save();
      }}
    >
      <TextField
        label="Program"
        help="The whole path. It is run as you, without a shell."
        placeholder="/usr/local/bin/notify-team"
        value={program}
        onChange={(event) => setProgram(event.target.value)}
      />
      <TextArea
        label="Arguments"
        optional
        rows={2}
        spellCheck={false}
        help="One a line, always the same. The text comes on standard input, the peer’s name in PEERAGE_PEER."
        value={args}
        onChange={(event) => setArgs(event.target.value)}
      />
      <TextField
        label="Time-out in seconds"
        inputMode="numeric"
        value={timeout}
        error={right ? null : 'From 1 to 600.'}
        onChange={(event) => setTimeout(event.target.value)}
      />
      {peerId === null ? null : (
        <SwitchRow
          label="By itself"
          help="After ten minutes out of reach, without asking you. Off: it is only offered."
          checked={automatic}
          onChange={setAutomatic}
        />
      )}
      {error ? <ErrorNote error={error} announce /> : null}
      {run ? (
        <div role="status">
          <HookRunNote run={run} />
        </div>
      ) : null}
      <div className="hook-form__foot">
        <Button disabled={!ready} busy={busy === 'test'} onClick={() => void test()}>
          Test it
        </Button>
        <span className="step__gap" />
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit" disabled={!ready} busy={busy === 'save'}>
          Save
        </Button>
      </div>
    </form>
  );
}
