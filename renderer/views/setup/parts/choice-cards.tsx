import { RadioGroup } from 'radix-ui';
import { Tag } from '../../../components/tag.tsx';

interface ChoiceCardsProps<T extends string> {
  label: string;
  value: T | null;
  options: readonly {
    readonly value: T;
    readonly title: string;
    readonly text: string;
    readonly tag?: string;
  }[];
  onChange: (value: T) => void;
}

/** One of a few, each with what it means. Arrows move between them. */
export function ChoiceCards<T extends string>({
  label,
  value,
  options,
  onChange,
}: ChoiceCardsProps<T>) {
  const choose = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <RadioGroup.Root
      className="choices"
      aria-label={label}
      value={value ?? ''}
      onValueChange={choose}
    >
      {options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} className="choice">
          <span className="choice__mark" aria-hidden="true">
            <RadioGroup.Indicator className="choice__dot" />
          </span>
          <span className="choice__words">
            <span className="choice__title">
              {option.title}
              {option.tag ? <Tag tone="accent">{option.tag}</Tag> : null}
            </span>
            <span className="choice__text">{option.text}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
