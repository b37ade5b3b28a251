import { type ComponentProps, type ReactNode, useId, useState } from 'react';

interface TypedRowProps<T> {
  label: string;
  help: string;
  /** Said in the help's place while the text cannot be read. */
  wrong: string;
  value: T;
  /** The value as a person types it. */
  textOf: (value: T) => string;
  /** What a text means; null = nothing that may be taken. */
  read: (text: string) => T | null;
  onChange: (value: T) => void;
  /** Words behind the field. */
  unit?: string;
  className?: string;
  input?: Pick<ComponentProps<'input'>, 'className' | 'inputMode' | 'placeholder'>;
}

/** What a person typed, until the value is known to be just that. */
interface Typed {
  readonly text: string;
  /** Handed over, and not touched since. */
  readonly taken: boolean;
}

/**
 * A setting that is typed. Checked with each key, and taken when the field is left or Enter is pressed. What is
 * being typed stays, whatever becomes known meanwhile: the answer to an earlier text may come late.
 */
export function TypedRow<T>({
  label,
  help,
  wrong,
  value,
  textOf,
  read,
  onChange,
  unit,
  className = '',
  input,
}: TypedRowProps<T>) {
  const id = useId();
  const known = textOf(value);
  const [typed, setTyped] = useState<Typed | null>(null);
  /** The last that was handed over, until it is known. */
  const [wanted, setWanted] = useState<string | null>(null);
  const text = typed?.text ?? known;
  const meant = read(text);
  const valid = meant !== null;
  if (wanted === known) setWanted(null);
  if (typed?.taken && valid && textOf(meant) === known) setTyped(null);
  const take = (anyway: boolean) => {
    if (!typed || !valid) return;
    const said = textOf(meant);
    setTyped({ text, taken: true });
    if (said === (wanted ?? known) && (!anyway || said === known)) return;
    setWanted(said);
    onChange(meant);
  };
  const field: ReactNode = (
    <input
      id={id}
      type="text"
      {...input}
      className={`input ${input?.className ?? ''}`}
      value={text}
      aria-describedby={`${id}-help`}
      aria-invalid={!valid}
      onChange={(event) => setTyped({ text: event.target.value, taken: false })}
      onBlur={() => take(false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(true);
      }}
    />
  );
  return (
    <div className={`setting ${className}`}>
      <div className="setting__words">
        <label className="setting__label" htmlFor={id}>
          {label}
        </label>
        <p id={`${id}-help`} className={`setting__help ${valid ? '' : 'field__note--error'}`}>
          {valid ? help : wrong}
        </p>
      </div>
      {unit === undefined ? (
        field
      ) : (
        <span className="setting__number">
          {field}
          <span className="soft">{unit}</span>
        </span>
      )}
    </div>
  );
}
