import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../../electron/contract/index.ts';
import { newMessageId } from '../../../electron/conversations/answers.ts';
import { keyOf } from '../../../electron/conversations/keys.ts';
import {
  type KnownQuestion,
  planMerge,
  type ThreadKnowledge,
} from '../../../electron/conversations/merge-plan.ts';
import type { HistoryMessage } from '../../../electron/links/link.ts';

const q1 = newMessageId();
const q2 = newMessageId();

const row = (remoteId: string, more: Partial<HistoryMessage> = {}): HistoryMessage => ({
  remoteId,
  role: 'assistant',
  text: `text of ${remoteId}`,
  key: null,
  runId: null,
  at: null,
  senderLabel: null,
  ...more,
});
const asked = (remoteId: string, id: MessageId) => row(remoteId, { role: 'user', key: keyOf(id) });
const answer = (remoteId: string, id: MessageId) => row(remoteId, { runId: keyOf(id) });

/** A thread that knows what it is told, and learns from plans. */
class Thread implements ThreadKnowledge {
  readonly questions = new Map<MessageId, KnownQuestion>();
  readonly others = new Set<MessageId>();
  readonly remote = new Set<string>();
  readonly gone = new Set<string>();
  readonly texts = new Map<string, MessageId>();

  question = (id: MessageId) => this.questions.get(id) ?? null;
  elsewhere = (id: MessageId) => this.others.has(id);
  known = (remoteId: string) => this.remote.has(remoteId);
  forgotten = (mark: string) => this.gone.has(mark);
  unclaimed = (text: string) => this.texts.get(text) ?? null;
  now: MessageId | null = null;
  running = () => this.now;

  carryOut(steps: ReturnType<typeof planMerge>): void {
    for (const step of steps) {
      if (step.kind === 'foreign') this.remote.add(step.message.remoteId);
      if (step.kind === 'seen') {
        const known = this.questions.get(step.id);
        if (known) this.questions.set(step.id, { ...known, remoteId: step.remoteId });
        this.remote.add(step.remoteId);
      }
      if (step.kind === 'late_answer') {
        const { remoteId } = step.message;
        const known = this.questions.get(step.id);
        const answer = { id: newMessageId(), remoteId, ended: true };
        if (known) this.questions.set(step.id, { ...known, answer });
        this.remote.add(remoteId);
      }
      if (step.kind === 'claim') this.remote.add(step.remoteId);
      if (step.kind === 'absorb') this.gone.add(step.remoteId);
    }
  }
}

const closed: KnownQuestion = { open: false, remoteId: null, answer: null };
const open: KnownQuestion = { ...closed, open: true };

