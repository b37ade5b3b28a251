import type { FilledForm } from '../../../electron/contract/index.ts';
import { formWords } from '../../words/forms.ts';
import './form-body.css';

/** A message that was written as a form: what it is, what it is about, and its fields. */
export function FormBody({ form }: { form: FilledForm }) {
  const words = formWords[form.kind];
  return (
    <section className="form-body" aria-label={words.name}>
      <p className="form-body__head">
        <span className="form-body__kind">{words.name}</span>
        {form.topic === '' ? null : <strong>{form.topic}</strong>}
      </p>
      <dl className="form-body__fields">
        {Object.entries(form.fields).map(([key, value]) => (
          <div key={key}>
            <dt>{words.fields[key] ?? key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
