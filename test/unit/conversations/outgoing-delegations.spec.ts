import { afterEach, describe, expect, it } from 'vitest';
import {
  appError,
  type DelegationId,
  type DelegationState,
  isOver,
  MessageId,
} from '../../../electron/contract/index.ts';
import { Home, type HomeOptions, peerId } from './home.ts';

let home: Home;
const begin = async (options: HomeOptions = {}): Promise<void> => {
  home = new Home(options);
  await home.start();
};
afterEach(() => home.remove());

const order = { topic: 'Release notes', task: 'Draft them.', priority: 'high' as const };
const give = async (more: object = {}) =>
  home.must('outgoing.send', { peerId: peerId(), ...order, ...more });
const view = (id: DelegationId) => {
  const found = home.conversations.outgoing.view(id);
  if (!found) throw new Error('it is gone');
  return found;
};
const restart = async (): Promise<void> => {
  await home.crash();
  await home.start();
};
const keyOf = (id: DelegationId): string => `peerage:${id}`;
const sessionOf = (id: DelegationId): string => {
  const send = home.link.sends.find((one) => one.key === keyOf(id));
  if (!send) throw new Error('it was not sent');
  return send.sessionKey;
};

describe('a delegation over a gateway link', () => {
  it('is sent as readable text in a thread of its own, and its answer completes it', async () => {
    await begin({ gateway: { answer: () => ['Here ', 'they are.'] } });
    const { delegationId, threadId } = await give({ deadlineAt: Date.UTC(2026, 10, 22, 9) });
    expect(view(delegationId)).toMatchObject({
      state: 'proposed',
      topic: 'Release notes',
      priority: 'high',
    });
    await home.clock.advance(500);
    expect(home.link.sends[0]?.text.split('\n').slice(0, 4)).toEqual([
      '[Delegation] → Release notes',
      'Priority: high',
      'Task: Draft them.',
      'Deadline: 2026-11-22 09:00 UTC',
    ]);
    expect(view(delegationId)).toMatchObject({
      state: 'completed',
      stateFrom: 'answer',
      running: false,
      answer: { text: 'Here they are.' },
    });
    expect(home.conversations.threadView(threadId)?.title).toBe('Release notes');
    expect(await home.must('outgoing.open', { delegationId })).toMatchObject({
      answer: 'Here they are.',
    });
  });

  it('is in progress while the agent works, and survives a crash meanwhile', async () => {
    await begin({ gateway: { partMs: 10_000, answer: () => ['Status: failed\n', 'no disk'] } });
    const { delegationId } = await give();
    await home.clock.advance(200);
    expect(view(delegationId)).toMatchObject({ state: 'in_progress', running: true });
    await restart();
    expect(view(delegationId).state).toBe('in_progress');
    await home.clock.advance(120_000);
    expect(view(delegationId)).toMatchObject({ state: 'failed', stateFrom: 'answer' });
  });

  it('stays open where the answer says so, until a later word ends it', async () => {
    await begin({ gateway: { answer: () => ['Status: in_progress\nI look at it tonight.'] } });
    const { delegationId } = await give();
    await home.clock.advance(500);
    expect(view(delegationId)).toMatchObject({ state: 'in_progress', running: false });
    home.gateway.foreign(sessionOf(delegationId), '[completed] it is in the wiki', 'assistant');
    await home.clock.advance(500);
    expect(view(delegationId)).toMatchObject({
      state: 'completed',
      answer: { text: '[completed] it is in the wiki' },
    });
  });

  it('waits for us where it asks, and our answer brings it on', async () => {
    const answers = ['[Question] → Release notes\nQuestion: which version?', 'Status: completed'];
    await begin({ gateway: { answer: () => [answers.shift() ?? ''] } });
    const { delegationId, threadId } = await give();
    await home.clock.advance(500);
    expect(view(delegationId)).toMatchObject({
      state: 'asked_back',
      question: '[Question] → Release notes\nQuestion: which version?',
    });
    await restart();
    const asked = MessageId.parse(delegationId);
    expect(home.conversations.messageView(asked)).toMatchObject({
      state: 'answered',
      askedBack: true,
    });
    const answer = await home.send(threadId, 'The next one.');
    expect(view(delegationId)).toMatchObject({ state: 'proposed', question: null });
    await home.clock.advance(500);
    expect(view(delegationId).state).toBe('completed');
    expect(home.conversations.messageView(asked)).toMatchObject({ askedBack: true });
    expect(home.conversations.messageView(answer)).not.toHaveProperty('askedBack');
  });

  it('is cancelled by Stop, over there too', async () => {
    await begin({ gateway: { partMs: 10_000 } });
    const { delegationId } = await give();
    await home.clock.advance(200);
    const stopped = home.must('outgoing.cancel', { delegationId });
    await home.clock.advance(100);
    await stopped;
    expect(view(delegationId).state).toBe('cancelled');
    expect(await home.refused('outgoing.cancel', { delegationId })).toBe('outgoing.over');
  });

  it('is taken back before it left', async () => {
    await begin();
    home.link.cut();
    const { delegationId } = await give();
    await home.must('outgoing.cancel', { delegationId });
    expect(view(delegationId)).toMatchObject({ state: 'cancelled', delivery: 'cancelled' });
    expect(home.link.sends).toEqual([]);
  });

  it('fails where its message is refused, and begins anew when that is sent again', async () => {
    await begin();
    home.link.faults.push('rejected');
    const { delegationId, messageId } = await give();
    await home.clock.advance(500);
    expect(view(delegationId)).toMatchObject({ state: 'failed', stateFrom: 'delivery' });
    expect(view(delegationId).error?.code).toBe('link.request_failed');
    await home.must('message.retry', { messageId });
    expect(view(delegationId)).toMatchObject({ state: 'proposed', error: null });
    await home.clock.advance(500);
    expect(view(delegationId).state).toBe('completed');
  });

  it('ends by a person’s own word, once', async () => {
    await begin({ gateway: { answer: () => ['[in_progress]'] } });
    const { delegationId } = await give();
    await home.clock.advance(500);
    await home.must('outgoing.mark', { delegationId, state: 'completed' });
    expect(view(delegationId)).toMatchObject({ state: 'completed', stateFrom: 'person' });
    expect(await home.refused('outgoing.mark', { delegationId, state: 'failed' })).toBe(
      'outgoing.over',
    );
  });

  it('is not sent with a secret in it, and leaves no thread behind', async () => {
    await begin();
    const task = `Use ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)} for it.`;
    const input = { peerId: peerId(), ...order, task };
    expect(await home.refused('outgoing.send', input)).toBe('message.looks_secret');
    expect(home.conversations.threadsOf(peerId())).toEqual([]);
    expect((await home.call('outgoing.send', { ...input, anyway: true })).ok).toBe(true);
  });

  it('goes from the board while its thread is deleted, and comes back with it', async () => {
    await begin();
    const { delegationId, threadId } = await give();
    await home.clock.advance(500);
    await home.must('thread.delete', { threadId });
    expect(home.conversations.outgoing.view(delegationId)).toBeNull();
    await home.must('thread.restore', { threadId });
    expect(view(delegationId).state).toBe('completed');
  });
});

