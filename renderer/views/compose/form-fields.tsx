import { type FormField, type FormKind, formShape } from '../../../electron/contract/index.ts';
import { PickField, TextArea, TextField } from '../../components/field.tsx';
import { formWords } from '../../words/forms.ts';

/** Fields that others fill in, or that are asked for in another way. */
const HIDDEN: ReadonlySet<string> = new Set([
  'priority',
  'deadline',
  'expertise',
  'status',
  'answer',
]);

/** The fields of a form that a person fills in. */
export const fieldsOf = (kind: FormKind): readonly FormField[] =>
  formShape(kind).fields.filter(({ key }) => kind !== 'delegation' || !HIDDEN.has(key));

interface FormFieldsProps {
  kind: FormKind;
  values: Readonly<Record<string, string>>;
  /** Keys of needed fields that were left empty. */
  missing: ReadonlySet<string>;
  onChange: (key: string, value: string) => void;
}

/** The fields of a form, in its order. */
export function FormFields({ kind, values, missing, onChange }: FormFieldsProps) {
  const words = formWords[kind].fields;
  return fieldsOf(kind).map(({ key, label, shape, choices = [], needed }) => {
    const shared = {
      label: words[key] ?? label,
      error: missing.has(key) ? 'Must not be empty.' : null,
      ...(needed ? {} : { optional: true }),
    };
    const value = values[key] ?? '';
    if (shape === 'choice') {
      const options = [
        { value: '', text: 'Choose' },
        ...choices.map((one) => ({ value: one, text: one })),
      ];
      return (
        <PickField
          key={key}
          {...shared}
          value={value}
          options={options}
          onPick={(picked) => onChange(key, picked)}
        />
      );
    }
    return shape === 'line' ? (
      <TextField
        key={key}
        {...shared}
        value={value}
        maxLength={500}
        onChange={(event) => onChange(key, event.target.value)}
      />
    ) : (
      <TextArea
        key={key}
        {...shared}
        value={value}
        rows={needed ? 3 : 2}
        onChange={(event) => onChange(key, event.target.value)}
      />
    );
  });
}
