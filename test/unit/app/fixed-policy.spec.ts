import { describe, expect, it } from 'vitest';
import { receptionPartners } from '../../../electron/app/reception-partners.ts';
import type { PeerId } from '../../../electron/contract/index.ts';

type Options = Parameters<typeof receptionPartners>[0];

/** The peer book with one peer, as far as the policy of the configuration file goes. */
const fixed = (provisionKey: string | null, policies: readonly ('ask' | 'block')[]) => {
  const peers = {
    peer: (id: string) => (id === 'there' ? { provisionKey } : undefined),
    linksOf: () => policies.map((policy) => ({ policy })),
  };
  const partners = receptionPartners({ peers, homeId: 'home' } as unknown as Options);
  return (id = 'there') => partners.fixedPolicy(id as PeerId);
};

describe('what the configuration file says of a peer’s work', () => {
  it('is nothing for peers that a person made, whatever their links hold', () => {
    expect(fixed(null, ['block'])()).toBeNull();
    expect(fixed('key', ['block'])('gone')).toBeNull();
  });

  it('is the strictest of its links', () => {
    expect(fixed('key', ['ask'])()).toBe('ask');
    expect(fixed('key', ['ask', 'block'])()).toBe('block');
  });
});
