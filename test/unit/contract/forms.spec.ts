import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FilledForm,
  FORMS,
  readAnswerState,
  readForm,
  readPriority,
  writeForm,
  writeMoment,
} from '../../../electron/contract/index.ts';

/** What a person may write: lines that look like fields and tags among them. */
const lineOf = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    'Task: not a field',
    'Priority: low',
    '[Delegation] → no',
    '  indented',
    '',
    '\t',
    'a: b',
  ),
);
const single = (text: string): string => text.replaceAll('\u0000', '').replace(/\s+/gu, ' ').trim();
const several = (text: string): string =>
  text
    .replace(/\r\n?/gu, '\n')
    .replaceAll('\u0000', '')
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : line))
    .join('\n')
    .trim();

const filled: fc.Arbitrary<FilledForm> = fc.constantFrom(...FORMS).chain((form) =>
  fc.record({
    kind: fc.constant(form.kind),
    topic: lineOf.map(single),
    fields: fc
      .record(
        Object.fromEntries(
          form.fields.map((field) => [
            field.key,
            field.shape === 'many'
              ? fc.array(lineOf, { maxLength: 6 }).map((lines) => several(lines.join('\n')))
              : lineOf.map(single),
          ]),
        ),
      )
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))),
  }),
);

describe('a form', () => {
  it('is read as it was written, whatever stands in its fields', () => {
    fc.assert(
      fc.property(filled, (form) => {
        expect(readForm(writeForm(form))).toEqual(form);
      }),
    );
  });

  it('keeps the points of a list together', () => {
    const written = writeForm({
      kind: 'status',
      topic: 'Today',
      fields: { done: '- Summary\n- Release notes', focus: '- The parser' },
    });
    expect(written).toBe(
      "[Morning Status] → Today\nWhat's done:\n  - Summary\n  - Release notes\nFocus today:\n  - The parser",
    );
  });

  it('never makes reading throw, and what it reads it writes so that it reads the same', () => {
    const tag = fc.constantFrom('[Delegation]', '[status] ->', ' [Review Request] →', '[x]', '');
    const text = fc
      .tuple(tag, fc.array(lineOf))
      .map(([head, lines]) => `${head} ${lines.join('\n')}`);
    fc.assert(
      fc.property(text, (written) => {
        const form = readForm(written);
        if (form) expect(readForm(writeForm(form))).toEqual(form);
      }),
    );
  });

  it('is text that any agent reads', () => {
    const text = writeForm({
      kind: 'delegation',
      topic: 'Release notes',
      fields: {
        priority: 'high',
        task: 'Draft the notes.\nKeep them short.',
        context: '',
        deadline: writeMoment(Date.UTC(2026, 10, 21, 21, 20)),
      },
    });
    expect(text).toBe(
      '[Delegation] → Release notes\nPriority: high\nTask: Draft the notes.\n  Keep them short.\nDeadline: 2026-11-21 21:20 UTC',
    );
  });

  it('is read as the published skill writes it, and as people do', () => {
    expect(
      readForm(
        '[Morning Status] -> Atlas\nWhat’s done: parser\nblockers: none\nFocus today: tests\nand docs\n\nmore\nNeed from peer: -',
      ),
    ).toEqual({
      kind: 'status',
      topic: 'Atlas',
      fields: { done: 'parser', blockers: 'none', focus: 'tests\nand docs\n\nmore', need: '-' },
    });
    expect(readForm('[Status] → Atlas\nBlockers: none')?.kind).toBe('status');
  });

  it('is none where another tag, no tag, or prose before the fields stands', () => {
    for (const text of [
      'hello',
      '[Draft] → x\nTask: y',
      '[Question] → x\nI wonder about this',
      '',
    ]) {
      expect(readForm(text)).toBeNull();
    }
  });
});

describe('a priority', () => {
  it('may be called medium', () => {
    expect([readPriority('Medium'), readPriority(' urgent '), readPriority('soon')]).toEqual([
      'normal',
      'urgent',
      null,
    ]);
  });
});

describe('how an answer says that the work stands', () => {
  it.each([
    ['Status: completed\n\nHere it is.', 'completed'],
    ['**Status:** in_progress', 'in_progress'],
    ['Status: in progress', 'in_progress'],
    ['[failed] the build is broken', 'failed'],
    ['[Accepted]', 'accepted'],
    ['[Declined] → Release notes\nReasoning: no time', 'declined'],
    ['[Delegation] → Release notes\nStatus: failed', 'failed'],
    ['[Question] → Release notes\nQuestion: which version?', 'asked_back'],
    ['[Milestone] → half way\nWhat happened: x', 'in_progress'],
    ['[Thread Close] → done', 'completed'],
    ['I completed it and nothing failed.', null],
    ['The status: who knows', null],
    ['', null],
  ] as const)('%j is %s', (text, state) => {
    expect(readAnswerState(text)).toBe(state);
  });
});
