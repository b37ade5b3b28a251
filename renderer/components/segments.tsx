import { ToggleGroup } from 'radix-ui';
import './segments.css';

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly text: string }[];
  onChange: (value: T) => void;
}

/** A choice of one among two to four, all in sight. Arrows move between them. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const choose = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <ToggleGroup.Root
      className="segments"
      type="single"
      value={value}
      onValueChange={choose}
      aria-label={label}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} className="segments__item">
          {option.text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
