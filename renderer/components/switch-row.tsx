import { Switch } from 'radix-ui';
import { useId } from 'react';
import './switch-row.css';

interface SwitchRowProps {
  label: string;
  help?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** Something that is on or off, with its name and what it does. */
export function SwitchRow({ label, help, checked, disabled, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className="switch-row">
      <div className="switch-row__words">
        <label htmlFor={id}>{label}</label>
        {help ? <p id={`${id}-help`}>{help}</p> : null}
      </div>
      <Switch.Root
        id={id}
        className="switch"
        checked={checked}
        disabled={disabled ?? false}
        onCheckedChange={onChange}
        {...(help ? { 'aria-describedby': `${id}-help` } : {})}
      >
        <Switch.Thumb className="switch__thumb" />
      </Switch.Root>
    </div>
  );
}
