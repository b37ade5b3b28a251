import { expect, it } from 'vitest';
import { Agents, type Introduction } from '../../../electron/relay-server/agents.ts';
import { RELAY_LIMITS } from '../../../electron/relay-server/limits.ts';
import { memoryStorage } from '../../../electron/relay-server/storage/memory.ts';
import { fakeClock } from '../../fakes/clock.ts';

const LONG = 'x'.repeat(3_000);
const caller = { address: '127.0.0.1', modern: false, secret: null };
const told = (agentId: string, description: string): Introduction => ({
  ...{ agentId, name: agentId, capabilities: [], machine: '', description },
});

it('a relay that knows more of its agents than it takes now lets each of them come back', async () => {
  const { registry } = memoryStorage();
  const opened = async (agentBytes: number): Promise<Agents> => {
    const limits = { ...RELAY_LIMITS, agentBytes };
    const agents = new Agents({
      ...{ storage: registry, clock: fakeClock(), limits },
      trouble: () => undefined,
    });
    await agents.start();
    return agents;
  };
  const before = await opened(20_000);
  for (const id of ['a', 'b', 'c']) await before.register(told(id, LONG), caller);
  await before.stop();
  const now = await opened(5_000);
  await now.register(told('a', LONG), caller);
  await expect(now.register(told('a', `${LONG}more`), caller)).rejects.toMatchObject({
    status: 429,
  });
  await expect(now.register(told('new', ''), caller)).rejects.toMatchObject({ status: 429 });
  await now.register(told('b', 'short'), caller);
  expect(now.records().map(({ agentId }) => agentId)).toEqual(['a', 'b', 'c']);
  await now.stop();
});
