import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageId } from '../../../electron/contract/index.ts';
import { appError } from '../../../electron/contract/index.ts';
import { Home, type HomeOptions } from './home.ts';

let home: Home;
const begin = async (options: HomeOptions = {}): Promise<Home> => {
  if (home) await home.remove();
  home = new Home(options);
  await home.start();
  return home;
};

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
const attempts = (id: MessageId) =>
  home.store
    .prepare<{ outcome: string }, [string]>(
      'SELECT outcome FROM attempts WHERE message_id = ? ORDER BY id',
    )
    .all(id)
    .map((row) => row.outcome);
const calls = (id: MessageId): number => home.gateway.modelCalls.get(`peerage:${id}`) ?? 0;

describe('sending', () => {
  it('answers once the message is on the disk, and goes up the ladder to its answer', async () => {
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    expect(['queued', 'sending']).toContain(home.state(id));
    await home.clock.advance(500);
    expect(await home.read(thread)).toEqual(['> hello [answered]', '< echo: hello [complete]']);
    expect(attempts(id)).toEqual(['acknowledged']);
    expect(calls(id)).toBe(1);
    expect(home.logged).toEqual([]);
  });

  it('gives each message one key for ever: its id', async () => {
    const thread = await home.thread();
    home.link.faults.push('not_sent', 'not_sent');
    const id = await home.send(thread, 'hello');
    await home.clock.advance(10_000);
    expect(home.link.sends.map((send) => send.key)).toEqual(Array(3).fill(`peerage:${id}`));
  });

  it('waits without a link’s connection, and goes when it is there', async () => {
    const thread = await home.thread();
    home.link.cut();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(60_000);
    expect(home.state(id)).toBe('queued');
    expect(home.conversations.threadView(thread)?.waiting).toBe(1);
    home.link.connect();
    await home.clock.advance(500);
    expect(home.state(id)).toBe('answered');
    expect(home.conversations.threadView(thread)?.waiting).toBe(0);
  });
});

describe('a lane', () => {
  it('sends one after the other, in the order of writing', async () => {
    const thread = await home.thread();
    home.link.cut();
    for (const text of ['one', 'two', 'three']) await home.send(thread, text);
    home.link.faults.push('not_sent');
    home.link.connect();
    await home.clock.advance(5_000);
    expect(home.link.sends.map((send) => send.text)).toEqual(['one', 'one', 'two', 'three']);
  });

  it('waits until the one before has its answer, so that answers cannot be mixed up', async () => {
    await begin({ gateway: { partMs: 10_000 } });
    const thread = await home.thread();
    await home.send(thread, 'one');
    const next = await home.send(thread, 'two');
    await home.clock.advance(20_000);
    expect(home.link.sends.map((send) => send.text)).toEqual(['one']);
    expect(home.state(next)).toBe('queued');
    await home.clock.advance(20_000);
    expect(home.link.sends.map((send) => send.text)).toEqual(['one', 'two']);
  });

  it('goes on where the one before was stopped', async () => {
    await begin({ gateway: { partMs: 10_000 } });
    const thread = await home.thread();
    const first = await home.send(thread, 'one');
    await home.send(thread, 'two');
    await home.clock.advance(100);
    const stopping = home.must('message.stop', { messageId: first });
    await home.clock.advance(100);
    await stopping;
    expect(home.link.sends.map((send) => send.text)).toEqual(['one', 'two']);
  });

  it('goes on behind one that failed for good', async () => {
    const thread = await home.thread();
    home.link.faults.push('rejected');
    const refused = await home.send(thread, 'one');
    const next = await home.send(thread, 'two');
    await home.clock.advance(500);
    expect([home.state(refused), home.state(next)]).toEqual(['failed', 'answered']);
    expect(view(refused).error?.code).toBe('link.request_failed');
    expect(home.attention.map((item) => item.kind)).toContain('problem');
  });

  it('stands still behind one that nobody can settle, until its person chooses', async () => {
    await begin({ resolveUnknown: 'none' });
    const thread = await home.thread();
    home.link.faults.push('cut_after');
    const lost = await home.send(thread, 'one');
    const next = await home.send(thread, 'two');
    await home.clock.advance(500);
    home.link.connect();
    await home.clock.advance(120_000);
    expect([home.state(lost), home.state(next)]).toEqual(['unknown', 'queued']);
    expect(view(lost).error?.code).toBe('message.unknown_outcome');
    await home.must('message.settle', { messageId: lost, choice: 'take_as_sent' });
    await home.clock.advance(500);
    expect([home.state(lost), home.state(next)]).toEqual(['sent', 'answered']);
    expect(calls(lost)).toBe(1);
  });

  it('does not hold up another', async () => {
    await begin({ resolveUnknown: 'none' });
    const stuck = await home.thread();
    const free = await home.thread();
    home.link.faults.push('cut_before');
    await home.send(stuck, 'one');
    await home.clock.advance(100);
    home.link.connect();
    const id = await home.send(free, 'two');
    await home.clock.advance(500);
    expect(home.state(id)).toBe('answered');
  });
});

