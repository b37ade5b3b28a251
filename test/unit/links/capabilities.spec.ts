import { describe, expect, it } from 'vitest';
import { listCapabilities } from '../../../electron/links/gateway/capabilities.ts';
import type { Wire } from '../../../electron/links/gateway/wire.ts';

const wireThatAnswers = (answer: unknown): Wire =>
  ({ request: async () => answer }) as unknown as Wire;
const signal = new AbortController().signal;
const capabilities = (skills: unknown): Promise<string[]> =>
  listCapabilities(wireThatAnswers({ skills }), 'main', signal);

describe('what an agent can do', () => {
  it('is what it can use now: not what lacks something, is switched off or hidden', async () => {
    const skills = [
      { name: 'weather', eligible: true, disabled: false, modelVisible: true },
      { name: '1password', eligible: false, modelVisible: false },
      { name: 'off', eligible: true, disabled: true },
      { name: 'hidden', eligible: true, modelVisible: false },
    ];
    expect(await capabilities(skills)).toEqual(['weather']);
  });

  it('takes no name that could disguise itself, and no more than a peer may have', async () => {
    const odd = ['evil\u202egnp', 'two\nlines', '', 'x'.repeat(41), '\ud800', 7, null].map(
      (name) => ({ name, eligible: true }),
    );
    const many = Array.from({ length: 200 }, (_, i) => ({ name: `skill ${i}`, eligible: true }));
    const found = await capabilities([...odd, null, 'text', ...many, many[0]]);
    expect(found).toHaveLength(64);
    expect(found[0]).toBe('skill 0');
  });

  it.each([[undefined], [null], ['text'], [{}], [{ skills: 'many' }]])(
    'is nothing where the answer is %j',
    async (answer) => {
      expect(await listCapabilities(wireThatAnswers(answer), null, signal)).toEqual([]);
    },
  );
});
