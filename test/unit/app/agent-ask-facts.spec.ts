import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../electron/app/agent-ask-facts.ts';
import { DelegateAsk, type PeerId } from '../../../electron/contract/index.ts';

describe('what a person sees of work that an agent wants to give away', () => {
  it('is all that the peer gets beside text and topic', () => {
    const ask: Required<DelegateAsk> = {
      verb: 'delegate',
      peerId: '0190a0a0-0000-7000-8000-000000000001' as PeerId,
      text: 'the task',
      topic: 'the topic',
      agentId: 'the agent there',
      context: 'the context',
      expected: 'what is expected',
      expertise: 'what they are good at',
      priority: 'high',
      deadlineAt: Date.UTC(2026, 11, 24, 18),
    };
    const elsewhere = new Set(['verb', 'peerId', 'text', 'topic', 'deadlineAt']);
    const shown = factsOf(ask).map(({ value }) => value);
    const sent = Object.keys(DelegateAsk.shape).filter((key) => !elsewhere.has(key));
    expect(sent.length).toBeGreaterThan(4);
    for (const key of sent) expect(shown).toContain(ask[key as keyof DelegateAsk]);
    expect(shown).toContain('2026-12-24 18:00 UTC');
  });
});