describe('an attempt whose end nobody saw', () => {
  it.each([
    ['cut_after', 1],
    ['cut_before', 2],
  ] as const)('%s: the history tells, and the work is done once', async (fault, sends) => {
    const thread = await home.thread();
    home.link.faults.push(fault);
    const id = await home.send(thread, 'hello');
    await home.clock.advance(100);
    expect(home.state(id)).toBe('unknown');
    home.link.connect();
    await home.clock.advance(5_000);
    expect(await home.read(thread)).toEqual(['> hello [answered]', '< echo: hello [complete]']);
    expect(home.link.sends).toHaveLength(sends);
    expect(calls(id)).toBe(1);
  });

  it('is settled after a crash too, where the row still says sending', async () => {
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(7);
    expect(home.state(id)).toBe('sending');
    await home.crash();
    await home.start(false);
    expect(home.state(id)).toBe('unknown');
    home.link.connect();
    await home.clock.advance(5_000);
    expect(home.state(id)).toBe('answered');
    expect(calls(id)).toBe(1);
  });

  it('says so where the run over there was cut short', async () => {
    await begin({ gateway: { partMs: 5_000 } });
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(6_000);
    home.gateway.restart();
    home.link.cut();
    home.link.connect();
    await home.clock.advance(1_000);
    expect(await home.read(thread)).toEqual(['> hello [delivered]', '< echo:  [interrupted]']);
    expect(view(id).error?.code).toBe('message.no_answer');
    expect(view(id).running).toBe(false);
  });

  it('is told as lost where it was acknowledged and then vanished over there', async () => {
    await begin({ gateway: { writeDownMs: 3_000 } });
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(100);
    expect(home.state(id)).toBe('sent');
    home.gateway.restart();
    home.link.cut();
    home.link.connect();
    await home.clock.advance(60_000);
    expect(home.state(id)).toBe('failed');
    expect(home.link.sends).toHaveLength(1);
    await home.must('message.retry', { messageId: id });
    await home.clock.advance(10_000);
    expect(home.state(id)).toBe('answered');
    expect(calls(id)).toBe(1);
  });

  it('is not settled on another gateway than the one where it was tried', async () => {
    const thread = await home.thread();
    home.link.faults.push('cut_after');
    const id = await home.send(thread, 'hello');
    await home.clock.advance(100);
    await home.retarget();
    await home.clock.advance(60_000);
    expect(home.state(id)).toBe('unknown');
    expect(view(id).error?.code).toBe('message.unknown_outcome');
  });
});

describe('time', () => {
  it('waits longer with each failure, and as long as it was asked to', async () => {
    const thread = await home.thread();
    home.link.faults.push('not_sent', 'not_sent', 'not_sent');
    await home.send(thread, 'hello');
    await home.clock.advance(0);
    expect(home.link.sends).toHaveLength(1);
    await home.clock.advance(500);
    expect(home.link.sends).toHaveLength(2);
    await home.clock.advance(999);
    expect(home.link.sends).toHaveLength(2);
    await home.clock.advance(1);
    expect(home.link.sends).toHaveLength(3);
  });

  it('tells of a delay once, after ten minutes', async () => {
    const thread = await home.thread();
    home.link.cut();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(9 * 60_000);
    expect(view(id).delayed).toBe(false);
    await home.clock.advance(61_000);
    expect(view(id).delayed).toBe(true);
    const told = home.changes.filter((c) => c.type === 'message' && c.id === id).length;
    await home.clock.advance(60 * 60_000);
    expect(home.changes.filter((c) => c.type === 'message' && c.id === id)).toHaveLength(told);
  });

  it('gives up visibly after the hours in Settings, and not before', async () => {
    const thread = await home.thread();
    home.link.cut();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(23 * 3_600_000);
    expect(home.state(id)).toBe('queued');
    await home.clock.advance(3_600_000 + 1_000);
    expect(home.state(id)).toBe('failed');
    expect(view(id).error?.code).toBe('message.expired');
    expect(home.attention.at(-1)?.kind).toBe('problem');
    await home.must('message.retry', { messageId: id });
    home.link.connect();
    await home.clock.advance(500);
    expect(home.state(id)).toBe('answered');
  });

  it('counts while the machine sleeps and while the app is off', async () => {
    const thread = await home.thread();
    home.link.cut();
    const id = await home.send(thread, 'hello');
    await home.clock.sleep(20 * 3_600_000);
    expect(view(id).delayed).toBe(true);
    await home.crash();
    home.clock.jump(5 * 3_600_000);
    await home.start();
    await home.clock.advance(2_000);
    expect(home.state(id)).toBe('failed');
    expect(calls(id)).toBe(0);
  });
});

