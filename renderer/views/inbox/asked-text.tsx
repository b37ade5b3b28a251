import {
  type DelegationView,
  type FilledForm,
  readBroadcast,
  readForm,
  readPriority,
  writeMoment,
} from '../../../electron/contract/index.ts';
import { UntrustedText } from '../../components/untrusted-text.tsx';
import { formWords } from '../../words/forms.ts';
import { BroadcastBody } from '../thread/broadcast-body.tsx';
import '../thread/form-body.css';

type Asked = Pick<DelegationView, 'text' | 'topic' | 'priority' | 'deadlineAt'>;

/**
 * What a peer asks for. A text that is written as a form is shown as one, without what the card says
 * already; where the text says something else than the card, both are shown.
 */
export function AskedText({ asked }: { asked: Asked }) {
  const form = readForm(asked.text);
  const broadcast = form ? null : readBroadcast(asked.text);
  if (broadcast)
    return (
      <div className="delegation__text selectable">
        <BroadcastBody content={broadcast}>
          <UntrustedText text={broadcast.text} />
        </BroadcastBody>
      </div>
    );
  if (!form)
    return (
      <p className="delegation__text selectable" dir="auto">
        <UntrustedText text={asked.text} />
      </p>
    );
  const words = formWords[form.kind];
  const topic = form.topic !== (asked.topic ?? '') && form.topic !== '';
  return (
    <section className="delegation__text delegation__form selectable" aria-label={words.name}>
      {topic || form.kind !== 'delegation' ? (
        <p className="form-body__head">
          <span className="form-body__kind">{words.name}</span>
          {topic ? (
            <strong>
              <UntrustedText text={form.topic} />
            </strong>
          ) : null}
        </p>
      ) : null}
      <dl className="form-body__fields">
        {shownFields(form, asked).map(([key, value]) => (
          <div key={key}>
            <dt>{words.fields[key] ?? key}</dt>
            <dd dir="auto">
              <UntrustedText text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** All but the priority and the deadline that stand at the head of the card. */
const shownFields = ({ kind, fields }: FilledForm, asked: Asked): [string, string][] =>
  Object.entries(fields).filter(([key, value]) => {
    if (kind !== 'delegation') return true;
    if (key === 'priority') return readPriority(value) !== asked.priority;
    if (key !== 'deadline') return true;
    return asked.deadlineAt === null || value !== writeMoment(asked.deadlineAt);
  });

/** True where the form of the text itself says what is expected. */
export const saysExpected = ({ text }: Pick<Asked, 'text'>): boolean =>
  readForm(text)?.fields.expected !== undefined;