describe('merging a history', () => {
  it('shows what others said, once, and leaves tool rows out', () => {
    const thread = new Thread();
    const history = [
      row('a', { role: 'user' }),
      row('b'),
      row('c', { role: 'other' }),
      row('d', { text: ' ' }),
    ];
    const steps = planMerge([...history, ...history], thread);
    expect(steps.map((s) => s.kind === 'foreign' && s.message.remoteId)).toEqual(['a', 'b']);
  });

  it('takes our own row as proof of delivery', () => {
    const thread = new Thread();
    thread.questions.set(q1, open);
    expect(planMerge([asked('a', q1)], thread)).toEqual([{ kind: 'seen', id: q1, remoteId: 'a' }]);
  });

  it('gives an answer its place between what others said', () => {
    const thread = new Thread();
    thread.questions.set(q1, open);
    const found = answer('b', q1);
    const settled = new Map([[q1, { kind: 'present', running: false, answer: found } as const]]);
    const history = [asked('q', q1), row('a'), found, row('c')];
    expect(planMerge(history, thread, settled).map((step) => step.kind)).toEqual([
      'seen',
      'foreign',
      'settled',
      'foreign',
    ]);
  });

  it('does not take a row of a run that goes on for its end', () => {
    const thread = new Thread();
    thread.questions.set(q1, open);
    const running = new Map([[q1, { kind: 'present', running: true, answer: null } as const]]);
    expect(planMerge([answer('a', q1)], thread, running).map((s) => s.kind)).toEqual(['settled']);
    expect(planMerge([answer('a', q1)], thread).map((s) => s.kind)).toEqual(['hold']);
  });

  it('takes several rows of a run for one answer', () => {
    const thread = new Thread();
    thread.questions.set(q1, closed);
    const steps = planMerge([answer('a', q1), answer('b', q1)], thread);
    expect(steps).toMatchObject([
      { kind: 'absorb', remoteId: 'a' },
      { kind: 'late_answer', message: { remoteId: 'b', text: 'text of a\n\ntext of b' } },
    ]);
  });

  it('takes a run repeated under another id for the answer to the question before it', () => {
    const thread = new Thread();
    thread.questions.set(q1, open);
    const repeated = (id: string) => row(id, { runId: 'an id of their own' });
    const [first, last] = [repeated('b'), repeated('c')];
    const outcome = { kind: 'present', running: false, answer: last } as const;
    const history = [asked('a', q1), row('s', { role: 'other' }), first, last];
    const steps = planMerge(history, thread, new Map([[q1, outcome]]));
    expect(steps.map((step) => step.kind)).toEqual(['seen', 'absorb', 'settled']);
  });

  it('shows what the agent says by itself after an answer as a message of its own', () => {
    const thread = new Thread();
    const known = { id: newMessageId(), remoteId: 'b', ended: true };
    thread.questions.set(q1, { ...closed, remoteId: 'a', answer: known });
    thread.remote.add('a').add('b');
    const said = row('c', { runId: 'a heartbeat' });
    expect(planMerge([asked('a', q1), answer('b', q1), said], thread)).toEqual([
      { kind: 'foreign', message: said },
    ]);
    expect(planMerge([said], thread, new Map(), true)).toHaveLength(1);
  });

  it('keeps a row in mind that came while a run goes on and names none', () => {
    const thread = new Thread();
    thread.questions.set(q1, open);
    thread.now = q1;
    expect(planMerge([row('a')], thread, new Map(), true)).toMatchObject([
      { kind: 'hold', id: q1, sure: false },
    ]);
  });

  it('recognises the streamed answer when its row comes later, with or without its run', () => {
    const thread = new Thread();
    const answerId = newMessageId();
    thread.questions.set(q1, { ...closed, answer: { id: answerId, remoteId: null, ended: true } });
    expect(planMerge([answer('a', q1)], thread)).toEqual([
      { kind: 'claim', answerId, remoteId: 'a' },
    ]);
    thread.texts.set('text of b', answerId);
    expect(planMerge([row('b')], thread)).toEqual([{ kind: 'claim', answerId, remoteId: 'b' }]);
  });

  it('does not bring back what retention deleted', () => {
    const thread = new Thread();
    thread.gone.add('a').add(q1);
    expect(planMerge([row('a'), asked('b', q1), answer('c', q1)], thread)).toEqual([]);
  });

  it('shows the row of another Peerage in a shared session as somebody else’s', () => {
    const steps = planMerge([asked('a', q2)], new Thread());
    expect(steps).toMatchObject([{ kind: 'foreign', message: { remoteId: 'a' } }]);
  });

  it('leaves what we wrote from another thread, and its answer, to that thread', () => {
    const thread = new Thread();
    thread.others.add(q1).add(q2);
    const rows = [
      asked('a', q1),
      row('b'),
      asked('c', q2),
      answer('d', q2),
      row('e', { role: 'user' }),
    ];
    expect(planMerge(rows, thread)).toEqual([{ kind: 'foreign', message: rows[4] }]);
  });

  it('plans nothing new once it was carried out, for any history', () => {
    const ids = [q1, q2, newMessageId()];
    const anyRow = fc.record({
      remoteId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      role: fc.constantFrom('user' as const, 'assistant' as const, 'other' as const),
      text: fc.constantFrom('one', 'two', ''),
      key: fc.constantFrom(null, ...ids.map(keyOf)),
      runId: fc.constantFrom(null, ...ids.map(keyOf)),
      at: fc.constant(null),
      senderLabel: fc.constant(null),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRow, { selector: (r) => r.remoteId }),
        fc.subarray(ids),
        (history, ours) => {
          const thread = new Thread();
          for (const id of ours) thread.questions.set(id, closed);
          const first = planMerge(history, thread);
          thread.carryOut(first);
          const again = planMerge(history, thread).filter((step) => step.kind !== 'seen');
          expect(again).toEqual([]);
          const shown = first.flatMap((s) => (s.kind === 'foreign' ? [s.message.remoteId] : []));
          expect(new Set(shown).size).toBe(shown.length);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
