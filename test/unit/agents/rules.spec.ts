import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gate, MAX_WAITING, policyOf, policyOfAll } from '../../../electron/agents/rules.ts';
import type { AgentPolicy } from '../../../electron/contract/index.ts';

const policy = fc.constantFrom<AgentPolicy>('ask', 'allow', 'never');
const rule = fc.option(policy, { nil: null });
const strictness = ['allow', 'ask', 'never'];

describe('who may write without the person', () => {
  it('asks where nothing was said', () => expect(policyOf(null, null)).toBe('ask'));

  it('takes the stricter of two rules, in any order, and a single one as it is', () => {
    fc.assert(
      fc.property(rule, rule, (peer, agent) => {
        const said = [peer, agent].flatMap((one) => (one === null ? [] : [one]));
        const strictest = said.sort((a, b) => strictness.indexOf(a) - strictness.indexOf(b)).at(-1);
        expect(policyOf(peer, agent)).toBe(strictest ?? 'ask');
        expect(policyOf(agent, peer)).toBe(policyOf(peer, agent));
      }),
    );
  });

  it('goes by itself only where every recipient that is left allows it', () => {
    fc.assert(
      fc.property(fc.array(policy, { minLength: 1 }), (policies) => {
        const left = policies.filter((one) => one !== 'never');
        const whole = policyOfAll(policies);
        expect(whole === 'allow').toBe(left.length > 0 && left.every((one) => one === 'allow'));
        expect(whole === 'never').toBe(left.length === 0);
      }),
    );
  });
});

describe('the gate before the person', () => {
  const facts = { policies: ['ask'] as AgentPolicy[], used: 0, budget: 10, waiting: 0 };

  it('asks, lets through, or refuses', () => {
    expect(gate(facts)).toBe('ask');
    expect(gate({ ...facts, policies: ['allow', 'never'] })).toBe('go');
    expect(gate({ ...facts, policies: ['never'] })).toBe('never');
  });

  it('does not ask for what the day has no room for, and counts no one who is left out', () => {
    expect(gate({ ...facts, used: 10 })).toBe('budget');
    expect(gate({ ...facts, used: 9, policies: ['allow', 'allow'] })).toBe('budget');
    expect(gate({ ...facts, used: 9, policies: ['allow', 'never'] })).toBe('go');
    expect(gate({ ...facts, budget: 0, policies: ['allow'] })).toBe('budget');
  });

  it('does not pile up questions, while what is allowed still goes', () => {
    expect(gate({ ...facts, waiting: MAX_WAITING })).toBe('limit');
    expect(gate({ ...facts, waiting: MAX_WAITING, policies: ['allow'] })).toBe('go');
  });
});
