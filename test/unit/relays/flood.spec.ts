/** A relay that sends more than anybody can take, and names more agents than there are. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayHub } from '../../../electron/links/relay/index.ts';
import { AgentRoll } from '../../../electron/links/relay/roll.ts';
import type { WireAgent, WireMessage } from '../../../electron/links/relay/wire.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';
import { leapClock } from '../../journeys/leap-clock.ts';

const US = 'ada';
const MESSAGES = 4_000;
const EACH = 16_384;

describe('a relay that pushes faster than we store', () => {
  let relay: OriginalRelay;
  let hub: RelayHub;
  const clock = leapClock();
  const taken: string[] = [];
  const store = Promise.withResolvers<void>();
  beforeEach(async () => {
    relay = await OriginalRelay.start({ pushes: true });
    hub = new RelayHub({
      url: relay.url,
      token: async () => ({ kind: 'none' }),
      secret: async () => 's'.repeat(40),
      self: () => ({ agentId: US, name: 'Ada', capabilities: [], machine: '', description: '' }),
      tls: null,
      onTls: () => undefined,
      wasRegistered: false,
      onRegistered: () => undefined,
      clock,
      take: async (message: WireMessage) => {
        await store.promise;
        if (message.kind === 'task') taken.push(message.task.trim());
      },
    });
    hub.start();
    await expect.poll(() => hub.incoming).toBe('socket');
  });
  afterEach(async () => {
    store.resolve();
    await hub.stop();
    await relay.stop();
    clock.stop();
  });

  it('is read no faster than that, is not taken for gone, and loses nothing', async () => {
    for (let i = 0; i < MESSAGES; i++) {
      const task = `${i}`.padEnd(EACH);
      relay.push(
        US,
        JSON.stringify({ type: 'task_delegation', message_id: `m${i}`, from_agent: 'b', task }),
      );
    }
    const all = relay.unsent(US);
    expect(all).toBeGreaterThan(MESSAGES * EACH * 0.8);
    const ping = () => hub.ping(new AbortController().signal);
    for (let i = 0; i < 200; i++) await ping();
    expect(relay.unsent(US)).toBeGreaterThan(all / 2);
    // A little at a time, so that no request falls due on the way: a silent socket is let go after 40 s.
    for (let i = 0; i < 80; i++) {
      await clock.leap(1_000);
      await ping();
    }
    expect(hub.incoming).toBe('socket');
    store.resolve();
    await expect.poll(() => taken.length).toBe(MESSAGES);
    expect(taken).toEqual(Array.from({ length: MESSAGES }, (_, i) => `${i}`));
    expect(hub.incoming).toBe('socket');
  });
});

describe('the list of a relay’s agents', () => {
  const MOST = 10_000;
  const agent = (id: string): WireAgent => ({
    id,
    name: id,
    capabilities: [],
    machine: '',
    description: '',
    heartbeatAt: null,
  });
  const ids = (roll: AgentRoll) => [...roll.agents.keys()];

  it('has the newest of those that are announced without end', () => {
    const roll = new AgentRoll();
    for (let i = 0; i < MOST + 3; i++) roll.join(agent(`a${i}`), i);
    roll.join(agent('a5'), 1);
    expect(roll.agents.size).toBe(MOST);
    expect(ids(roll)[0]).toBe('a3');
    expect(ids(roll).at(-1)).toBe('a5');
  });

  it('has the newest of those that a list has without end', () => {
    const roll = new AgentRoll();
    const agents = Array.from({ length: MOST + 3 }, (_, i) => agent(`a${i}`));
    roll.ask();
    roll.read({ agents, serverTime: null }, 'us', 0);
    expect(roll.agents.size).toBe(MOST);
    expect(ids(roll)[0]).toBe('a3');
  });

  it('drops who is not listed any more, but not who joined while it was asked for', () => {
    const roll = new AgentRoll();
    roll.join(agent('gone'), 0);
    roll.ask();
    roll.join(agent('new'), 0);
    roll.read({ agents: [agent('there'), agent('us')], serverTime: null }, 'us', 0);
    expect(ids(roll)).toEqual(['there', 'new']);
    roll.ask();
    roll.read({ agents: [agent('there')], serverTime: null }, 'us', 0);
    expect(ids(roll)).toEqual(['there']);
  });
});
