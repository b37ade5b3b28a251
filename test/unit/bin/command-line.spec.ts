/** The command line, as a person or a script meets it. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FRAME, PROTOCOL } from '../../../bin/door.ts';
import { EXIT, EXIT_WORDS } from '../../../bin/exits.ts';
import { momentOf } from '../../../bin/parse.ts';
import { VERBS } from '../../../bin/verbs.ts';
import {
  type Ask,
  appError,
  type CallHandlers,
  DOOR_PROTOCOL,
  FRAME_VERSION,
  fail,
  ok,
  type RelayId,
  type RequestDelivery,
  type RequestView,
} from '../../../electron/contract/index.ts';
import { quietRelay } from '../../ui/mock/relay-handlers.ts';
import { peerRow, uuid } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

let world: CommandWorld;
beforeEach(() => {
  world = commandWorld();
});
afterEach(() => world.end());

const ada = peerRow(1, { name: 'Ada' });
const adam = peerRow(2, { name: 'Adam', status: 'down', statusText: 'Down' });
const request = (more: Partial<RequestView> = {}): RequestView => ({
  ...{
    id: uuid(9) as RequestView['id'],
    agent: 'Command line',
    verb: 'send',
    text: 'hi',
    textBytes: 2,
  },
  ...{ kind: 'message', topic: null, recipientCount: 1, facts: [], state: 'done', at: 1 },
  recipients: [
    {
      ...{ peerId: ada.id, name: 'Ada', error: null },
      threadId: uuid(20) as never,
      messageId: uuid(30) as never,
    },
  ],
  decision: { by: 'rule', at: 1, reason: '' },
  error: null,
  ...more,
});
const delivery = (more: Partial<RequestDelivery> = {}): RequestDelivery => ({
  ...{ peerId: ada.id, peer: 'Ada', threadId: uuid(20) as never, messageId: uuid(30) as never },
  ...{ state: 'answered', error: null, final: true },
  answer: {
    ...{ messageId: uuid(31) as never, state: 'complete', author: 'main', text: 'Green.' },
    ...{ truncated: false, at: 1 },
  },
  ...more,
});
const asked: Ask[] = [];
const app = (more: Partial<CallHandlers> = {}): Partial<CallHandlers> => {
  asked.splice(0);
  return {
    'peer.resolve': ({ text }) =>
      ok({
        matches: [ada, adam].filter(
          (one) =>
            one.name.toLowerCase() === text.toLowerCase() ||
            (text.toLowerCase() !== 'ada' && one.name.toLowerCase().startsWith(text.toLowerCase())),
        ),
      }),
    'door.ask': ({ ask }) => {
      asked.push(ask);
      return ok({ request: request(), warning: 'none', leftOut: [] });
    },
    'door.follow': () =>
      ok({ request: request(), deliveries: [delivery()], final: true, seen: 'x' }),
    ...more,
  };
};

test('the frame and the protocol are those of the contract', () => {
  expect([FRAME, PROTOCOL]).toEqual([FRAME_VERSION, DOOR_PROTOCOL]);
});

describe('help', () => {
  test('is there for each command, with its examples and the exit codes, and asks nobody', async () => {
    expect(await world.run('--help')).toBe(0);
    for (const { name } of VERBS) expect(world.out[0]).toContain(`\n  ${name}`);
    for (const verb of VERBS) {
      expect(await world.run(verb.name, '--help')).toBe(0);
      for (const example of verb.examples) expect(world.out.at(-1)).toContain(example);
      for (const [code, words] of EXIT_WORDS)
        expect(world.out.at(-1)).toContain(`${code}  ${words}`);
    }
    expect(await world.run('--version')).toBe(0);
    expect(world.out.at(-1)).toBe('peerage 0.0.0');
  });

  test.each(['bash', 'zsh', 'fish'])('completes for %s all verbs and flags', async (shell) => {
    expect(await world.run('completion', shell)).toBe(0);
    for (const { name, flags } of VERBS) {
      expect(world.out[0]).toContain(name);
      for (const flag of flags) expect(world.out[0]).toContain(flag.name);
    }
  });
});

describe('what is not understood sends nothing, is said in one line, and ends with 2', () => {
  test.each<[string[], string]>([
    [[], 'Say what to do.'],
    [['dance'], 'There is no command dance.'],
    [['\u001b]0;x\u0007'], 'There is no command ]0;x'],
    [['status', 'now'], 'status takes nothing more.'],
    [['send'], 'send needs PEER [TEXT].'],
    [['status', '--loud'], 'goes after -- or on stdin'],
    [['send', 'Ada', '--5 degrees'], 'A text that begins with a dash goes after -- or on stdin'],
    [['send', 'Ada', 'a\u0000b'], 'NUL'],
    [['send', 'Ada', '  '], 'The text is empty.'],
    [['send', 'Ada'], 'Give the text as an argument or on stdin.'],
    [['send', 'Ada', 'x', '--kind', 'song'], '--kind is one of message, status'],
    [['send', 'Ada', 'x', '--timeout', 'soon'], '--timeout is a number'],
    [['send', 'Ada', 'x', '--rounds', '0'], '--rounds is a number from 1'],
    [['delegate', 'Ada', '--task', 'x', '--context', '{a:1}'], '--context is not JSON'],
    [
      ['delegate', 'Ada', '--task', 'x', '--context', '@/nowhere/x.json'],
      'cannot be read: there is no such file',
    ],
    [['delegate', 'Ada', '--task', 'x', '--deadline', 'soon'], 'soon is no date'],
    [['delegate', 'Ada', '--task', 'x', '--deadline', '2026-02-31'], '2026-02-31 is no date'],
    [['delegate', 'Ada', '--task', 'x', '--deadline', '2020-01-01'], 'The deadline has passed.'],
    [['broadcast', 'x'], 'Say whom'],
    [['broadcast', 'x', '--to', 'all', '--relay', 'Team'], 'Give --to or --relay, not both.'],
    [['respond', '12', '--result', 'x'], 'ID is an id'],
    [['skill', 'eat'], 'skill takes one of install, remove, show.'],
  ])('%j', async (args, words) => {
    await world.serve(app());
    expect(await world.run(...args)).toBe(EXIT.usage);
    expect(world.err).toHaveLength(1);
    expect(world.err[0]).toContain(words);
    expect(world.err[0]).not.toContain('\n');
    expect(asked).toEqual([]);
  });

  test('broken UTF-8 and NUL on stdin', async () => {
    await world.serve(app());
    world.stdin = Buffer.from([0x68, 0xff, 0x69]);
    expect(await world.run('send', 'Ada')).toBe(EXIT.usage);
    world.stdin = Buffer.from('a\0b');
    expect(await world.run('send', 'Ada')).toBe(EXIT.usage);
    expect(world.err.join()).toContain('not UTF-8');
    expect(asked).toEqual([]);
  });

  test('10 MB on stdin are refused, and not read to their end', async () => {
    await world.serve(app());
    world.stdin = Buffer.alloc(10_000_000, 'x');
    expect(await world.run('send', 'Ada', '--json')).toBe(EXIT.refused);
    expect(world.json()).toMatchObject({
      ok: false,
      exit: 6,
      error: { code: 'message.too_large' },
    });
    expect(asked).toEqual([]);
  });
});

describe('dates', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  test.each<[string, string]>([
    ['30m', '2026-11-21T12:30:00.000Z'],
    ['2h', '2026-11-21T14:00:00.000Z'],
    ['3d', '2026-11-24T12:00:00.000Z'],
    ['2026-12-24', '2026-12-24T00:00:00.000Z'],
    ['2026-12-24T18:00Z', '2026-12-24T18:00:00.000Z'],
  ])('%s is %s', (text, at) => expect(new Date(momentOf(text, now)).toISOString()).toBe(at));
});

describe('the app', () => {
  test('that does not run is told, and started only where that was asked for', async () => {
    expect(await world.run('status')).toBe(EXIT.notRunning);
    expect(world.err[0]).toBe('Peerage does not run on this home. Start it, or use --start.');
    expect(world.started).toBe(0);
    expect(await world.run('status', '--start', '--json')).toBe(EXIT.notRunning);
    expect(world.started).toBe(1);
    expect(world.json()).toMatchObject({ ok: false, exit: 3, error: { code: 'not_running' } });
  });

  test('that crashed and left its socket is one that does not run', async () => {
    await world.serve(app());
    await world.stopApp();
    writeFileSync(join(world.home, 'control-socket'), `${world.socket}\n`);
    const stale = createServer();
    await new Promise<void>((resolve) => stale.listen(world.socket, resolve));
    const { linkSync } = await import('node:fs');
    linkSync(world.socket, `${world.socket}.kept`);
    await new Promise<void>((resolve) => stale.close(() => resolve()));
    linkSync(`${world.socket}.kept`, world.socket);
    expect(await world.run('status')).toBe(EXIT.notRunning);
  });

  test('whose socket others can reach is not spoken to', async () => {
    await world.serve(app());
    chmodSync(join(world.folder, 's'), 0o755);
    expect(await world.run('send', 'Ada', 'hi')).toBe(EXIT.refused);
    expect(world.err[0]).toContain('is not a socket that only you can use');
    const file = join(world.folder, 's', 'file');
    writeFileSync(file, '');
    chmodSync(join(world.folder, 's'), 0o700);
    writeFileSync(join(world.home, 'control-socket'), file);
    expect(await world.run('send', 'Ada', 'hi')).toBe(EXIT.refused);
    expect(asked).toEqual([]);
  });

  test.each([
    [
      { version: '9.0.0', protocol: PROTOCOL + 1 },
      'This command (0.0.0) is older than the running app (9.0.0)',
    ],
    [{}, 'is older than this command (0.0.0)'],
  ])('of another version says which one is older: %j', async (greeting, words) => {
    const got: string[] = [];
    const other = createServer((socket) => {
      socket.on('data', (chunk) => {
        got.push(String(chunk));
        socket.write(
          `${JSON.stringify({ v: 1, id: '', kind: 'hello', name: '', body: greeting })}\n`,
        );
      });
    });
    await new Promise<void>((resolve) => other.listen(world.socket, resolve));
    writeFileSync(join(world.home, 'control-socket'), `${world.socket}\n`);
    expect(await world.run('send', 'Ada', 'hi')).toBe(EXIT.otherVersion);
    expect(world.err[0]).toContain(words);
    expect(world.err[0]).toContain('Nothing was sent.');
    expect(got.join()).not.toContain('call');
    await new Promise<void>((resolve) => other.close(() => resolve()));
  });
});

describe('names', () => {
  test('that several have are listed, and nothing is sent', async () => {
    await world.serve(app());
    expect(await world.run('send', 'ad', 'hi', '--json')).toBe(EXIT.ambiguous);
    expect(world.json()).toMatchObject({
      ok: false,
      exit: 5,
      error: { code: 'peer.ambiguous' },
      candidates: [{ name: 'Ada' }, { name: 'Adam' }],
    });
    expect(await world.run('send', 'zoe', 'hi')).toBe(EXIT.notFound);
    expect(world.err[0]).toContain('No peer is called zoe.');
    expect(asked).toEqual([]);
  });
});

describe('send', () => {
  test('queues and says so; the text from stdin loses its last line end only', async () => {
    await world.serve(app());
    world.stdin = Buffer.from('Is it\ngreen?\n');
    expect(await world.run('send', 'Ada', '--kind', 'question', '--topic', 'CI')).toBe(0);
    expect(world.out).toEqual([`Queued for Ada: ${uuid(30)}`]);
    expect(asked).toEqual([
      {
        ...{ verb: 'send', peerId: ada.id, text: 'Is it\ngreen?', kind: 'question' },
        ...{ topic: 'CI', thread: null, agentId: null },
      },
    ]);
  });

  test('takes a text with dashes after --', async () => {
    await world.serve(app());
    expect(await world.run('send', 'Ada', '--', '--force')).toBe(0);
    expect(asked[0]).toMatchObject({ text: '--force' });
  });

  test('waits for the answer, and prints it with nothing that steers a terminal', async () => {
    const answer = { ...delivery().answer, text: 'Green\u001b[2J and\u202e well.\nYes.' };
    const deliveries = [delivery({ answer: answer as RequestDelivery['answer'] })];
    await world.serve(
      app({ 'door.follow': () => ok({ request: request(), deliveries, final: true, seen: 'x' }) }),
    );
    expect(await world.run('send', 'Ada', 'hi', '--wait')).toBe(0);
    expect(world.out).toEqual(['Ada: complete\nGreen [2J and  well.\nYes.']);
    expect(await world.run('send', 'Ada', 'hi', '--wait', '--json')).toBe(0);
    expect(world.json()).toMatchObject({
      ok: true,
      final: true,
      recipients: [{ peer: 'Ada', state: 'answered', answer: { state: 'complete' } }],
    });
  });

  test.each<[string, Partial<RequestView>, Partial<RequestDelivery>, number]>([
    [
      'denied',
      { state: 'denied', decision: { by: 'person', at: 1, reason: 'No' } },
      {},
      EXIT.declined,
    ],
    ['refused', { state: 'refused', error: appError('agent.never', '') }, {}, EXIT.refused],
    ['expired', { state: 'expired' }, {}, EXIT.timedOut],
    [
      'failed',
      {},
      { state: 'failed', answer: null, error: appError('link.not_connected', '') },
      EXIT.unreachable,
    ],
    [
      'an agent over there that does not exist',
      {},
      { state: 'failed', answer: null, error: appError('link.agent_missing', '') },
      EXIT.notFound,
    ],
    ['taken back', {}, { state: 'cancelled', answer: null }, EXIT.declined],
    ['given to the fallback hook', {}, { state: 'handed', answer: null }, EXIT.unreachable],
  ])('ends with the code of what happened: %s', async (_, of, how, exit) => {
    const deliveries = [delivery(how)];
    await world.serve(
      app({
        'door.follow': () => ok({ request: request(of), deliveries, final: true, seen: 'x' }),
      }),
    );
    expect(await world.run('send', 'Ada', 'hi', '--wait')).toBe(exit);
  });

  test('gives up waiting after --timeout, and what was sent stays sent', async () => {
    await world.serve(
      app({
        'door.follow': () => {
          world.now += 2_000;
          const deliveries = [delivery({ state: 'delivered', answer: null, final: false })];
          return ok({ request: request(), deliveries, final: false, seen: String(world.now) });
        },
      }),
    );
    expect(await world.run('send', 'Ada', 'hi', '--wait', '--timeout', '5')).toBe(EXIT.timedOut);
    expect(world.out.at(-1)).toBe('Not all is answered yet; what was sent stays sent.');
  });

  test('says what is known where the app stops while it waits', async () => {
    let count = 0;
    await world.serve(
      app({
        'door.follow': async () => {
          count += 1;
          const deliveries = [delivery({ state: 'delivered', answer: null, final: false })];
          if (count > 1) await world.stopApp();
          return ok({ request: request(), deliveries, final: false, seen: String(count) });
        },
      }),
    );
    expect(await world.run('send', 'Ada', 'hi', '--wait', '--json')).toBe(EXIT.notRunning);
    expect(world.json()).toMatchObject({
      ok: false,
      exit: 3,
      error: { code: 'app.connection_lost', message: expect.stringContaining('Nothing is lost') },
      recipients: [{ peer: 'Ada', state: 'delivered' }],
    });
  });

  test('sends the answer back as the next message, as often as was asked for', async () => {
    await world.serve(app());
    expect(await world.run('send', 'Ada', 'hi', '--rounds', '3', '--json')).toBe(0);
    expect(asked.map((one) => one.text)).toEqual(['hi', 'Green.', 'Green.']);
    expect(world.json().rounds).toHaveLength(3);
  });

  test('only plans with --dry-run', async () => {
    const recipient = { peerId: ada.id, name: 'Ada', policy: 'ask', status: 'Up' } as const;
    const recipients = [{ ...recipient, address: 'ws://a', thread: null }];
    const plan = { bytes: 2, warning: 'none', recipients, leftOut: [], budgetLeft: 7 } as const;
    await world.serve(app({ 'door.plan': () => ok(plan as never) }));
    expect(await world.run('send', 'Ada', 'hi', '--dry-run')).toBe(0);
    expect(world.out).toEqual([
      'Nothing is sent.',
      'To Ada (Up, ws://a): the person is asked; a new thread',
      'Message (2 bytes):',
      'hi',
    ]);
    expect(asked).toEqual([]);
  });
});

describe('broadcast', () => {
  test('prints one unbroken block for each, as it becomes final, and returns after the last', async () => {
    const two = delivery({ peerId: adam.id, peer: 'Adam' });
    const steps = [
      [delivery({ state: 'sent', answer: null, final: false }), two],
      [delivery(), two],
    ];
    let step = 0;
    await world.serve(
      app({
        'door.follow': () => {
          const deliveries = steps[Math.min(step++, 1)] ?? [];
          const final = step > 1;
          return ok({
            request: request({ verb: 'broadcast' }),
            deliveries,
            final,
            seen: `${step}`,
          });
        },
        'door.ask': ({ ask }) => {
          asked.push(ask);
          return ok({ request: request({ verb: 'broadcast' }), warning: 'none', leftOut: [] });
        },
      }),
    );
    expect(
      await world.run('broadcast', 'News', '--to', 'Ada,Adam,group:Ops', '--tags', 'a, b'),
    ).toBe(0);
    expect(world.out).toEqual(['Adam: complete\n  Green.', 'Ada: complete\n  Green.']);
    expect(asked[0]).toMatchObject({
      verb: 'broadcast',
      audience: { kind: 'chosen', peerIds: [ada.id, adam.id], groups: ['Ops'] },
      tags: ['a', 'b'],
    });
  });
});

describe('broadcast --relay', () => {
  const team = uuid(40) as RelayId;
  const toAll = { peerId: uuid(40) as never, name: 'all on Team', threadId: null, messageId: null };
  const told = (more: Partial<RequestView> = {}) =>
    request({ verb: 'broadcast', recipients: [{ ...toAll, error: null }], ...more });
  const relays = {
    'relay.list': () =>
      ok({
        fingerprint: null,
        relays: [
          quietRelay(team, { name: 'Team' }),
          quietRelay(uuid(41) as RelayId, { name: 'Lab' }),
        ],
      }),
  };
  const serve = (one: RequestView) =>
    world.serve(
      app({
        ...relays,
        'door.ask': ({ ask }) => {
          asked.push(ask);
          return ok({ request: one, warning: 'none', leftOut: [] });
        },
      }),
    );

  test('goes to everybody on the relay that is named, and is done once the relay has it', async () => {
    await serve(told());
    expect(await world.run('broadcast', 'News', '--relay', 'tea', '--topic', 'x')).toBe(0);
    expect(world.out).toEqual(['Told to all on Team.']);
    expect(asked).toEqual([
      {
        verb: 'broadcast',
        audience: { kind: 'relay', relayId: team },
        topic: 'x',
        tags: [],
        text: 'News',
      },
    ]);
  });

  test('says that the person is asked first, and why it was not told', async () => {
    await serve(told({ state: 'waiting', decision: null }));
    expect(await world.run('broadcast', 'News', '--relay', 'Team')).toBe(0);
    expect(world.out).toEqual(['The person is asked first.']);
    await world.stopApp();
    await serve(told({ state: 'failed', error: appError('relay.unreachable', 'It is off.') }));
    expect(await world.run('broadcast', 'News', '--relay', 'Team')).not.toBe(0);
    expect(world.err.join()).toContain('The relay cannot be reached now (relay.unreachable)');
    expect(await world.run('broadcast', 'News', '--relay', 'Nowhere')).toBe(EXIT.notFound);
  });

  test('shows before it goes who would read it', async () => {
    await world.serve(
      app({
        ...relays,
        'door.plan': () =>
          ok({
            bytes: 4,
            warning: 'none',
            recipients: [{ ...toAll, policy: 'ask', status: '', address: null, thread: null }],
            leftOut: [],
            budgetLeft: 9,
          }),
      }),
    );
    expect(await world.run('broadcast', 'News', '--relay', 'Team', '--dry-run')).toBe(0);
    expect(world.out).toContain(
      'To all on Team, who read it in the clear, as the relay does: the person is asked',
    );
    expect(asked).toEqual([]);
  });
});

describe('peers', () => {
  const many = [
    { ...ada, capabilities: ['review'] },
    { ...adam, name: '\u001b[31m艾达艾达艾达艾达艾达艾达艾达艾达艾达', capabilities: [] },
  ];
  test('fit the width, also with wide characters, and without colour where none is wanted', async () => {
    await world.serve(app({ 'door.peers': () => ok({ peers: many }) }));
    world.width = 40;
    expect(await world.run('peers')).toBe(0);
    expect(world.out[0]).toMatch(/^Ada +Up +review$/);
    expect(world.out.join()).not.toContain('\u001b');
    world.colour = true;
    world.out.splice(0);
    await world.run('peers', '--online');
    expect(world.out).toEqual(['\u001b[32mAda  Up  review\u001b[0m']);
  });

  test('can be chosen by what they can do', async () => {
    await world.serve(app({ 'door.peers': () => ok({ peers: many }) }));
    await world.run('peers', '--can', 'Review', '--json');
    expect(world.json()).toMatchObject({ ok: true, count: 1, peers: [{ name: 'Ada' }] });
  });
});

describe('inbox', () => {
  const arrival = {
    ...{ type: 'answer', id: uuid(31), at: 1, peerId: ada.id, peer: 'Ada', threadId: uuid(20) },
    ...{ replyTo: uuid(30), askedBy: 'Claude', state: 'complete', author: 'main', text: 'Done.' },
    truncated: false,
  } as never;
  test('tells once with --since-last, and is silent where there is nothing', async () => {
    let arrivals = [arrival];
    await world.serve(
      app({
        'door.arrivals': () => ok({ arrivals, mark: 'm', more: false }),
        'door.seen': () => ok({}),
      }),
    );
    expect(await world.run('inbox', '--since-last', '--as', 'Claude')).toBe(0);
    expect(world.out).toEqual([`answer from Ada (asked by Claude)  ${uuid(31)}`, '  Done.']);
    expect(world.called.map((one) => one.input)).toEqual([
      { agent: 'Claude', after: 'last', waitMs: 0, limit: 20 },
      { agent: 'Claude', mark: 'm' },
    ]);
    arrivals = [];
    world.out.splice(0);
    expect(await world.run('inbox', '--since-last')).toBe(0);
    expect(world.out).toEqual([]);
  });

  test('watches, one JSON object a line, until the app is gone', async () => {
    let count = 0;
    await world.serve(
      app({
        'door.arrivals': async () => {
          count += 1;
          if (count === 3) await world.stopApp();
          return ok({ arrivals: [arrival], mark: `${count}`, more: false });
        },
      }),
    );
    expect(await world.run('inbox', '--watch', '--json')).toBe(EXIT.notRunning);
    expect(JSON.parse(world.out[0] ?? '')).toMatchObject({
      ok: true,
      arrival: { peer: 'Ada', text: 'Done.', untrusted: true },
    });
  });
});

describe('log --markdown', () => {
  test('is the dated form, and text of others opens nothing of its own', async () => {
    const entry = (at: string, more: object) => ({
      ...{
        id: uuid(40),
        threadId: uuid(20),
        thread: 'Release',
        direction: 'out',
        kind: 'question',
      },
      ...{ state: 'sent', author: '', askedBy: null, text: 'Ready?', truncated: false },
      at: Date.parse(at),
      ...more,
    });
    const entries = [
      entry('2026-11-21T12:00:00', { direction: 'in', kind: 'message', text: '# No\n<b>*yes*' }),
      entry('2026-11-20T12:00:00', {}),
    ];
    await world.serve(
      app({
        'door.log': () => ok({ entries: entries as never, more: false }),
        'door.status': () => fail(appError('app.internal', '')),
      }),
    );
    expect(await world.run('log', 'Ada', '--markdown')).toBe(EXIT.failed);
    const { markdownLog } = await import('../../../bin/commands/markdown-log.ts');
    expect(markdownLog(entries.reverse() as never, 'Me', 'Ada')).toBe(
      [
        '# Peer Collaboration Log\n',
        '## 2026-11-20\n',
        '**Me ↔ Ada**\n',
        '- [Question] → [Release] Ready?',
        '## 2026-11-21\n',
        '**Me ↔ Ada**\n',
        '- [Answer] → [Release] \\# No \\<b\\>\\*yes\\*\n',
      ].join('\n'),
    );
  });
});

describe('the dated log', () => {
  test.each<[string, object, string]>([
    [
      'says a form’s tag and topic once',
      { kind: 'delegation', text: '[Delegation] → Review\nPriority: high\nTask: Read it' },
      '- [Delegation] → [Review] Priority: high Task: Read it',
    ],
    [
      'knows the form of what came in',
      { direction: 'in', kind: 'message', text: '[Blocker] -> CI\nIt is red.' },
      '- [Blocker] → [CI] It is red.',
    ],
    [
      'leaves other brackets as they are',
      { direction: 'in', kind: 'message', text: '[1] first\n[2] second' },
      '- [Answer] → [Release] \\[1\\] first \\[2\\] second',
    ],
  ])('%s', async (_, more, line) => {
    const { markdownLog } = await import('../../../bin/commands/markdown-log.ts');
    const entry = { thread: 'Release', direction: 'out', kind: 'message', at: 1, ...more };
    expect(markdownLog([entry as never], 'Me', 'Ada').split('\n')).toContain(line);
  });
});

describe('whoami', () => {
  test('finds the person in the order of the mesh skill', async () => {
    const { identityOf } = await import('../../../bin/commands/identity.ts');
    const workspace = join(world.folder, '.openclaw', 'workspace');
    mkdirSync(workspace, { recursive: true });
    const env = { HOME: world.folder };
    expect(identityOf(env, world.home)).toBeNull();
    writeFileSync(join(world.folder, 'sso.json'), '{"user":{"email":"sso@example.com"}}');
    expect(identityOf(env, world.home)?.name).toBe('sso');
    writeFileSync(join(world.home, 'USER.md'), '# Me\nEmail: Here@example.com\n');
    expect(identityOf(env, world.home)?.name).toBe('here');
    writeFileSync(join(workspace, 'USER.md'), 'e-mail\n- email: Ada.L@example.com\n');
    expect(identityOf(env, world.home)?.name).toBe('ada.l');
    expect(identityOf({ ...env, MESH_MY_EMAIL: 'me@example.com' }, world.home)).toEqual({
      name: 'me',
      from: 'MESH_MY_EMAIL',
    });
  });
});
