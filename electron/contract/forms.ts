/**
 * The patterns in which agents and their people write to each other every day, as text that any agent
 * reads: `[Tag] → topic`, then `Field: value` lines. A value of several lines goes on indented by two
 * spaces; what others write without that is read too. Tags and fields: the published skill
 * agent-peer-tailscale 1.0.0, references/peer-communication.md, with what delegations need added.
 */
import type { DelegationPriority, DelegationState } from './a2a.ts';

/** Those kinds of messages that have a pattern. */
export type FormKind =
  | 'status'
  | 'insight'
  | 'review'
  | 'delegation'
  | 'feedback'
  | 'milestone'
  | 'blocker'
  | 'question'
  | 'close';

/** One field. `label` stands before the colon; `also` are other spellings that are read. */
export interface FormField {
  readonly key: string;
  readonly label: string;
  readonly also?: readonly string[];
  /** `many` = several lines of text. */
  readonly shape: 'line' | 'many' | 'choice';
  readonly choices?: readonly string[];
  readonly needed?: boolean;
}

/** How a form is known: `tag` in square brackets; `also` are other tags that mean the same. */
export interface FormShape {
  readonly kind: FormKind;
  readonly tag: string;
  readonly also?: readonly string[];
  readonly fields: readonly FormField[];
}

/** A form with what was written into it, by the keys of its fields. Absent = left out. */
export interface FilledForm {
  readonly kind: FormKind;
  /** One line; may be empty. */
  readonly topic: string;
  readonly fields: Readonly<Record<string, string>>;
}

const many = (key: string, label: string, more: Partial<FormField> = {}): FormField => ({
  key,
  label,
  shape: 'many',
  ...more,
});
const one = (key: string, label: string, more: Partial<FormField> = {}): FormField => ({
  key,
  label,
  shape: 'line',
  ...more,
});
const needed = { needed: true } as const;

/** Every form, in the order in which a person is offered them. */
export const FORMS: readonly FormShape[] = [
  {
    kind: 'delegation',
    tag: 'Delegation',
    fields: [
      one('priority', 'Priority', {
        shape: 'choice',
        choices: ['low', 'normal', 'high', 'urgent'],
      }),
      many('task', 'Task', needed),
      many('context', 'Context'),
      one('deadline', 'Deadline'),
      many('expected', 'Expected output', { also: ['Expected'] }),
      many('expertise', 'Your expertise'),
      one('status', 'Status'),
      one('answer', 'How to answer'),
    ],
  },
  {
    kind: 'question',
    tag: 'Question',
    fields: [many('question', 'Question', needed), many('context', 'Context')],
  },
  {
    kind: 'review',
    tag: 'Review Request',
    fields: [
      many('task', 'Task', needed),
      many('approach', 'Your approach', { also: ['My approach', 'Approach'] }),
      many('wanted', 'What you want reviewed', { also: ['What I want reviewed'] }),
      many('questions', 'Questions'),
    ],
  },
  {
    kind: 'status',
    tag: 'Morning Status',
    also: ['Status'],
    fields: [
      many('done', "What's done", { also: ['What is done', 'Done'] }),
      many('blockers', 'Blockers'),
      many('focus', 'Focus today'),
      many('need', 'Need from peer'),
    ],
  },
  {
    kind: 'insight',
    tag: 'Insight',
    fields: [
      many('learned', 'What I learned', needed),
      many('matters', 'Why it matters'),
      one('source', 'Source'),
    ],
  },
  {
    kind: 'feedback',
    tag: 'Feedback',
    fields: [
      one('verdict', 'Verdict', {
        shape: 'choice',
        choices: ['agree', 'disagree', 'partially'],
        ...needed,
      }),
      many('reasoning', 'Reasoning', needed),
      many('alternative', 'Alternative'),
    ],
  },
  {
    kind: 'milestone',
    tag: 'Milestone',
    fields: [
      many('happened', 'What happened', needed),
      many('next', 'Next step'),
      one('celebration', 'Celebration', { also: ['Celebration emoji'] }),
    ],
  },
  {
    kind: 'blocker',
    tag: 'Blocker',
    fields: [
      many('blocked', 'What is blocked', { also: ["What's blocked"], ...needed }),
      many('tried', 'What I tried'),
      many('need', 'Need from peer'),
    ],
  },
  {
    kind: 'close',
    tag: 'Thread Close',
    also: ['Close'],
    fields: [
      many('resolved', 'Resolved', needed),
      many('learnings', 'Key learnings'),
      many('done', 'Done'),
    ],
  },
];

const byKind = new Map(FORMS.map((form) => [form.kind, form]));

/** The shape of a form. */
export function formShape(kind: FormKind): FormShape {
  const shape = byKind.get(kind);
  if (!shape) throw new Error(`no form ${kind}`);
  return shape;
}

/** True for a kind of message that is written as a form. */
export const isFormKind = (kind: string): kind is FormKind => byKind.has(kind as FormKind);

const wellFormed = (text: string): string => text.replace(/\r\n?/gu, '\n').replaceAll('\u0000', '');
const oneLine = (text: string): string => wellFormed(text).replace(/\s+/gu, ' ').trim();