describe('a delegation over a wire with states of its own', () => {
  const stands = async (id: DelegationId, state: DelegationState): Promise<void> => {
    home.gateway.tell({ kind: 'run_state', key: keyOf(id), sessionKey: sessionOf(id), state });
    await home.clock.advance(50);
  };
  const sent = async (): Promise<DelegationId> => {
    await begin({ kind: 'a2a', gateway: { partMs: 3_600_000 } });
    const { delegationId } = await give({ expected: 'Markdown', deadlineAt: 4_102_444_800_000 });
    await home.clock.advance(200);
    return delegationId;
  };

  it('carries what it asks for beside the text', async () => {
    await sent();
    expect(home.link.sends[0]?.work).toEqual({
      topic: 'Release notes',
      task: 'Draft them.',
      context: '',
      expected: 'Markdown',
      priority: 'high',
      deadlineAt: 4_102_444_800_000,
      hops: 0,
    });
    expect(home.link.sends[0]?.text).not.toContain('How to answer');
  });

  it('waits over there until the wire says otherwise, and follows each of its states', async () => {
    const id = await sent();
    expect(view(id)).toMatchObject({ state: 'proposed', delivery: 'delivered', running: true });
    for (const state of ['proposed', 'in_progress', 'proposed', 'in_progress'] as const) {
      await stands(id, state);
      expect(view(id).state).toBe(state);
    }
    await restart();
    expect(view(id).state).toBe('in_progress');
  });

  it.each(['completed', 'failed', 'declined', 'cancelled', 'expired'] as const)(
    'ends as %s, and stays so',
    async (work) => {
      const id = await sent();
      const about = { key: keyOf(id), sessionKey: sessionOf(id), text: 'so it is', work };
      const error = appError('a2a.rejected', 'No time.');
      home.gateway.tell(
        work === 'completed'
          ? { kind: 'run_final', remoteId: 'r', at: null, ...about }
          : {
              kind: 'run_ended',
              reason: work === 'cancelled' ? 'aborted' : 'error',
              error,
              ...about,
            },
      );
      await home.clock.advance(50);
      expect(view(id)).toMatchObject({ state: work, stateFrom: 'wire' });
      await stands(id, 'in_progress');
      expect(view(id).state).toBe(work);
      expect(isOver(view(id).state)).toBe(true);
    },
  );

  it('asks back by a state of its own, whatever the text looks like', async () => {
    const id = await sent();
    const about = { key: keyOf(id), sessionKey: sessionOf(id), at: null, remoteId: 'ask' };
    home.gateway.tell({
      kind: 'run_final',
      text: 'Which?',
      work: 'asked_back',
      asksBack: true,
      ...about,
    });
    await home.clock.advance(50);
    expect(view(id)).toMatchObject({ state: 'asked_back', question: 'Which?', answer: null });
    expect(home.conversations.messageView(MessageId.parse(id))).toMatchObject({ askedBack: true });
  });
});

describe('the list of delegations of ours', () => {
  it('is paged newest first, filtered and searched', async () => {
    await begin({
      gateway: { answer: (text) => [text.includes('odd') ? '[in_progress]' : 'done'] },
    });
    const ids: DelegationId[] = [];
    for (const n of [1, 2, 3, 4, 5]) {
      const { delegationId } = await give({ topic: `No ${n}`, task: n % 2 ? 'odd' : 'even 100%' });
      ids.push(delegationId);
      await home.clock.advance(500);
    }
    const page = async (more: object) => {
      const found = await home.must('outgoing.list', { which: 'all', limit: 2, ...more });
      return [found.delegations.map((one) => one.topic).join(), found.more];
    };
    expect(await page({})).toEqual(['No 5,No 4', true]);
    expect(await page({ before: ids[3] })).toEqual(['No 3,No 2', true]);
    expect(await page({ which: 'open', limit: 9 })).toEqual(['No 5,No 3,No 1', false]);
    expect(await page({ which: 'over', limit: 9 })).toEqual(['No 4,No 2', false]);
    expect(await page({ search: '100%', limit: 9 })).toEqual(['No 4,No 2', false]);
    expect(await page({ search: 'peer 1', limit: 1 })).toEqual(['No 5', true]);
    expect(home.conversations.outgoing.open()).toHaveLength(3);
  });
});
