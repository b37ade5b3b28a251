import { TypedRow } from './typed-row.tsx';

interface NumberRowProps {
  label: string;
  help: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** A setting that is a whole number. */
export function NumberRow({ min, max, ...row }: NumberRowProps) {
  return (
    <TypedRow
      {...row}
      wrong={`A whole number from ${min.toLocaleString()} to ${max.toLocaleString()}.`}
      textOf={String}
      read={(text) => {
        const number = text.trim() === '' ? Number.NaN : Number(text);
        return Number.isInteger(number) && number >= min && number <= max ? number : null;
      }}
      input={{ className: 'numbers', inputMode: 'numeric' }}
    />
  );
}
