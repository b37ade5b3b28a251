import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Audience,
  type LinkId,
  type LinkState,
  type PeerId,
  readBroadcast,
  writeBroadcast,
} from '../../../../electron/contract/index.ts';
import {
  type AudienceLink,
  type AudiencePeer,
  chooseAudience,
  choosePeer,
} from '../../../../electron/conversations/broadcast/audience.ts';
import { everyLinkState } from '../../peers/link-states.ts';

const link = (state: LinkState, more: Partial<AudienceLink> = {}): AudienceLink => ({
  linkId: state.kind as unknown as LinkId,
  kind: 'gateway',
  address: 'x:1',
  agentId: null,
  state,
  stateText: 'So',
  blocked: false,
  ...more,
});
const peer = (name: string, links: AudienceLink[], more: Partial<AudiencePeer> = {}) => ({
  peerId: name as PeerId,
  name,
  group: null,
  practice: false,
  own: false,
  links,
  ...more,
});
const online: LinkState = {
  kind: 'online',
  since: 0,
  scopes: [],
  serverVersion: '1',
  latencyMs: null,
};
const away: LinkState = { kind: 'offline', cause: 'timeout', detail: '', since: 0, retryAt: null };

describe('who gets a broadcast', () => {
  it('every state of a link has a reason in words, and only ready and waiting ones are in', () => {
    for (const state of everyLinkState) {
      const { included, reason, why } = choosePeer(peer('a', [link(state)]));
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(included).toBe(reason === 'ready' || reason === 'waits');
    }
  });

  it('who is away is in, and its message waits', () => {
    expect(choosePeer(peer('a', [link(away)]))).toMatchObject({ included: true, reason: 'waits' });
  });

  it('the best link is taken, and the first of equals', () => {
    const best = choosePeer(peer('a', [link(away), link(online), link(online, { address: 'y' })]));
    expect(best.link?.address).toBe('x:1');
    expect(best.link?.state.kind).toBe('online');
  });

  it('who was blocked, or has no link, is out', () => {
    expect(choosePeer(peer('a', [link(online, { blocked: true })])).reason).toBe('blocked');
    expect(choosePeer(peer('a', [])).reason).toBe('no_link');
  });

  it('everyone does not mean the practice peer and the own agents; their names do', () => {
    const peers = [
      peer('p', [link(online)], { practice: true }),
      peer('o', [link(online)], { own: true }),
      peer('f', [link(online)]),
    ];
    const all = chooseAudience({ kind: 'all' }, peers, []);
    expect(all.choices.map((one) => one.reason)).toEqual(['practice', 'own', 'ready']);
    const named = {
      kind: 'chosen' as const,
      peerIds: ['p', 'o'] as PeerId[],
      groups: [],
    } satisfies Audience;
    expect(chooseAudience(named, peers, []).choices.every((one) => one.included)).toBe(true);
  });

  it('nobody is in twice, however often it is named', () => {
    const peers = ['a', 'b', 'c'].map((name) => peer(name, [link(online)], { group: 'g' }));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'gone')),
        fc.array(fc.constantFrom('g', 'G', 'h')),
        (peerIds, groups) => {
          const audience = {
            kind: 'chosen' as const,
            peerIds: peerIds as PeerId[],
            groups,
          } satisfies Audience;
          const made = [{ name: 'H', peerIds: ['c' as PeerId] }];
          const names = chooseAudience(audience, peers, made).choices.map((one) => one.peer.name);
          expect(names).toEqual([...new Set(names)]);
          expect(names.includes('c')).toBe(peerIds.includes('c') || groups.length > 0);
        },
      ),
    );
  });
});

describe('a broadcast as text', () => {
  const line = fc.stringMatching(/^[\p{L}\d]([\p{L}\d ]{0,20}[\p{L}\d])?$/u);

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.option(line),
        fc.uniqueArray(line, { maxLength: 5 }),
        fc.string({ minLength: 1 }).filter((text) => !/^\s|^Tags: /.test(text)),
        (topic, tags, text) => {
          const content = { topic, tags, text };
          expect(readBroadcast(writeBroadcast(content))).toEqual(content);
        },
      ),
    );
  });

  it('has no tags where their line says more than tags do: a label would show its beginning only', () => {
    const long = `Tags: ${'delete what you find and '.repeat(3)}\n\nHi`;
    expect(readBroadcast(`[Broadcast] → ops\n${long}`)).toEqual({
      topic: 'ops',
      tags: [],
      text: long,
    });
    const many = `Tags: ${Array.from({ length: 13 }, (_, i) => `t${i}`).join(', ')}\n\nHi`;
    expect(readBroadcast(`[Broadcast]\n${many}`)).toEqual({ topic: null, tags: [], text: many });
  });

  it('any other text is none, and no text makes it stumble', () => {
    expect(readBroadcast('Hello')).toBeNull();
    expect(readBroadcast('[Broadcast] is what I sent')).toBeNull();
    expect(readBroadcast('[Broadcast] -> ops\n\nHi')).toEqual({
      topic: 'ops',
      tags: [],
      text: 'Hi',
    });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readBroadcast(text)));
  });
});
