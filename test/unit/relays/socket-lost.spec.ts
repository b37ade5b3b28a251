import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayHub } from '../../../electron/links/relay/index.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';
import { Member } from '../../fakes/relay/member.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';
import { LINK_PATIENCE_MS } from '../../patience.ts';

/** Between two looks into the inbox, ms: beside a socket that pushes, and else. */
const RARE = 30_000;
const OFTEN = 2_000;

const task = (text: string) => ({
  type: 'task_delegation',
  message_id: text,
  from_agent: 'ada',
  task: text,
  context: {},
  priority: 'normal',
});

/** The published relay on an aiohttp that pushes: what comes while no socket stands waits for a poll. */
describe('a relay that pushes and loses its socket', () => {
  let relay: OriginalRelay;
  let bea: Member;
  beforeEach(async () => {
    relay = await OriginalRelay.start({ pushes: true });
    bea = await Member.open('Bea');
    await bea.join(relay.url);
  });
  afterEach(async () => {
    await bea.end();
    await relay.stop();
  });

  it('is asked for what came meanwhile within seconds, not at the next rare look', async () => {
    await bea.until('a socket', () => relay.socketOf(bea.agentId));
    relay.push(bea.agentId, JSON.stringify(task('by the socket')));
    await bea.task('by the socket');
    // From the next poll on, looks are rare: they come half a minute apart.
    await bea.clock.leap(2_500);
    relay.socketOf(bea.agentId)?.terminate();
    await bea.until('no socket', () => !relay.socketOf(bea.agentId));
    relay.queue(bea.agentId, task('by the inbox'));
    await bea.clock.leap(2_500);
    expect((await bea.task('by the inbox')).text).toBe('by the inbox');
  });

  it('takes what the relay pushed before it heard that the socket ends', async () => {
    await bea.until('a socket', () => relay.socketOf(bea.agentId));
    await bea.do('relay.reconnect', { relayId: bea.relay().id });
    relay.push(bea.agentId, JSON.stringify(task('at the last moment')));
    await bea.task('at the last moment');
    await bea.until('a new socket', () => relay.socketOf(bea.agentId));
  });
});

/** The same, listened to by a clock that stands still until it is moved. */
describe('a relay that pushes, asked by a clock of the test', () => {
  let relay: OriginalRelay;
  let hub: RelayHub;
  let clock: FakeClock;
  /** How long was waited for the next look, each time. */
  let looks: number[];
  let taken: string[];
  beforeEach(async () => {
    relay = await OriginalRelay.start({ pushes: true });
    clock = fakeClock();
    looks = [];
    taken = [];
    hub = new RelayHub({
      url: relay.url,
      token: async () => ({ kind: 'none' }),
      secret: async () => 's'.repeat(40),
      self: () => ({
        ...{ agentId: 'cleo', name: 'Cleo', capabilities: [], machine: '', description: '' },
      }),
      tls: null,
      onTls: () => undefined,
      wasRegistered: false,
      onRegistered: () => undefined,
      clock: {
        ...clock,
        after: (ms, then) => {
          if (ms === RARE || ms === OFTEN) looks.push(ms);
          return clock.after(ms, then);
        },
      },
      take: async (message) => {
        if (message.kind === 'task') taken.push(message.task);
      },
    });
  });
  afterEach(async () => {
    await hub.stop();
    await relay.stop();
  });

  /** Waits while no time passes: what is planned for later does not come. */
  const until = (test: () => unknown) =>
    expect
      .poll(
        async () => {
          await clock.advance(0);
          return test();
        },
        { timeout: LINK_PATIENCE_MS },
      )
      .toBe(true);

  it('is asked at once again for what was queued while it answered and before the socket stood', async () => {
    const answers: (() => void)[] = [];
    relay.interfere = (path, _request, response) => {
      if (path !== '/poll/cleo' || answers.length > 0) return false;
      answers.push(() => response.end(JSON.stringify({ messages: [], count: 0 })));
      return true;
    };
    const { promise: opens, resolve: open } = Promise.withResolvers<void>();
    relay.opens = opens;
    hub.start();
    await until(() => answers.length === 1);
    open();
    await until(() => hub.incoming === 'socket');
    relay.queue('cleo', task('between the two'));
    relay.push('cleo', JSON.stringify(task('by the socket')));
    await until(() => taken.includes('by the socket'));
    answers[0]?.();
    await until(() => taken.includes('between the two'));
  });

  it('is asked often again once it queues although a socket stands', async () => {
    hub.start();
    await until(() => hub.incoming === 'socket' && looks.length > 0);
    relay.push('cleo', JSON.stringify(task('by the socket')));
    await until(() => taken.includes('by the socket'));
    if (looks.at(-1) === OFTEN) await clock.advance(OFTEN);
    await until(() => looks.at(-1) === RARE);
    relay.queue('cleo', task('queued'));
    await clock.advance(RARE);
    await until(() => taken.includes('queued') && looks.at(-1) === OFTEN);
    relay.queue('cleo', task('queued too'));
    await clock.advance(OFTEN);
    await until(() => taken.includes('queued too'));
  });
});
