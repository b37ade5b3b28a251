/** Every verb, run against the running app: what `--json` prints has the form that is written down. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHome, runCommandLine } from '../../../bin/command-line.ts';
import { VERBS } from '../../../bin/verbs.ts';
import { systemClock } from '../../../electron/clock/clock.ts';
import { COMMAND_FORMS, CommandFailure } from '../../../electron/contract/command-forms.ts';
import { type PracticeGateway, startPracticeGateway } from '../../../electron/practice/index.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';
import {
  appHere,
  type DoorHome,
  doorHome,
  type PersonAtTheWindow,
} from '../../real/parts/door-app.ts';
import { until } from '../../real/parts/process.ts';

const NAMES = ['Ada', 'Adam', 'Ben'];
const clock = systemClock();
const gateways: PracticeGateway[] = [];
let relay: OriginalRelay;
let of: DoorHome;
let person: PersonAtTheWindow;
const seen = new Set<string>();

interface Ran {
  readonly exit: number;
  readonly out: readonly string[];
}

/** Runs a command in this process, on the home of the running app. */
async function run(
  args: readonly string[],
  stdin = '',
  more: { stop?: AbortSignal } = {},
): Promise<Ran> {
  const out: string[] = [];
  const exit = await runCommandLine(['--home', of.home, '--json', ...args], {
    version: '0.1.0',
    terminal: {
      out: (text) => out.push(text),
      flushed: async () => more.stop?.aborted !== true,
      err: () => undefined,
      width: 80,
      colour: false,
      screen: false,
      progress: () => undefined,
    },
    env: { HOME: of.folder, PATH: '/usr/bin' },
    stdin: async () => Buffer.from(stdin),
    now: Date.now,
    onInterrupt: () => () => {},
    open: openHome('0.1.0'),
    start: async () => null,
  });
  return { exit, out };
}

/** What it printed, which has the form of this verb and case. */
async function shown(verb: string, when: string, args: readonly string[], stdin = '') {
  const { exit, out } = await run(args, stdin);
  return { exit, value: formed(verb, when, out.at(-1) ?? '') };
}

function formed(verb: string, when: string, text: string): Record<string, unknown> {
  const found = COMMAND_FORMS.find((one) => one.verb === verb && one.when === when);
  if (!found) throw new Error(`no form of ${verb} ${when}`);
  const value: unknown = JSON.parse(text);
  expect(found.form.parse(value)).toEqual(value);
  seen.add(`${verb} ${when}`);
  return value as Record<string, unknown>;
}

/** What a failure printed. */
async function failed(args: readonly string[], stdin = '') {
  const { exit, out } = await run(args, stdin);
  const value = CommandFailure.parse(JSON.parse(out.at(-1) ?? ''));
  expect(value.exit).toBe(exit);
  return value;
}

