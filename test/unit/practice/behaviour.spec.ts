import { afterEach, describe, expect, it } from 'vitest';
import { type PracticeGateway, startPracticeGateway } from '../../../electron/practice/index.ts';
import { newcomerAgent } from '../../../electron/practice/script.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { type Rig, startRig } from '../../fakes/gateway/link-rig.ts';

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

async function together(): Promise<{
  practice: PracticeGateway;
  rig: Rig;
  advance: (ms: number) => Promise<void>;
}> {
  const clock = fakeClock();
  const agent = () => ({ chunks: ['one ', 'two'], firstMs: 0, chunkMs: 0 });
  const practice = await startPracticeGateway({ clock, agent });
  const target = {
    url: practice.url,
    credential: { kind: 'token', value: practice.token } as const,
  };
  const rig = startRig(target, { clock });
  open.push(practice, rig);
  await rig.up();
  /** Time passes in steps, so that the sockets keep up with it. */
  const advance = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      await clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { practice, rig, advance };
}

describe('the practice peer, told to misbehave', () => {
  it('refuses the token, until it is told to be well and a person reconnects', async () => {
    const { practice, rig, advance } = await together();
    await practice.behave('refuse_token');
    await advance(3000);
    expect((await rig.state('bad_credential')).what).toBe('secret');
    await practice.behave('well');
    rig.link.reconnect();
    await rig.up();
  });

  it('asks for approval, gives it after a while, and the link goes on by itself', async () => {
    const { practice, rig, advance } = await together();
    await practice.behave('needs_approval');
    await advance(3000);
    const state = await rig.state('needs_approval');
    expect(state.command).toBe(`openclaw devices approve ${state.requestId}`);
    await advance(70_000);
    await rig.up();
  });

  it('restarts, and is back within seconds', async () => {
    const { practice, rig, advance } = await together();
    const restarting = practice.behave('restart');
    await rig.state('restarting');
    await advance(8000);
    await restarting;
    await rig.up();
    expect(practice.behaviour()).toBe('well');
    expect(rig.states.some((state) => state.kind === 'offline')).toBe(false);
  });

  it('goes away without a word, and comes back when told to', async () => {
    const { practice, rig, advance } = await together();
    await practice.behave('disconnect');
    await advance(1500);
    await rig.state('offline');
    await practice.behave('well');
    await advance(65_000);
    await rig.up();
  });

  it('fails its answers, with a reason', async () => {
    const { practice, rig, advance } = await together();
    const sessionKey = rig.link.sessionKeyFor('t', null);
    rig.link.watch(sessionKey);
    await practice.behave('fail_answers');
    const key = rig.key();
    await rig.link.send({ key, sessionKey, text: 'hello', attachments: [] }, rig.signal);
    await advance(500);
    const ended = await rig.event('run_ended', (event) => event.key === key);
    expect(ended.error?.detail).toContain('practice agent');
  });

  it('is slow, and the link says slow and not down', async () => {
    const { practice, rig, advance } = await together();
    await practice.behave('slow');
    for (let turn = 0; turn < 2; turn++) {
      const pinging = rig.link.ping(rig.signal);
      await advance(4000);
      await pinging;
    }
    expect((await rig.state('degraded')).reason).toBe('slow');
  });
});

describe('what the practice peer says', () => {
  const say = (text: string, more: object = {}): string =>
    newcomerAgent({
      sessionKey: 's',
      agentId: 'main',
      key: 'k',
      text,
      files: [],
      earlier: 0,
      ...more,
    }).chunks.join('');

  it('greets, helps, tells what it is, and what arrived', () => {
    expect(say('Hi there')).toMatch(/practice peer/i);
    expect(say('help')).toContain('**long**');
    expect(say('who are you?')).toMatch(/script/);
    const files = [{ name: 'a.pdf', mimeType: 'application/pdf', bytes: 2048 }];
    expect(say('see this', { files })).toMatch(/a\.pdf.*2\.0 KB/);
    expect(say('xyzzy', { earlier: 3 })).toContain('xyzzy');
    expect(say('long').length).toBeGreaterThan(1000);
  });
});
