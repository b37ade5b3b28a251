import { describe, expect, it } from 'vitest';
import { Agents, type Introduction, secretHash } from '../../../electron/relay-server/agents.ts';
import type { Caller } from '../../../electron/relay-server/claims.ts';
import { RELAY_LIMITS } from '../../../electron/relay-server/limits.ts';
import { memoryStorage } from '../../../electron/relay-server/storage/memory.ts';
import { fakeClock } from '../../fakes/clock.ts';

const LONG = 'x'.repeat(3_000);
const HOUR = 3_600_000;
const caller = { address: '127.0.0.1', modern: false, secret: null };
const introduction = (agentId: string, description: string): Introduction => ({
  ...{ agentId, name: agentId, capabilities: [], machine: '', description },
});

it('a relay that knows more of its agents than it takes now lets each of them come back', async () => {
  const { registry } = memoryStorage();
  const opened = async (agentBytes: number): Promise<Agents> => {
    const limits = { ...RELAY_LIMITS, agentBytes };
    const agents = new Agents({
      ...{ storage: registry, clock: fakeClock(), limits },
      isNeeded: () => false,
      trouble: () => undefined,
    });
    await agents.start();
    return agents;
  };
  const before = await opened(20_000);
  for (const id of ['a', 'b', 'c']) await before.register(introduction(id, LONG), caller);
  await before.stop();
  const now = await opened(5_000);
  await now.register(introduction('a', LONG), caller);
  await expect(now.register(introduction('a', `${LONG}more`), caller)).rejects.toMatchObject({
    status: 429,
  });
  await expect(now.register(introduction('new', ''), caller)).rejects.toMatchObject({
    status: 429,
  });
  await now.register(introduction('b', 'short'), caller);
  expect(now.records().map(({ agentId }) => agentId)).toEqual(['a', 'b', 'c']);
  await now.stop();
});

describe('a directory that is full', () => {
  const limits = { ...RELAY_LIMITS, agents: 8, addressShare: 0.5 };
  const from = (address: string, secret: string | null = null): Caller => ({
    ...{ address, modern: secret !== null },
    secret: secret === null ? null : secretHash(secret.padEnd(32, 's')),
  });

  async function directory(needed: readonly string[] = []) {
    const { registry } = memoryStorage();
    const clock = fakeClock();
    const told: string[] = [];
    const agents = new Agents({
      ...{ storage: registry, clock, limits },
      isNeeded: (agentId) => needed.includes(agentId),
      trouble: (error) => told.push(String(error)),
    });
    await agents.start();
    const ids = () => agents.records().map(({ agentId }) => agentId);
    const stored = async () => (await registry.load()).map(({ agentId }) => agentId);
    const register = (agentId: string, by: Caller) =>
      agents.register(introduction(agentId, ''), by);
    return { agents, clock, told, ids, stored, register };
  }

  it('takes half of it from one address at most, and all others still come in', async () => {
    const { ids, register } = await directory();
    for (let i = 0; i < 4; i++) await register(`many-${i}`, from('10.0.0.1'));
    await expect(register('many-4', from('10.0.0.1'))).rejects.toMatchObject({ status: 429 });
    for (let i = 0; i < 4; i++) await register(`other-${i}`, from('10.0.0.2'));
    expect(ids()).toHaveLength(8);
  });

  it('forgets of that address who was never heard of again, then who is absent longest', async () => {
    const { agents, clock, ids, register, stored, told } = await directory();
    await register('other', from('10.0.0.2'));
    for (const id of ['old', 'older', 'never', 'here']) {
      await register(id, from('10.0.0.1'));
    }
    await clock.advance(1_000);
    agents.touch('older');
    await clock.advance(1_000);
    agents.touch('old');
    await clock.advance(HOUR);
    agents.touch('here');
    await register('a', from('10.0.0.1'));
    expect(ids()).toEqual(['other', 'old', 'older', 'here', 'a']);
    await register('b', from('10.0.0.1'));
    expect(ids()).toEqual(['other', 'old', 'here', 'a', 'b']);
    expect(await stored()).toEqual(ids());
    expect(told).toEqual(Array(2).fill('Error: 1 absent agents were forgotten to make room'));
  });

  it('never forgets who is connected or has something waiting', async () => {
    const { clock, ids, register } = await directory(['one', 'two']);
    for (const id of ['one', 'two', 'three', 'four']) await register(id, from('10.0.0.1'));
    await clock.advance(HOUR);
    await register('five', from('10.0.0.1'));
    await register('six', from('10.0.0.1'));
    expect(ids()).toEqual(['one', 'two', 'five', 'six']);
    await expect(register('seven', from('10.0.0.1'))).rejects.toMatchObject({ status: 429 });
  });

  it('keeps those with a secret longer, and their ids for them', async () => {
    const { agents, clock, register, ids } = await directory();
    await register('mine', from('10.0.0.1', 'mine'));
    await register('old', from('10.0.0.1'));
    await clock.advance(1_000);
    agents.touch('mine');
    await clock.advance(1_000);
    agents.touch('old');
    for (const id of ['x', 'y']) await register(id, from('10.0.0.1'));
    await clock.advance(HOUR);
    for (const id of ['x', 'y']) agents.touch(id);
    await register('z', from('10.0.0.1'));
    expect(ids()).toEqual(['mine', 'x', 'y', 'z']);
    await register('w', from('10.0.0.1'));
    expect(ids()).toEqual(['x', 'y', 'z', 'w']);
    const thief = from('10.0.0.2', 'another');
    await expect(register('mine', thief)).rejects.toMatchObject({ status: 401 });
    expect(agents.mayBe('mine', thief)).toBe(false);
    await register('mine', from('10.0.0.2', 'mine'));
  });
});
