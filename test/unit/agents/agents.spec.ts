import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Agents,
  createAgents,
  type Deed,
  type Outcome,
} from '../../../electron/agents/index.ts';
import { MAX_WAITING } from '../../../electron/agents/rules.ts';
import {
  type Ask,
  appError,
  type CallerContext,
  type ChangeKey,
  CodedError,
  type MessageId,
  type PeerId,
  type RequestId,
  type RequestView,
  type ThreadId,
} from '../../../electron/contract/index.ts';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';
import { uuid } from '../shell/fake-app.ts';

const HOUR = 3_600_000;
const ADA = uuid(1) as PeerId;
const BEN = uuid(2) as PeerId;
const context: CallerContext = {
  door: 'window',
  connectionId: 'w',
  signal: new AbortController().signal,
};
const ask: Ask = {
  verb: 'send',
  peerId: ADA,
  text: 'Is the build green?',
  kind: 'question',
  topic: 'CI',
  thread: null,
  agentId: null,
};

let folder: string;
let store: Store;
let clock: FakeClock;
let agents: Agents;
let deeds: Deed[];
let asked: RequestView[];
let settled: RequestId[];
let keys: ChangeKey[];
let budget: number;
let perform: (deed: Deed) => Promise<readonly Outcome[]>;

const build = (): Agents =>
  createAgents({
    store,
    clock,
    changed: (key) => keys.push(key),
    settings: () => ({ agentBudget: budget }),
    perform: (deed) => {
      deeds.push(deed);
      return perform(deed);
    },
    attention: { ask: (request) => asked.push(request), settle: (id) => settled.push(id) },
    log: (line) => expect.unreachable(line),
  });

