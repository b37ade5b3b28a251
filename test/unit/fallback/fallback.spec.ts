import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CodedError,
  type HookRun,
  type HookView,
  type MessageId,
  type ThreadId,
} from '../../../electron/contract/index.ts';
import { createFallback, type Fallback } from '../../../electron/fallback/index.ts';
import { Home, peerId } from '../conversations/home.ts';

const MINUTE = 60_000;
const context = {
  door: 'window',
  connectionId: 'w',
  signal: new AbortController().signal,
} as const;

let home: Home;
let fallback: Fallback;
let thread: ThreadId;

const begin = async () => {
  fallback = createFallback({
    store: home.store,
    clock: home.clock,
    outbox: home.conversations.handOff,
    peerName: () => 'Peer 1',
    log: (line) => home.logged.push(line),
  });
  await fallback.start();
};

beforeEach(async () => {
  home = new Home({ peers: 2 });
  await home.start();
  thread = await home.thread();
  await begin();
});

afterEach(async () => {
  await fallback.stop();
  await home.remove();
});

/** A program in the home's folder; it writes what it got beside itself. */
function program(script: string): string {
  const file = path.join(home.folder, `hook-${Math.random().toString(36).slice(2)}.sh`);
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return file;
}
const heard = () => path.join(home.folder, 'heard.txt');
/** What a program does to say that it runs: a file beside it. */
const BEGUN = ': > "$(dirname "$0")/begun"';
const begun = () => expect.poll(() => fs.existsSync(path.join(home.folder, 'begun'))).toBe(true);
const set = (script: string, more: Partial<HookView> = {}) => {
  const { peerId: of = null, ...rest } = more;
  const hook = {
    program: program(script),
    arguments: [],
    timeoutSeconds: 5,
    mode: 'offer' as const,
  };
  return fallback.handlers['hook.set']({ peerId: of, hook: { ...hook, ...rest } }, context);
};
const stranded = async (text = 'Please look at the build.'): Promise<MessageId> => {
  home.link.cut();
  const id = await home.send(thread, text);
  await home.clock.advance(10 * MINUTE + 1_000);
  return id;
};
const hand = async (messageId: MessageId): Promise<HookRun> => {
  const result = await fallback.handlers['hook.handOver']({ messageId }, context);
  if (!result.ok) throw new CodedError(result.error);
  return result.value.run;
};
const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'not refused';
  } catch (error) {
    return error instanceof CodedError ? error.error.code : String(error);
  }
};
const of = async (messageId: MessageId) => {
  const result = await fallback.handlers['hook.of']({ messageId }, context);
  if (!result.ok) throw new CodedError(result.error);
  return result.value;
};

