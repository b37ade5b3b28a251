import { Segments } from '../../components/segments.tsx';

interface ChoiceRowProps<T extends string> {
  label: string;
  help?: string;
  value: T;
  options: readonly { readonly value: T; readonly text: string }[];
  onChange: (value: T) => void;
}

/** A setting with a few values, all in sight. */
export function ChoiceRow<T extends string>({
  label,
  help,
  value,
  options,
  onChange,
}: ChoiceRowProps<T>) {
  return (
    <div className="setting">
      <div className="setting__words">
        <p className="setting__label">{label}</p>
        {help ? <p className="setting__help">{help}</p> : null}
      </div>
      <Segments label={label} value={value} options={options} onChange={onChange} />
    </div>
  );
}
