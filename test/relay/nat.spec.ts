/** A whole team behind one address: a network switches on, and all of them come at once. */
import { Agent } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { fakeClock } from '../fakes/clock.ts';
import { secretOf } from './parts/agents.ts';
import { atEnd, endAll, started } from './parts/relay.ts';

afterEach(endAll);

const TEAM = 1_000;

it('a thousand behind one address all get in at once, and none of them is told to wait', async () => {
  // The relay's clock stands still: what it lets through does not depend on how slowly they come.
  const { relay, client } = await started({ kept: 'durable', clock: fakeClock(Date.now()) });
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  atEnd(() => agent.destroy());
  const answers = new Map<string, number>();
  const count = (what: string, status: number): void => {
    const key = `${what} ${status}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
  };
  // What a link of ours asks as it comes in.
  const comeIn = async (id: string): Promise<void> => {
    const of = client({ agent, modern: true, secret: secretOf(id) });
    count('info', (await of.get('/')).status);
    count('heartbeat', (await of.post('/heartbeat', { agent_id: id })).status);
    count('register', (await of.post('/register', { agent_id: id, name: id })).status);
    count('discover', (await of.raw('HEAD', '/discover')).status);
    count('poll', (await of.get(`/poll/${id}`)).status);
  };
  await Promise.all(Array.from({ length: TEAM }, (_, i) => comeIn(`agent-${i}`)));
  expect(Object.fromEntries(answers)).toEqual({
    'info 200': TEAM,
    'heartbeat 200': TEAM,
    'register 200': TEAM,
    'discover 200': TEAM,
    'poll 200': TEAM,
  });
  expect(await relay.status()).toMatchObject({ registered: TEAM, online: TEAM });
}, 300_000);
