import { afterEach, describe, expect, it } from 'vitest';
import { appError, type DelegationId, type MessageId } from '../../../electron/contract/index.ts';
import { Home, type HomeOptions, peerId } from './home.ts';

let home: Home;
const begin = async (options: HomeOptions = {}): Promise<void> => {
  home = new Home({ gateway: { partMs: 60_000 }, ...options });
  await home.start();
};
afterEach(() => home.remove());

const give = async () => {
  const order = {
    peerId: peerId(),
    topic: 'Notes',
    task: 'Draft them.',
    priority: 'high' as const,
  };
  const given = await home.must('outgoing.send', order);
  await home.clock.advance(200);
  return given;
};
const card = (id: DelegationId) => home.conversations.outgoing.view(id);
const view = (id: MessageId) => {
  const found = home.conversations.messageView(id);
  if (found?.direction !== 'out') throw new Error('not a message of ours');
  return found;
};
const runs = (id: string): boolean => home.gateway.run(`peerage:${id}`);
const back = async (): Promise<void> => {
  home.link.connect();
  await home.clock.advance(2_000);
};

describe('a Stop that the link cannot carry', () => {
  it('is kept while the peer reconnects, shown, and carried out once it is back', async () => {
    await begin();
    const { delegationId, messageId } = await give();
    home.link.cut();
    await home.must('outgoing.cancel', { delegationId });
    expect(card(delegationId)).toMatchObject({ state: 'in_progress', stop: { error: null } });
    expect(view(messageId).stop).toMatchObject({ error: null });
    expect(runs(delegationId)).toBe(true);
    await back();
    expect(runs(delegationId)).toBe(false);
    expect(card(delegationId)?.state).toBe('cancelled');
    expect(card(delegationId)?.stop).toBeUndefined();
    expect(view(messageId).stop).toBeUndefined();
  });

  it('is kept over a crash', async () => {
    await begin();
    const { delegationId } = await give();
    home.link.cut();
    await home.must('outgoing.cancel', { delegationId });
    await home.crash();
    await home.start(false);
    expect(card(delegationId)).toMatchObject({ state: 'in_progress', stop: { error: null } });
    await back();
    expect(runs(delegationId)).toBe(false);
    expect(card(delegationId)?.state).toBe('cancelled');
  });

  it('is kept where the connection goes in the middle of it', async () => {
    await begin();
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(200);
    const stopped = home.must('message.stop', { messageId: id });
    home.link.cut();
    await home.clock.advance(100);
    await stopped;
    expect(view(id).stop).toMatchObject({ error: null });
    await back();
    expect(runs(id)).toBe(false);
    expect(view(id)).toMatchObject({ running: false });
    expect(view(id).stop).toBeUndefined();
  });

  it('waits where nobody knows whether the work arrived, and stops it once that is known', async () => {
    await begin();
    home.link.faults.push('cut_after');
    const { delegationId } = await give();
    expect(card(delegationId)?.delivery).toBe('unknown');
    await home.must('outgoing.cancel', { delegationId });
    await back();
    await home.clock.advance(5_000);
    expect(runs(delegationId)).toBe(false);
    expect(card(delegationId)?.state).toBe('cancelled');
  });

  it('takes the work back where it never arrived, and sends it no more', async () => {
    await begin();
    home.link.faults.push('cut_before');
    const { delegationId } = await give();
    await home.must('outgoing.cancel', { delegationId });
    await back();
    await home.clock.advance(60_000);
    expect(home.link.sends).toHaveLength(1);
    expect(home.gateway.modelCalls.size).toBe(0);
    expect(card(delegationId)).toMatchObject({ state: 'cancelled', delivery: 'cancelled' });
  });

  it('says where the peer does not let it be stopped, and tries when it is asked again', async () => {
    await begin();
    const { delegationId } = await give();
    home.link.cut();
    await home.must('outgoing.cancel', { delegationId });
    home.link.stopFaults.push(appError('a2a.cannot_stop', 'Not by you.'));
    await back();
    expect(card(delegationId)).toMatchObject({
      state: 'in_progress',
      stop: { error: { code: 'a2a.cannot_stop', detail: 'Not by you.' } },
    });
    await home.clock.advance(40_000);
    expect(runs(delegationId)).toBe(true);
    const again = home.must('outgoing.cancel', { delegationId });
    await home.clock.advance(100);
    await again;
    expect(runs(delegationId)).toBe(false);
    expect(card(delegationId)?.state).toBe('cancelled');
  });

  it('is forgotten with a run that ended by itself, and meets no later one', async () => {
    await begin({ gateway: { partMs: 1_000 } });
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(200);
    home.link.cut();
    await home.must('message.stop', { messageId: id });
    await home.clock.advance(10_000);
    await back();
    expect(home.state(id)).toBe('answered');
    const next = await home.send(thread, 'again');
    await home.clock.advance(300);
    await back();
    expect(runs(next)).toBe(true);
    expect(view(next).stop).toBeUndefined();
  });
});