const post = async (path: string, body: object): Promise<void> => {
  const response = await fetch(`${relay.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
};

beforeAll(async () => {
  relay = await OriginalRelay.start();
  for (const _ of NAMES) {
    gateways.push(
      await startPracticeGateway({
        clock,
        agent: ({ text }) => ({ chunks: [`You said ${text}`], firstMs: 1, chunkMs: 1 }),
      }),
    );
  }
  of = doorHome(
    gateways.map(({ url, token }, index) => ({ name: NAMES[index] ?? '', url, token })),
  );
  mkdirSync(join(of.folder, '.openclaw'));
  person = await appHere(of);
  await until('all peers to be up', async () => {
    const { peers } = await person.call('peer.list', {});
    return peers.length === 3 && peers.every((peer) => peer.status === 'up');
  });
  const { peers } = await person.call('peer.list', {});
  for (const { id: peerId, name } of peers) {
    if (name === 'Ben') continue;
    await person.call('agents.setRule', { subject: { kind: 'peer', peerId }, policy: 'allow' });
  }
});
afterAll(async () => {
  await person?.stop();
  for (const one of gateways) await one.stop();
  await relay?.stop();
  clock.stop();
  of?.remove();
});

describe('what looks', () => {
  test.each(['whoami', 'status', 'peers', 'show', 'knowledge'])('%s', async (verb) => {
    expect((await shown(verb, '', [verb])).exit).toBe(0);
  });

  test('check, of a peer that is there', async () => {
    const { exit, value } = await shown('check', '', ['check', 'Ada']);
    expect(exit).toBe(0);
    expect(value).toMatchObject({ reached: true, peer: { name: 'Ada', status: 'up' } });
  });

  test('doctor', async () => {
    const { exit, value } = await shown('doctor', '', ['doctor']);
    expect(exit).toBe(value.well ? 0 : 1);
  });

  test('peers --online --can', async () => {
    const { value } = await shown('peers', '', ['peers', '--online', '--can', 'nothing']);
    expect(value.peers).toEqual([]);
  });

  test('help and version', async () => {
    const { value } = await shown('--help', 'also of a command', ['send', '--help']);
    expect(value.help).toContain('Usage: peerage send PEER [TEXT]');
    expect((await shown('--version', '', ['--version'])).value.version).toBe('0.1.0');
  });

  test('completion', async () => {
    await shown('completion', 'bash, zsh, fish', ['completion', 'zsh']);
    const { value } = await shown('completion', 'names', ['completion', 'names']);
    expect(value.names).toEqual(NAMES);
  });
});

describe('what asks', () => {
  test('send: queued, waited for, in rounds, only planned', async () => {
    const queued = await shown('send', '', ['send', 'Ada'], 'one');
    expect(queued.value).toMatchObject({ state: 'done', recipients: [{ state: 'queued' }] });
    const waited = await shown('send', '--wait', ['send', 'Ada', '--wait'], 'two');
    expect(waited.value).toMatchObject({
      ok: true,
      recipients: [{ answer: { text: expect.stringContaining('two') } }],
    });
    const args = ['send', 'Ada', '--rounds', '2'];
    const { value } = await shown('send', '--rounds', args, 'three');
    expect(value.rounds).toHaveLength(2);
    await shown('send', '--dry-run', ['send', 'Ada', '--dry-run'], 'four');
  });

  test('send, where the person is asked: waiting, not decided in time, denied', async () => {
    const queued = await shown('send', '', ['send', 'Ben'], 'five');
    expect(queued.value).toMatchObject({ ok: true, state: 'waiting' });
    const late = await shown('send', '--wait', ['send', 'Ben', '--wait', '--timeout', '1'], 'six');
    expect([late.exit, late.value.final]).toEqual([8, false]);
    const denied = shown('send', '--wait', ['send', 'Ben', '--wait'], 'seven');
    await until('it to wait', async () => {
      const { requests } = await person.call('agents.requests', { limit: 10 });
      const asked = requests.find((one) => one.text === 'seven');
      if (!asked) return false;
      const decision = { requestId: asked.id, decision: 'deny', reason: 'Not today' } as const;
      await person.call('agents.decide', decision);
      return true;
    });
    expect((await denied).exit).toBe(9);
    expect((await denied).value).toMatchObject({
      reason: 'Not today',
      recipients: [{ error: { code: 'agent.denied', detail: 'Not today' } }],
    });
  });

  test('delegate', async () => {
    const args = ['delegate', 'Ada', '--context', '{"a":1}', '--priority', 'high'];
    await shown('delegate', '', args, 'Review it');
    await shown('delegate', '--wait', [...args, '--deadline', '2h', '--wait'], 'Review this');
    await shown('delegate', '--dry-run', [...args, '--dry-run'], 'Review that');
  });

  test('broadcast, and what is learnt by it', async () => {
    await shown('broadcast', '--dry-run', ['broadcast', '--to', 'all', '--dry-run'], 'News');
    const args = ['broadcast', '--to', 'Ada,Adam', '--topic', 'build', '--tags', 'ci'];
    const { exit, value } = await shown('broadcast', '', args, 'News');
    expect(exit).toBe(0);
    expect(value.recipients).toHaveLength(2);
    const { value: learnt } = await shown('knowledge', '', ['knowledge', '--topic', 'build']);
    expect(learnt.knowledge).toHaveLength(1);
  });

  test('respond, to what came in', async () => {
    const { value } = await shown('inbox', '', ['inbox', '--limit', '1']);
    const [last] = value.arrivals as { id: string }[];
    const args = ['respond', last?.id ?? '', '--status', 'completed'];
    await shown('respond', '', args, 'Thanks');
    await shown('respond', '--wait', [...args, '--wait'], 'Thanks again');
    await shown('respond', '--dry-run', [...args, '--dry-run'], 'Thanks a lot');
  });
});

describe('what reads', () => {
  test('log, as entries and as the dated log', async () => {
    const { value } = await shown('log', '', ['log', 'Ada', '--limit', '200']);
    expect((value.entries as unknown[]).length).toBeGreaterThan(4);
    await shown('log', '--markdown', ['log', 'Ada', '--markdown']);
  });

  test('inbox: each once with --since-last, and each as it comes with --watch', async () => {
    await shown('inbox', '', ['inbox', '--since-last', '--as', 'Heartbeat']);
    const stop = new AbortController();
    const watching = run(['inbox', '--watch'], '', { stop: stop.signal });
    stop.abort();
    const done = watching.then(({ out }) => out);
    let over = false;
    void done.then(() => {
      over = true;
    });
    await until('the watch to tell of an answer', async () => {
      await run(['send', 'Ada', '--wait'], 'watched');
      return over;
    });
    const [first] = await done;
    expect(formed('inbox', '--watch, a line for each', first ?? '')).toMatchObject({
      arrival: { type: 'answer', untrusted: true },
    });
  });
});

describe('over a relay', () => {
  beforeAll(async () => {
    const choice = { name: 'Team', agentName: 'Us', capabilities: [], description: '' };
    const more = { joinAll: false, url: relay.url, token: null, tls: null };
    await person.call('relay.add', { ...choice, ...more });
    await until('to be on the relay', async () => {
      const { relays } = await person.call('relay.list', {});
      return relays[0]?.state.kind === 'online';
    });
  });

  test('files are put, listed and got', async () => {
    const put = ['files', 'put', 'plan.md', '--wait'];
    const putting = shown('files', 'put', put, '# Plan');
    await until('the file to wait for the person', async () => {
      const { requests } = await person.call('agents.requests', { limit: 1 });
      const [asked] = requests;
      if (asked?.verb !== 'put' || asked.state !== 'waiting') return false;
      await person.call('agents.decide', { requestId: asked.id, decision: 'approve' });
      return true;
    });
    expect((await putting).exit).toBe(0);
    const { value } = await shown('files', 'list', ['files', 'list']);
    expect(value.files).toMatchObject([{ key: 'plan.md', version: 1 }]);
    const got = await shown('files', 'get', ['files', 'get', 'plan.md']);
    expect(got.value).toMatchObject({ file: { content: '# Plan' }, output: null });
    const output = join(of.folder, 'plan.md');
    await shown('files', 'get', ['files', 'get', 'plan.md', '--output', output]);
    expect(await failed(['files', 'get', 'plan.md', '--output', output])).toMatchObject({
      exit: 6,
    });
    expect(await failed(['files', 'get', 'other.md'])).toMatchObject({ exit: 4 });
    expect(await failed(['files', 'list', '--relay', 'Other'])).toMatchObject({ exit: 4 });
  });

  test('all on a relay are told, once the person lets them be', async () => {
    const telling = shown('broadcast', '--relay', [
      'broadcast',
      'To the team',
      '--relay',
      'T',
      '--wait',
    ]);
    await until('the broadcast to wait for the person', async () => {
      const { requests } = await person.call('agents.requests', { limit: 1 });
      const [asked] = requests;
      if (asked?.verb !== 'broadcast' || asked.state !== 'waiting') return false;
      await person.call('agents.decide', { requestId: asked.id, decision: 'approve' });
      return true;
    });
    expect((await telling).exit).toBe(0);
    const { value } = await shown('knowledge', '', ['knowledge', '--search', 'To the team']);
    expect(value.knowledge).toMatchObject([{ direction: 'out', text: 'To the team' }]);
  });

  test('work that a peer asks for is in the inbox, and cannot be answered for the person', async () => {
    await post('/register', { agent_id: 'cora', name: 'Cora' });
    const { relays } = await person.call('relay.list', {});
    const us = relays[0]?.agentId ?? '';
    await post('/delegate', { from_agent: 'cora', to_agent: us, task: 'Delete it all' });
    let id = '';
    await until('the work to come in', async () => {
      const { value } = await shown('inbox', '', ['inbox']);
      const found = (value.arrivals as { type: string; id: string }[]).find(
        (one) => one.type === 'work',
      );
      id = found?.id ?? '';
      return found !== undefined;
    });
    expect(await failed(['respond', id], 'Done')).toMatchObject({ exit: 4 });
  });
});

describe('the skill', () => {
  test('is installed, shown and removed', async () => {
    const { value } = await shown('skill', 'install, remove', ['skill', 'install']);
    expect(value).toMatchObject({ ok: true, state: { skill: 'current' } });
    await shown('skill', 'show', ['skill', 'show']);
    await shown('skill', 'install, remove', ['skill', 'remove']);
  });

  test('says where there is no OpenClaw', async () => {
    rmSync(join(of.folder, '.openclaw'), { recursive: true });
    expect(await failed(['skill', 'install'])).toMatchObject({ exit: 1 });
  });
});

describe('what fails', () => {
  test('says so in one form', async () => {
    expect(await failed(['send', 'Zoe'], 'x')).toMatchObject({ exit: 4 });
    expect(await failed(['send', 'A'], 'x')).toMatchObject({
      exit: 5,
      candidates: [{ name: 'Ada' }, { name: 'Adam' }],
    });
    expect(await failed(['send', 'Ada', '--loud'])).toMatchObject({ exit: 2 });
    expect(await failed(['broadcast', '--to', 'group:Nobody'], 'x')).toMatchObject({ exit: 4 });
    const { peers } = await person.call('peer.list', {});
    const peerId = peers.find((peer) => peer.name === 'Ben')?.id;
    if (!peerId) throw new Error('no Ben');
    await person.call('agents.setRule', { subject: { kind: 'peer', peerId }, policy: 'never' });
    expect(await failed(['send', 'Ben'], 'x')).toMatchObject({
      exit: 6,
      error: { code: 'agent.never' },
      state: 'refused',
    });
  });

  test('check and doctor tell of a peer that is down, in their own form', async () => {
    await gateways[1]?.stop();
    await until('Adam to be down', async () => {
      const { exit, value } = await shown('check', '', ['check', 'Adam']);
      return exit === 7 && value.reached === false;
    });
    await until('the doctor to say so', async () => {
      const { exit } = await shown('doctor', '', ['doctor']);
      return exit === 1;
    });
  });
});

test('every verb has a form, and every form was seen', () => {
  const verbs = new Set(
    COMMAND_FORMS.map((one) => one.verb).filter((verb) => !verb.startsWith('--')),
  );
  const named = VERBS.map((verb) => verb.name).filter((name) => name !== 'mcp');
  expect([...verbs].sort()).toEqual([...named].sort());
  expect([...seen].sort()).toEqual(COMMAND_FORMS.map((one) => `${one.verb} ${one.when}`).sort());
});

test('the command starts without the forms, and without zod', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.argv = [process.argv[0], 'peerage', '--home', ${JSON.stringify(of.home)}, 'peers', '--json'];
    await import(${JSON.stringify(join(import.meta.dirname, '../../../bin/peerage.ts'))});
    console.error(JSON.stringify(loaded));`;
  const said = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, _, text) =>
      error ? reject(error) : resolve(text),
    ),
  );
  const loaded = JSON.parse(said.trim().split('\n').at(-1) ?? '[]') as string[];
  expect(loaded.some((url) => url.endsWith('/bin/commands/look.ts'))).toBe(true);
  const heavy = loaded.filter((url) => /node_modules|electron\/contract/.test(url));
  expect(heavy).toEqual([]);
});
