import { useEffect, useId, useState } from 'react';

interface NumberRowProps {
  label: string;
  help: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** A setting that is a whole number. Taken when the field is left or Enter is pressed. */
export function NumberRow({ label, help, unit, value, min, max, onChange }: NumberRowProps) {
  const id = useId();
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const number = Number(text);
  const valid = text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max;
  const take = () => {
    if (valid && number !== value) onChange(number);
  };
  return (
    <div className="setting">
      <div className="setting__words">
        <label className="setting__label" htmlFor={id}>
          {label}
        </label>
        <p id={`${id}-help`} className={`setting__help ${valid ? '' : 'field__note--error'}`}>
          {valid ? help : `A whole number from ${min.toLocaleString()} to ${max.toLocaleString()}.`}
        </p>
      </div>
      <span className="setting__number">
        <input
          id={id}
          className="input numbers"
          type="text"
          inputMode="numeric"
          value={text}
          aria-describedby={`${id}-help`}
          aria-invalid={!valid}
          onChange={(event) => setText(event.target.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take();
          }}
        />
        <span className="soft">{unit}</span>
      </span>
    </div>
  );
}