describe('the fallback hook', () => {
  it('is off unless set', async () => {
    const id = await stranded();
    expect(await of(id)).toMatchObject({ hook: null, offered: false, runs: [] });
    expect(await refusal(() => hand(id))).toBe('hook.not_set');
    expect(home.state(id)).toBe('queued');
  });

  it('gets the text on its standard input, and in no argument and no variable', async () => {
    await set(`cat > ${heard()}; echo "args: $*"; env`, { arguments: ['--to', 'team; rm -rf /'] });
    const id = await stranded('The text $HOME `id`');
    expect((await of(id)).offered).toBe(true);
    const run = await hand(id);
    expect(run).toMatchObject({ outcome: 'done', exitCode: 0, byItself: false });
    expect(fs.readFileSync(heard(), 'utf8')).toBe('The text $HOME `id`');
    expect(run.output).toContain('args: --to team; rm -rf /');
    expect(run.output).toContain('PEERAGE_PEER=Peer 1');
    expect(run.output).not.toContain('The text');
    expect(run.output).not.toMatch(/VITEST|NODE_OPTIONS|npm_/);
  });

  it('has what it took: no link sends it, also after a restart, unless a person says so', async () => {
    await set(`cat > ${heard()}`);
    const id = await stranded();
    await hand(id);
    expect(home.state(id)).toBe('handed');
    home.link.connect();
    await home.clock.advance(5_000);
    expect(home.link.sends).toHaveLength(0);
    await home.crash();
    await home.start();
    await begin();
    await home.clock.advance(5_000);
    expect(home.state(id)).toBe('handed');
    expect(home.link.sends).toHaveLength(0);
    await home.must('message.retry', { messageId: id });
    await home.clock.advance(5_000);
    expect(home.link.sends).toHaveLength(1);
  });

  it('is believed by its exit code: another one puts the message back, and says so', async () => {
    await set('echo no such channel >&2; exit 3');
    const id = await stranded();
    expect(await hand(id)).toMatchObject({
      outcome: 'failed',
      exitCode: 3,
      output: 'no such channel',
    });
    expect(home.conversations.messageView(id)).toMatchObject({
      state: 'queued',
      error: { code: 'hook.failed', detail: 'Exit code 3.' },
    });
    home.link.connect();
    await home.clock.advance(5_000);
    expect(home.state(id)).toBe('answered');
  });

  it('does not wait for what it leaves behind with its output open', async () => {
    // In a session of its own, so that nothing that is sent to the group of the hook ends it.
    await set(`echo taken; setsid sleep 60 & echo $! > "${home.folder}/left.pid"; exit 0`);
    const work = hand(await stranded());
    const left = path.join(home.folder, 'left.pid');
    await expect.poll(() => fs.existsSync(left)).toBe(true);
    let done = false;
    void work.finally(() => {
      done = true;
    });
    const isDone = async () => {
      await home.clock.advance(100);
      return done;
    };
    await expect.poll(isDone).toBe(true);
    expect(await work).toMatchObject({ outcome: 'done', exitCode: 0, output: 'taken' });
    process.kill(Number(fs.readFileSync(left, 'utf8')), 'SIGKILL');
  });

  it('is ended with all that it started after its time, and nobody is told that it did nothing', async () => {
    await set(`sleep 600 & ${BEGUN}; sleep 600`, { timeoutSeconds: 1 });
    const id = await stranded();
    const work = hand(id);
    // The clock of the test moves by hand; the program lives by the real one.
    await begun();
    await home.clock.advance(1_500);
    expect(await work).toMatchObject({ outcome: 'timed_out', exitCode: null });
    expect(home.conversations.messageView(id)).toMatchObject({
      state: 'handed',
      error: { code: 'hook.unseen' },
    });
  });

  it('whose end nobody saw is said to be unseen after the next start', async () => {
    await set(`${BEGUN}; sleep 600`);
    const id = await stranded();
    const work = hand(id);
    await begun();
    await fallback.stop();
    expect(await work).toMatchObject({ outcome: 'unseen' });
    await begin();
    expect((await of(id)).runs).toMatchObject([{ outcome: 'unseen' }]);
    expect(home.conversations.messageView(id)).toMatchObject({
      state: 'handed',
      error: { code: 'hook.unseen' },
    });
  });

  it('writes as much as is kept, as plain text', async () => {
    await set(`printf 'a\\033[31mred\\007\\n'; head -c 100000 /dev/zero | tr '\\0' x`);
    const id = await stranded();
    const { output } = await hand(id);
    expect(output.startsWith('a[31mred\nxxx')).toBe(true);
    expect(output.length).toBeLessThanOrEqual(16 * 1024);
  });

  it('is not offered while the peer can be reached, nor before ten minutes', async () => {
    await set('exit 0');
    home.link.cut();
    const id = await home.send(thread, 'Hello');
    await home.clock.advance(9 * MINUTE);
    expect((await of(id)).offered).toBe(false);
    home.link.connect();
    const other = await home.send(thread, 'Again');
    expect(await refusal(() => hand(other))).toBe('hook.not_now');
  });

  it('goes by itself only where the person chose so for that peer, and once', async () => {
    await set(`cat >> ${heard()}; echo`, {
      peerId: peerId(1),
      mode: 'automatic',
      timeoutSeconds: 600,
    });
    const id = await stranded('By itself');
    await home.clock.advance(MINUTE);
    await expect.poll(async () => (await of(id)).runs[0]?.outcome).toBe('done');
    expect(home.state(id)).toBe('handed');
    await home.clock.advance(11 * MINUTE);
    expect(fs.readFileSync(heard(), 'utf8')).toBe('By itself');
    expect((await of(id)).runs).toHaveLength(1);
  });

  it('of everyone never goes by itself', async () => {
    expect(await refusal(() => set('exit 0', { mode: 'automatic' }))).toBe('call.invalid_input');
    await set(`cat >> ${heard()}`);
    const id = await stranded();
    await home.clock.advance(60 * MINUTE);
    expect(home.state(id)).toBe('queued');
    expect(fs.existsSync(heard())).toBe(false);
  });

  it('of a peer comes before the one of everyone', async () => {
    await set('exit 1');
    await set('exit 0', { peerId: peerId(1) });
    const id = await stranded();
    expect((await of(id)).hook?.peerId).toBe(peerId(1));
    expect((await hand(id)).outcome).toBe('done');
  });

  it('must be a file with a whole path that only its owner can change', async () => {
    const at = (file: string) => refusal(() => set('', { program: file }));
    expect(await at('true')).toBe('hook.program_missing');
    expect(await at('/nowhere/at/all')).toBe('hook.program_missing');
    expect(await at(home.folder)).toBe('hook.program_missing');
    const open = program('exit 0');
    fs.chmodSync(open, 0o777);
    expect(await at(open)).toBe('hook.program_unsafe');
  });

  it('is tried with a text that says that it is a test', async () => {
    const command = { program: program('cat'), arguments: [], timeoutSeconds: 5 };
    const result = await fallback.handlers['hook.test']({ command, peerId: null }, context);
    expect(result).toMatchObject({
      ok: true,
      value: { run: { outcome: 'done', output: expect.stringContaining('a test') } },
    });
  });
});
