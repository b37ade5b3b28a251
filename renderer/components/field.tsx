import { type ComponentProps, type ReactNode, useId } from 'react';
import './field.css';

interface FieldShellProps {
  label: string;
  /** A line under the field: what it is for. */
  help?: ReactNode;
  /** What is not right with it. Takes the place of the help. */
  error?: string | null | undefined;
  optional?: boolean;
}

interface FieldIds {
  id: string;
  describedBy: string;
}

function FieldShell({
  label,
  help,
  error,
  optional,
  children,
}: FieldShellProps & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const describedBy = `${id}-note`;
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
        {optional ? <span className="field__optional">Optional</span> : null}
      </label>
      {children({ id, describedBy })}
      <p
        id={describedBy}
        className={`field__note ${error ? 'field__note--error' : ''}`}
        {...(error ? { role: 'alert' } : {})}
      >
        {error ?? help ?? ''}
      </p>
    </div>
  );
}

type TextFieldProps = FieldShellProps & ComponentProps<'input'>;

/** One line of text. */
export function TextField({ label, help, error, optional, ...input }: TextFieldProps) {
  const shell = { label, help, error, ...(optional ? { optional } : {}) };
  return (
    <FieldShell {...shell}>
      {({ id, describedBy }) => (
        <input
          id={id}
          className="input"
          type="text"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          {...input}
        />
      )}
    </FieldShell>
  );
}

type TextAreaProps = FieldShellProps & ComponentProps<'textarea'>;

/** Several lines of text. */
export function TextArea({ label, help, error, optional, ...area }: TextAreaProps) {
  const shell = { label, help, error, ...(optional ? { optional } : {}) };
  return (
    <FieldShell {...shell}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          className="input input--area"
          rows={3}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          {...area}
        />
      )}
    </FieldShell>
  );
}

interface PickFieldProps extends FieldShellProps {
  value: string;
  options: readonly { readonly value: string; readonly text: string }[];
  disabled?: boolean;
  onPick: (value: string) => void;
}

/** One of a list. The platform's own control: it works with every keyboard and screen reader. */
export function PickField({
  label,
  help,
  error,
  optional,
  value,
  options,
  disabled,
  onPick,
}: PickFieldProps) {
  const shell = { label, help, error, ...(optional ? { optional } : {}) };
  return (
    <FieldShell {...shell}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className="input input--pick"
          value={value}
          disabled={disabled}
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
          onChange={(event) => onPick(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </FieldShell>
  );
}