describe('a link that refuses', () => {
  it('burns no attempts while it needs its person, and goes on when it is ready', async () => {
    const thread = await home.thread();
    home.link.setState({ kind: 'bad_credential', detail: '' });
    const id = await home.send(thread, 'hello');
    await home.clock.advance(3_600_000);
    expect(home.link.sends).toHaveLength(0);
    expect(view(id)).toMatchObject({ state: 'queued', attempts: 0, nextAttemptAt: null });
    home.link.connect();
    await home.clock.advance(500);
    expect(home.state(id)).toBe('answered');
  });

  it('is not tried where it may read and not write', async () => {
    const thread = await home.thread();
    home.link.setState({
      kind: 'degraded',
      since: 0,
      reason: 'too_few_scopes',
      scopes: ['operator.read'],
      missingScopes: ['operator.write'],
      serverVersion: '',
      latencyMs: null,
    });
    await home.send(thread, 'hello');
    await home.clock.advance(60_000);
    expect(home.link.sends).toHaveLength(0);
  });
});

describe('what a person can do', () => {
  it('takes an unsent one back', async () => {
    const thread = await home.thread();
    home.link.cut();
    const id = await home.send(thread, 'hello');
    await home.must('message.cancel', { messageId: id });
    home.link.connect();
    await home.clock.advance(1_000);
    expect(home.state(id)).toBe('cancelled');
    expect(home.link.sends).toHaveLength(0);
    expect(await home.refused('message.retry', { messageId: id })).toBe('message.wrong_state');
  });

  it('cannot take back what is on its way', async () => {
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(7);
    expect(await home.refused('message.cancel', { messageId: id })).toBe('message.wrong_state');
  });

  it('stops a run, and keeps what came of it', async () => {
    await begin({ gateway: { partMs: 1_000 } });
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(1_100);
    expect(view(id).running).toBe(true);
    const stopping = home.must('message.stop', { messageId: id });
    await home.clock.advance(100);
    await stopping;
    expect(await home.read(thread)).toEqual(['> hello [delivered]', '< echo:  [stopped]']);
    expect(await home.refused('message.stop', { messageId: id })).toBe('message.wrong_state');
  });

  it('sends an unknown one again, knowing that it may be done twice', async () => {
    await begin({ resolveUnknown: 'none' });
    const thread = await home.thread();
    home.link.faults.push('cut_before');
    const id = await home.send(thread, 'hello');
    await home.clock.advance(100);
    home.link.connect();
    await home.clock.advance(5_000);
    await home.must('message.settle', { messageId: id, choice: 'send_again' });
    await home.clock.advance(500);
    expect(home.state(id)).toBe('answered');
  });
});

describe('the size guard', () => {
  it('warns above the soft limit, in bytes and not in letters', async () => {
    const thread = await home.thread();
    const send = (text: string) =>
      home.must('message.send', { threadId: thread, text, kind: 'message', attachmentIds: [] });
    expect((await send('a'.repeat(4_096))).warning).toBe('none');
    expect((await send('ä'.repeat(2_049))).warning).toBe('over_soft_limit');
    expect((await send('ä'.repeat(4_096))).warning).toBe('over_soft_limit');
  });

  it('refuses above the hard limit before anything is stored', async () => {
    const thread = await home.thread();
    const code = await home.refused('message.send', {
      threadId: thread,
      text: 'ä'.repeat(4_097),
      kind: 'message',
      attachmentIds: [],
    });
    expect(code).toBe('message.too_large');
    expect(await home.shown(thread)).toEqual([]);
    expect(home.store.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 0 });
  });

  it('refuses a message of white space', async () => {
    const thread = await home.thread();
    expect(
      await home.refused('message.send', {
        threadId: thread,
        text: ' \n ',
        kind: 'message',
        attachmentIds: [],
      }),
    ).toBe('message.empty');
  });
});

describe('an error of a run', () => {
  it('stands at the answer, and the question stays delivered', async () => {
    await begin({ gateway: { partMs: 1_000 } });
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    await home.clock.advance(100);
    home.gateway.failRun(`peerage:${id}`, appError('message.run_failed', 'Out of tokens.'));
    await home.clock.advance(100);
    expect(await home.read(thread)).toEqual(['> hello [delivered]', '<  [failed]']);
    expect((await home.shown(thread))[1]?.error?.detail).toBe('Out of tokens.');
    expect(home.conversations.threadView(thread)).toMatchObject({ running: false, unread: 1 });
  });
});