/** Writes a form as text. Values are trimmed; what is empty is left out. */
export function writeForm({ kind, topic, fields }: FilledForm): string {
  const shape = formShape(kind);
  const subject = oneLine(topic);
  const lines = [`[${shape.tag}]${subject === '' ? '' : ` → ${subject}`}`];
  for (const field of shape.fields) {
    const raw = fields[field.key] ?? '';
    const value = field.shape === 'many' ? wellFormed(raw).trim() : oneLine(raw);
    if (value === '') continue;
    const [first = '', ...more] = value.split('\n');
    // A list keeps its first point with the others.
    const list = /^[-*] /u.test(first);
    lines.push(list ? `${field.label}:` : `${field.label}: ${first}`);
    for (const line of list ? [first, ...more] : more)
      lines.push(line.trim() === '' ? '' : `  ${line}`);
  }
  return lines.join('\n');
}

const HEAD = /^\s*\[([^\]\n]{1,40})\][ \t]*(?:(?:→|->)[ \t]*)?([^\n]*)(?:\n|$)/u;
/** Texts beyond this are prose with a tag in front, UTF-16 units. */
const READ_LIMIT = 200_000;
const plain = (text: string): string => text.trim().toLowerCase().replaceAll('’', "'");

const shapeOfTag = new Map(
  FORMS.flatMap((form) => [form.tag, ...(form.also ?? [])].map((tag) => [plain(tag), form])),
);

const labelsOf = new Map(
  FORMS.map((form) => [
    form.kind,
    new Map(
      form.fields.flatMap((field) =>
        [field.label, ...(field.also ?? [])].map((label) => [plain(label), field] as const),
      ),
    ),
  ]),
);

/**
 * Reads a text of this form, leniently: any case, `->` for the arrow, values that go on without being
 * indented. @returns null where it is none: no known tag in front, or a line before the first field.
 */
export function readForm(text: string): FilledForm | null {
  if (text.length > READ_LIMIT) return null;
  const clean = wellFormed(text);
  const head = HEAD.exec(clean);
  const shape = head && shapeOfTag.get(plain(head[1] ?? ''));
  if (!head || !shape) return null;
  const labels = labelsOf.get(shape.kind);
  const values = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of clean.slice(head[0].length).split('\n')) {
    const split = /^([^\s:][^:\n]{0,40}):(.*)$/u.exec(line);
    const field = split && labels?.get(plain(split[1] ?? ''));
    if (split && field && !values.has(field.key)) {
      current = [(split[2] ?? '').trim()];
      values.set(field.key, current);
    } else if (current) current.push(line.startsWith('  ') ? line.slice(2) : line);
    else if (line.trim() !== '') return null;
  }
  const fields: Record<string, string> = {};
  for (const { key, shape: how } of shape.fields) {
    const lines = values.get(key) ?? [];
    const whole = lines.map((line) => (line.trim() === '' ? '' : line)).join('\n');
    const value = how === 'many' ? whole.trim() : oneLine(whole);
    if (value !== '') fields[key] = value;
  }
  return { kind: shape.kind, topic: oneLine(head[2] ?? ''), fields };
}

/** A priority as people write it; `medium` is what one of the skills calls normal. */
export function readPriority(text: string | undefined): DelegationPriority | null {
  const word = plain(text ?? '');
  if (word === 'medium') return 'normal';
  return word === 'low' || word === 'normal' || word === 'high' || word === 'urgent' ? word : null;
}

/** A moment as it stands in a form: to the minute, in UTC, so that both sides read the same. */
export const writeMoment = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const STATE_WORDS: Readonly<Record<string, DelegationState>> = {
  accept: 'accepted',
  accepted: 'accepted',
  decline: 'declined',
  declined: 'declined',
  in_progress: 'in_progress',
  completed: 'completed',
  done: 'completed',
  failed: 'failed',
};
const stateOfWord = (text: string): DelegationState | null =>
  STATE_WORDS[plain(text).replace(/[\s-]+/gu, '_')] ?? null;

/** A status line stands among the first lines of an answer. */
const STATUS_LINES = 6;

/**
 * What an answer says of the work it answers, where the wire itself has no word for it: `[completed]`
 * in front, a line `Status: in_progress`, or one of the forms. Null = it is an answer and no more.
 */
export function readAnswerState(text: string): DelegationState | null {
  const lines = text.slice(0, 4_000).split('\n', STATUS_LINES + 1);
  for (const line of lines.slice(0, STATUS_LINES)) {
    const said = /^\W*Status\W*:\W*([A-Za-z_ -]+?)\W*$/iu.exec(line);
    const state = said && stateOfWord(said[1] ?? '');
    if (state) return state;
  }
  const tag = /^\s*\[([^\]\n]{1,40})\]/u.exec(text)?.[1];
  if (tag === undefined) return null;
  const state = stateOfWord(tag);
  if (state) return state;
  switch (shapeOfTag.get(plain(tag))?.kind) {
    case 'question':
      return 'asked_back';
    case 'blocker':
    case 'milestone':
    case 'status':
      return 'in_progress';
    case 'close':
      return 'completed';
    default:
      return null;
  }
}
