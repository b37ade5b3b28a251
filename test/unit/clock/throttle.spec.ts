import { describe, expect, it } from 'vitest';
import { LOCKOUT, Lockout, RateLimiter } from '../../../electron/clock/throttle.ts';
import { fakeClock } from '../../fakes/clock.ts';

describe('the lockout', () => {
  it('stays shut for its time, also for failures that were under way when it shut', async () => {
    const clock = fakeClock();
    const lockout = new Lockout(clock);
    const shut = Array.from({ length: LOCKOUT.failures }, () => lockout.fail('100.64.0.9'));
    expect(shut.indexOf(true)).toBe(LOCKOUT.failures - 1);
    for (let late = 0; late < 30; late++) expect(lockout.fail('100.64.0.9')).toBe(false);
    expect(lockout.left('100.64.0.9')).toBe(LOCKOUT.forMs);
    expect(lockout.left('100.64.0.10')).toBe(0);
    await clock.advance(LOCKOUT.forMs);
    expect(lockout.left('100.64.0.9')).toBe(0);
  });
});

describe('a limit of how often', () => {
  it('lets what came already be owed, and tells how long it takes to pay', async () => {
    const clock = fakeClock();
    const limiter = new RateLimiter(clock, { burst: 2, perSecond: 10 });
    expect(Array.from({ length: 5 }, () => limiter.owe('a'))).toEqual([0, 0, 100, 200, 300]);
    expect([limiter.owe('b'), limiter.take('a')]).toEqual([0, 400]);
    await clock.advance(400);
    expect([limiter.take('a'), limiter.take('a')]).toEqual([0, 100]);
  });
});
