import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type PeerPolicy } from '../../../electron/contract/index.ts';
import { dayOf, isQuiet, judge } from '../../../electron/reception/policy/judge.ts';

const at = (hour: number, minute = 0) => new Date(2026, 10, 21, hour, minute).getTime();
const policies: fc.Arbitrary<PeerPolicy> = fc.record({
  mode: fc.constantFrom('ask', 'auto', 'block'),
  agents: fc.array(fc.constantFrom('main', 'helper'), { maxLength: 2 }),
  sessionKey: fc.constant(null),
  tasksPerDay: fc.integer({ min: 1, max: 5 }),
  minutesPerDay: fc.integer({ min: 1, max: 5 }),
  hopLimit: fc.integer({ min: 0, max: 4 }),
  replyBudget: fc.integer({ min: 1, max: 4 }),
  quiet: fc.option(fc.record({ from: fc.nat(1439), to: fc.nat(1439) })),
});
const facts = fc.record({
  now: fc.integer({ min: at(0), max: at(23, 59) }),
  hops: fc.nat(6),
  turns: fc.nat(6),
  tasks: fc.nat(6),
  busyMs: fc.nat(6 * 60_000),
});

describe('judging a task', () => {
  it('lets through only what every bound allows', () => {
    fc.assert(
      fc.property(policies, facts, (policy, now) => {
        const verdict = judge(policy, now);
        const within =
          policy.mode === 'auto' &&
          policy.agents.length > 0 &&
          !isQuiet(policy, now.now) &&
          now.hops <= policy.hopLimit &&
          now.turns < policy.replyBudget &&
          now.tasks < policy.tasksPerDay &&
          now.busyMs < policy.minutesPerDay * 60_000;
        expect(verdict.kind === 'auto').toBe(within);
        expect(verdict.kind === 'block').toBe(policy.mode === 'block');
        if (verdict.kind === 'ask') expect(verdict.held !== null).toBe(policy.mode === 'auto');
      }),
    );
  });

  it.each([
    [22, 7, 23, true],
    [22, 7, 6, true],
    [22, 7, 7, false],
    [22, 7, 12, false],
    [9, 17, 9, true],
    [9, 17, 17, false],
    [9, 9, 3, true],
  ])('is quiet from %i to %i at %i: %s', (from, to, hour, quiet) => {
    const hours = { from: from * 60, to: to * 60 };
    expect(isQuiet({ ...DEFAULT_POLICY, quiet: hours }, at(hour))).toBe(quiet);
  });

  it('counts days as the person’s calendar does', () => {
    expect(dayOf(at(0))).toBe('2026-11-21');
    expect(dayOf(at(23, 59))).toBe('2026-11-21');
  });
});
