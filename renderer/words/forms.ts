import type { FormKind } from '../../electron/contract/index.ts';

/** What a person reads of a form: its name, what it is for, and what its fields are called. */
interface FormWords {
  readonly name: string;
  readonly about: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The words of every form, by its kind. Keys of `fields` are those of the form's own schema. */
export const formWords: Readonly<Record<FormKind, FormWords>> = {
  delegation: {
    name: 'Delegation',
    about: 'Work for their agent. It stands in the inbox until it is done.',
    fields: {
      priority: 'Priority',
      task: 'Task',
      context: 'Context',
      deadline: 'Deadline',
      expected: 'Expected output',
      expertise: 'What they are good at',
      status: 'Status',
      answer: 'How to answer',
    },
  },
  question: {
    name: 'Question',
    about: 'Something that you want to know.',
    fields: { question: 'Question', context: 'Context' },
  },
  review: {
    name: 'Review request',
    about: 'Work of yours that they should look at.',
    fields: {
      task: 'Task',
      approach: 'Approach',
      wanted: 'What to review',
      questions: 'Questions',
    },
  },
  status: {
    name: 'Morning status',
    about: 'Where you stand today.',
    fields: {
      done: 'Done',
      blockers: 'Blockers',
      focus: 'Focus today',
      need: 'Needed from the peer',
    },
  },
  insight: {
    name: 'Insight',
    about: 'Something that you learned and they may use.',
    fields: { learned: 'Learned', matters: 'Why it matters', source: 'Source' },
  },
  feedback: {
    name: 'Feedback',
    about: 'What you think of something of theirs.',
    fields: { verdict: 'Verdict', reasoning: 'Reasoning', alternative: 'Alternative' },
  },
  milestone: {
    name: 'Milestone',
    about: 'Something that is reached.',
    fields: { happened: 'What happened', next: 'Next step', celebration: 'Celebration' },
  },
  blocker: {
    name: 'Blocker',
    about: 'Something that holds you up.',
    fields: { blocked: 'What is blocked', tried: 'What was tried', need: 'Needed from the peer' },
  },
  close: {
    name: 'Close',
    about: 'This thread is done: what came of it.',
    fields: { resolved: 'Resolved', learnings: 'Learned', done: 'Done' },
  },
};
