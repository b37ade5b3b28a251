import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appError, type MessageId } from '../../../electron/contract/index.ts';
import { Home } from './home.ts';

let home: Home;
beforeEach(async () => {
  home = new Home();
  await home.start();
});
afterEach(() => home.remove());

const view = (id: MessageId) => {
  const message = home.conversations.messageView(id);
  if (message?.direction !== 'out') throw new Error('not ours');
  return message;
};
const calls = (id: MessageId): number => home.gateway.modelCalls.get(`peerage:${id}`) ?? 0;
const error = appError('message.unknown_outcome', 'Nothing tells.');

describe('a session that was reset over there', () => {
  /** Of two messages the second runs, its acknowledgement is lost, and then nothing is left of both. */
  const lostOnce = async (between = async () => {}): Promise<MessageId> => {
    const thread = await home.thread();
    await home.send(thread, 'earlier');
    await home.clock.advance(500);
    await between();
    home.link.faults.push('cut_after');
    const id = await home.send(thread, 'hello');
    await home.clock.advance(500);
    expect(calls(id)).toBe(1);
    for (const session of home.gateway.sessions()) home.gateway.reset(session);
    home.gateway.restart();
    home.link.connect();
    await home.clock.advance(60_000);
    return id;
  };

  it('proves nothing by being empty: what already ran is not done again', async () => {
    const id = await lostOnce();
    expect([home.state(id), calls(id)]).toEqual(['unknown', 1]);
    expect(view(id).error?.code).toBe('message.unknown_outcome');
  });

  it('is known as used although retention deleted here what it held', async () => {
    const id = await lostOnce(async () => {
      home.settings = { ...home.settings, retentionDays: 30 };
      home.clock.jump(31 * 86_400_000);
      const went = home.conversations.applyRetention();
      await home.clock.advance(100);
      expect(await went).toBe(2);
    });
    expect([home.state(id), calls(id)]).toEqual(['unknown', 1]);
  });
});

describe('a message that is sent again by hand', () => {
  it('is asked about anew when its new end is not seen either, on the same connection', async () => {
    const thread = await home.thread();
    const settle = vi.spyOn(home.link, 'settle').mockResolvedValue({ kind: 'cannot_tell', error });
    const send = vi.spyOn(home.link, 'send').mockResolvedValue({ kind: 'unknown', error });
    const id = await home.send(thread, 'hello');
    await home.clock.advance(5_000);
    settle.mockRestore();
    await home.must('message.settle', { messageId: id, choice: 'send_again' });
    await home.clock.advance(500);
    send.mockRestore();
    await home.clock.advance(10_000);
    expect(home.state(id)).toBe('answered');
  });
});

describe('a run of which nothing tells any more', () => {
  it.each(['sent', 'delivered'])(
    'ends when its message was %s, is told, and lets the next one go',
    async (state) => {
      await home.remove();
      home = new Home({ gateway: { partMs: 10_000, writeDownMs: state === 'sent' ? 5_000 : 20 } });
      await home.start();
      const thread = await home.thread();
      const id = await home.send(thread, 'one');
      await home.clock.advance(state === 'sent' ? 200 : 10_500);
      expect([home.state(id), view(id).running]).toEqual([state, true]);
      const next = await home.send(thread, 'two');
      home.link.cut();
      home.gateway.restart();
      const settle = vi.spyOn(home.link, 'settle');
      settle.mockResolvedValue({ kind: 'cannot_tell', error });
      vi.spyOn(home.link, 'history').mockResolvedValue([]);
      home.link.connect();
      await home.clock.advance(1_000);
      expect([home.state(id), view(id).running]).toEqual([state, false]);
      expect(view(id).error).toEqual(error);
      expect(home.attention.filter((item) => item.messageId === id)).toMatchObject([
        { kind: 'problem', text: error.title },
      ]);
      expect(home.link.sends.map((send) => send.text)).toEqual(['one', 'two']);
      await home.clock.advance(120_000);
      expect(home.state(next)).toBe('answered');
    },
  );
});