const stored = async ({ recipients }: Deed): Promise<Outcome[]> =>
  recipients.map((peerId, index) => ({
    peerId,
    threadId: uuid(50) as ThreadId,
    messageId: uuid(100 + deeds.length * 10 + index) as MessageId,
  }));

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-agents-'));
  clock = fakeClock();
  store = openStore(folder, clock.now());
  deeds = [];
  asked = [];
  settled = [];
  keys = [];
  budget = 5;
  perform = stored;
  agents = build();
});
afterEach(async () => {
  await agents.stop();
  await store.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const request = (agent = 'Claude', to: readonly [PeerId, string][] = [[ADA, 'Ada']]) =>
  agents.ask(agent, ask, {
    leftOut: [],
    recipients: to.map(([peerId, name]) => ({ peerId, name })),
    text: ask.text,
    kind: ask.kind,
    topic: ask.topic,
    facts: [{ label: 'Thread', value: 'CI' }],
  });
const decide = async (requestId: RequestId, decision: 'approve' | 'deny', reason = '') =>
  agents.handlers['agents.decide']({ requestId, decision, reason }, context);
const rule = async (
  subject: { kind: 'peer'; peerId: PeerId } | { kind: 'agent'; agent: string },
  policy: 'ask' | 'allow' | 'never' | null,
) => agents.handlers['agents.setRule']({ subject, policy }, context);

describe('what a local agent asks for', () => {
  it('waits for the person, who is asked with text and recipients', async () => {
    const view = await request();
    expect(view).toMatchObject({
      agent: 'Claude',
      state: 'waiting',
      text: 'Is the build green?',
      kind: 'question',
      topic: 'CI',
      decision: null,
      recipients: [{ peerId: ADA, name: 'Ada', messageId: null }],
    });
    expect(asked).toEqual([view]);
    expect(agents.waiting()).toEqual([view]);
    expect(deeds).toEqual([]);
    expect(keys).toContainEqual({ type: 'request', id: view.id });
  });

  it('goes once the person approves, once only, and says by whom', async () => {
    const { id } = await request();
    const both = await Promise.all([decide(id, 'approve'), decide(id, 'approve')]);
    expect(both.map((one) => one.ok && one.value.outcome).sort()).toEqual(['done', 'done_before']);
    expect(deeds).toEqual([
      {
        ...{ id, agent: 'Claude', byPerson: true, ask, recipients: [ADA] },
        stored: expect.any(Function),
      },
    ]);
    expect(agents.view(id)).toMatchObject({
      state: 'done',
      decision: { by: 'person' },
      recipients: [{ messageId: expect.any(String) }],
    });
    expect(settled).toEqual([id]);
    expect(await decide(id, 'deny')).toMatchObject({ value: { outcome: 'done_before' } });
    expect(agents.view(id)?.state).toBe('done');
  });

  it('shares its commit with the message where it only stores, and ends in it', async () => {
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    const reader = new DatabaseSync(path.join(folder, DATABASE_NAME), { readOnly: true });
    const onDisk = () => reader.prepare('SELECT count(*) AS n FROM agent_requests').get();
    const threadId = uuid(50) as ThreadId;
    const messageId = uuid(60) as MessageId;
    perform = async (deed) => {
      expect(onDisk()).toEqual({ n: 0 });
      const writing = store.write(() => deed.stored(threadId, messageId));
      expect(agents.view(deed.id)).toMatchObject({ state: 'done', recipients: [{ messageId }] });
      await writing;
      expect(onDisk()).toEqual({ n: 1 });
      return [{ peerId: ADA, threadId, messageId }];
    };
    expect(await request()).toMatchObject({ state: 'done', recipients: [{ threadId, messageId }] });
    reader.close();
  });

  it('fails, and stays in the list, where its message could not be stored', async () => {
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    perform = async (deed) => {
      await store.write(() => {
        deed.stored(uuid(50) as ThreadId, uuid(60) as MessageId);
        throw new CodedError(appError('thread.not_found', ''));
      });
      return [];
    };
    expect(await request()).toMatchObject({
      state: 'failed',
      error: { code: 'thread.not_found' },
      recipients: [{ messageId: null }],
    });
    expect(agents.used()).toBe(0);
  });

  it('is on the disk before a file of it is shared, which counts against the budget', async () => {
    const put = { verb: 'put', key: 'plan', type: 'text', base: null, text: 'x' } as const;
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    budget = 1;
    const reader = new DatabaseSync(path.join(folder, DATABASE_NAME), { readOnly: true });
    perform = async () => {
      expect(reader.prepare('SELECT state FROM agent_requests').all()).toEqual([
        { state: 'sending' },
      ]);
      return [{ peerId: ADA, threadId: null, messageId: null }];
    };
    const share = () =>
      agents.ask('Claude', put, {
        ...{ leftOut: [], recipients: [{ peerId: ADA, name: 'all on Hub' }], text: 'x' },
        ...{ kind: 'message', topic: 'plan', facts: [] },
      });
    expect(await share()).toMatchObject({ state: 'done' });
    expect([agents.used(), agents.budgetLeft()]).toEqual([1, 0]);
    expect(await share()).toMatchObject({
      state: 'refused',
      error: { code: 'agent.budget_spent' },
    });
    reader.close();
  });

  it.each([
    ['allow', null, 'done'],
    ['allow', 'allow', 'done'],
    ['allow', 'ask', 'waiting'],
    ['allow', 'never', 'waiting'],
    ['never', 'allow', 'refused'],
  ] as const)(
    'to a whole relay: with %s for the agent and %s for a peer on it, it is %s',
    async (own, theirs, state) => {
      await rule({ kind: 'agent', agent: 'Claude' }, own);
      if (theirs) await rule({ kind: 'peer', peerId: BEN }, theirs);
      const hub = uuid(9) as PeerId;
      perform = async () => [{ peerId: hub, threadId: null, messageId: null }];
      const tell = {
        verb: 'broadcast',
        audience: { kind: 'relay' },
        topic: null,
        tags: [],
      } as const;
      const described = {
        ...{ leftOut: [], recipients: [{ peerId: hub, name: 'all on Hub' }], readers: [BEN] },
        ...{ text: 'x', kind: 'broadcast' as const, topic: null, facts: [] },
      };
      expect(await agents.ask('Claude', { ...tell, tags: [], text: 'x' }, described)).toMatchObject(
        {
          state,
        },
      );
    },
  );

  it('goes nowhere once the person denied it, and carries the reason back', async () => {
    const { id } = await request();
    await decide(id, 'deny', 'Not today');
    expect(agents.view(id)).toMatchObject({
      state: 'denied',
      decision: { by: 'person', reason: 'Not today' },
      error: { code: 'agent.denied' },
    });
    expect(deeds).toEqual([]);
  });

  it('goes at once where rules allow it, and never where one forbids it', async () => {
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    expect(await request()).toMatchObject({ state: 'done', decision: { by: 'rule' } });
    await rule({ kind: 'peer', peerId: ADA }, 'never');
    expect(await request()).toMatchObject({
      state: 'refused',
      decision: { by: 'rule' },
      error: { code: 'agent.never' },
    });
    await rule({ kind: 'peer', peerId: ADA }, null);
    expect((await request()).state).toBe('done');
    expect((await request('Somebody else')).state).toBe('waiting');
    expect(deeds).toHaveLength(2);
  });

  it('leaves out whom a rule forbids, and tells so', async () => {
    await rule({ kind: 'peer', peerId: BEN }, 'never');
    const { id } = await request('Claude', [
      [ADA, 'Ada'],
      [BEN, 'Ben'],
    ]);
    await decide(id, 'approve');
    expect(deeds[0]?.recipients).toEqual([ADA]);
    expect(agents.recipients(id)).toMatchObject([
      { name: 'Ada', error: null },
      { name: 'Ben', messageId: null, error: { code: 'agent.never' } },
    ]);
    expect(agents.view(id)?.state).toBe('done');
  });

  it('is refused over the budget of 24 hours, and goes again after them', async () => {
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    const all = await Promise.all(Array.from({ length: 7 }, () => request()));
    expect(all.filter((one) => one.state === 'done')).toHaveLength(5);
    expect(all.at(-1)).toMatchObject({
      state: 'refused',
      decision: { by: 'budget' },
      error: { code: 'agent.budget_spent' },
    });
    expect(agents.budgetLeft()).toBe(0);
    await clock.advance(24 * HOUR + 1);
    expect((await request()).state).toBe('done');
    expect(agents.used()).toBe(1);
  });

  it('takes of the budget also where what went out is a shared file and no message', async () => {
    perform = async ({ recipients }) =>
      recipients.map((peerId) => ({ peerId, threadId: null, messageId: null }));
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    for (let count = 0; count < 5; count++) expect((await request()).state).toBe('done');
    expect(agents.budgetLeft()).toBe(0);
    expect(await request()).toMatchObject({ error: { code: 'agent.budget_spent' } });
  });

  it('does not get a new budget by asking until the old requests are forgotten', async () => {
    await rule({ kind: 'agent', agent: 'Claude' }, 'allow');
    for (let count = 0; count < 5; count++) await request();
    // What a list of 10,000 refused requests pushes out.
    const fill = store.prepare<never, [number]>(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
       INSERT INTO agent_requests (id, agent, verb, ask, text, text_bytes, kind, topic, facts, state, at)
       SELECT 'refused-' || i, 'Claude', 'send', '{}', '', 0, 'message', NULL, '[]', 'refused', ? FROM n`,
    );
    await store.write(() => fill.run(clock.now()));
    expect(await request()).toMatchObject({ error: { code: 'agent.budget_spent' } });
    expect(agents.used()).toBe(5);
    await clock.advance(24 * HOUR + 1);
    expect((await request()).state).toBe('done');
    expect(agents.used()).toBe(1);
  });

  it('does not pile up questions', async () => {
    budget = 1_000;
    for (let count = 0; count < MAX_WAITING; count++) await request();
    expect(await request()).toMatchObject({
      state: 'refused',
      error: { code: 'agent.too_many_waiting' },
    });
  });

  it('is given up after a day in which nobody decided', async () => {
    await agents.start();
    const { id } = await request();
    await clock.advance(25 * HOUR);
    expect(agents.view(id)).toMatchObject({ state: 'expired', decision: { by: 'time' } });
    expect(await decide(id, 'approve')).toMatchObject({ value: { outcome: 'done_before' } });
    expect(deeds).toEqual([]);
  });

  it('tells what could not be sent', async () => {
    perform = async () => {
      throw new CodedError(appError('thread.no_link', 'It has none.'));
    };
    const { id } = await request();
    expect(await decide(id, 'approve')).toMatchObject({
      ok: false,
      error: { code: 'thread.no_link' },
    });
    expect(agents.view(id)).toMatchObject({ state: 'failed', error: { code: 'thread.no_link' } });
  });
});

describe('over a restart', () => {
  it('still waits', async () => {
    const { id } = await request();
    agents = build();
    await agents.start();
    expect(agents.waiting().map((one) => one.id)).toEqual([id]);
    await decide(id, 'approve');
    expect(deeds).toHaveLength(1);
  });

  it('takes up what was approved and cut off', async () => {
    const { id } = await request();
    perform = () => Promise.reject(new Error('the process is gone'));
    await decide(id, 'approve').catch(() => null);
    expect(agents.view(id)?.state).toBe('sending');
    perform = stored;
    agents = build();
    await agents.start();
    expect(agents.view(id)).toMatchObject({ state: 'done', decision: { by: 'person' } });
    expect(deeds.map((one) => one.id)).toEqual([id, id]);
  });
});

describe('the list of what was asked', () => {
  it('is paged, newest first, and can be had for one peer', async () => {
    for (const name of ['one', 'two', 'three']) await request(name);
    await request('four', [[BEN, 'Ben']]);
    const page = await agents.handlers['agents.requests']({ limit: 3 }, context);
    if (!page.ok) expect.unreachable();
    expect(page.value.requests.map((one) => one.agent)).toEqual(['four', 'three', 'two']);
    expect(page.value.more).toBe(true);
    const before = page.value.requests.at(-1)?.id as RequestId;
    const rest = await agents.handlers['agents.requests']({ limit: 3, before }, context);
    expect(rest).toMatchObject({ value: { requests: [{ agent: 'one' }], more: false } });
    const ben = await agents.handlers['agents.requests']({ limit: 3, peerId: BEN }, context);
    expect(ben).toMatchObject({ value: { requests: [{ agent: 'four' }] } });
  });

  it('gives the whole of a long text', async () => {
    const text = 'x'.repeat(5_000);
    const { id } = await agents.ask(
      'Claude',
      { ...ask, text },
      {
        leftOut: [],
        recipients: [{ peerId: ADA, name: 'Ada' }],
        text,
        kind: 'message',
        topic: null,
        facts: [],
      },
    );
    expect(agents.view(id)?.text).toHaveLength(2_000);
    expect(await agents.handlers['agents.request']({ requestId: id }, context)).toMatchObject({
      value: { text },
    });
  });
});

it('remembers how far each agent was told', async () => {
  expect(agents.mark('Claude')).toBeNull();
  await agents.setMark('Claude', 'here');
  await agents.setMark('Other', 'there');
  expect([agents.mark('Claude'), agents.mark('Other')]).toEqual(['here', 'there']);
});
