import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LinkState,
  type PeerId,
  type PeerRow,
  PeerStatus,
} from '../../../electron/contract/index.ts';
import { comparePeers, linkCondition, peerCondition } from '../../../electron/peers/index.ts';
import { everyLinkState } from './link-states.ts';

const online = everyLinkState.find((state) => state.kind === 'online') as LinkState;
const refused = everyLinkState.find((state) => state.kind === 'offline') as LinkState;
const approval = everyLinkState.find((state) => state.kind === 'needs_approval') as LinkState;

describe('the condition of a peer', () => {
  it('is that of its best link', () => {
    expect(peerCondition([refused, online])).toEqual({
      status: 'up',
      statusText: 'Up',
      latencyMs: 12,
    });
    expect(peerCondition([refused, approval]).status).toBe('needs_you');
  });

  it('is down where it has no link', () => {
    expect(peerCondition([])).toMatchObject({ status: 'down', statusText: 'No link' });
  });

  it('never gets worse by one more link, nor depends on their order (property)', () => {
    const rank = ['up', 'degraded', 'connecting', 'needs_you', 'down', 'blocked'];
    const states = fc.array(fc.constantFrom(...everyLinkState), { minLength: 1 });
    fc.assert(
      fc.property(states, fc.constantFrom(...everyLinkState), (some, one) => {
        const before = rank.indexOf(peerCondition(some).status);
        expect(rank.indexOf(peerCondition([...some, one]).status)).toBeLessThanOrEqual(before);
        expect(peerCondition([...some].reverse()).status).toBe(peerCondition(some).status);
      }),
    );
  });

  it('stays down while a lost link is tried again, so that the list does not jump', () => {
    expect(linkCondition({ kind: 'connecting', attempt: 1 }).status).toBe('connecting');
    expect(linkCondition({ kind: 'connecting', attempt: 2 }).status).toBe('down');
  });
});

const row = (name: string, status: PeerStatus, favourite = false): PeerRow => ({
  id: name as PeerId,
  name,
  nickname: null,
  group: null,
  favourite,
  practice: false,
  own: false,
  status,
  statusText: '',
  latencyMs: null,
  unread: 0,
  waiting: 0,
  running: false,
  lastActivityAt: null,
  preview: '',
});

describe('the order of the list', () => {
  it('is trouble, then favourites, then the rest, each by name', () => {
    const rows = [
      row('up b', 'up'),
      row('up a10', 'connecting'),
      row('up a9', 'up'),
      row('dear', 'up', true),
      row('slow', 'degraded'),
      row('gone', 'down'),
      row('dear gone', 'down', true),
      row('asks', 'needs_you'),
    ];
    expect(rows.sort(comparePeers).map((one) => one.name)).toEqual([
      'asks',
      'dear gone',
      'gone',
      'slow',
      'dear',
      'up a9',
      'up a10',
      'up b',
    ]);
  });

  it('is one order, whatever came first (property)', () => {
    const rows = fc.uniqueArray(
      fc
        .tuple(fc.string({ maxLength: 3 }), fc.constantFrom(...PeerStatus.options), fc.boolean())
        .map(([name, status, favourite]) => row(name, status, favourite)),
      { selector: (one) => one.id },
    );
    fc.assert(
      fc.property(rows, (list) => {
        const sorted = [...list].sort(comparePeers).map((one) => one.id);
        expect(
          [...list]
            .reverse()
            .sort(comparePeers)
            .map((one) => one.id),
        ).toEqual(sorted);
      }),
    );
  });
});
