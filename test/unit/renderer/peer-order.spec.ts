import { describe, expect, it } from 'vitest';
import type { PeerRow } from '../../../electron/contract/index.ts';
import { PeerOrder } from '../../../renderer/store/peer-order.ts';
import { peerRow } from './samples.ts';

const map = (peers: PeerRow[]) => new Map(peers.map((peer) => [peer.id as string, peer]));
const words = (order: PeerOrder, peers: PeerRow[], filter = '') => {
  const all = map(peers);
  return order
    .lines(all, filter)
    .map((line) => (line.kind === 'heading' ? `# ${line.text}` : all.get(line.peerId)?.name));
};

describe('the order of peers', () => {
  it('has trouble first, then favourites, then groups, then the rest, by name within', () => {
    const peers = [
      peerRow(1, { name: 'zoe' }),
      peerRow(2, { name: 'Adam' }),
      peerRow(3, { name: 'Tower', status: 'down', favourite: true }),
      peerRow(4, { name: 'Vault', status: 'needs_you' }),
      peerRow(5, { name: 'Scout', favourite: true, group: 'Home' }),
      peerRow(6, { name: 'Server', group: 'Home' }),
      peerRow(7, { name: 'Stranger', status: 'blocked' }),
    ];
    expect(words(new PeerOrder(), peers)).toEqual([
      ...['# Trouble', 'Vault', 'Tower'],
      ...['# Favourites', 'Scout'],
      ...['# Home', 'Server'],
      ...['# Others', 'Adam', 'Stranger', 'zoe'],
    ]);
  });

  it('gives the very same lines when only a number or a word changed', () => {
    const order = new PeerOrder();
    const before = order.lines(map([peerRow(1), peerRow(2)]), '');
    const after = order.lines(map([peerRow(1, { latencyMs: 99, unread: 4 }), peerRow(2)]), '');
    expect(after).toBe(before);
    expect(order.lines(map([peerRow(1, { status: 'down' }), peerRow(2)]), '')).not.toBe(before);
  });

  it('filters by name, nickname and group', () => {
    const peers = [
      peerRow(1, { name: 'Scout', nickname: 'sc' }),
      peerRow(2, { name: 'Server', group: 'Home' }),
    ];
    const order = new PeerOrder();
    expect(words(order, peers, 'HOME')).toEqual(['# Home', 'Server']);
    expect(words(order, peers, ' sc ')).toContain('Scout');
    expect(words(order, peers, 'nobody')).toEqual([]);
    expect(words(order, peers, '')).toHaveLength(4);
  });

  it('follows a rename', () => {
    const order = new PeerOrder();
    expect(words(order, [peerRow(1, { name: 'A' }), peerRow(2, { name: 'B' })])[1]).toBe('A');
    expect(words(order, [peerRow(1, { name: 'C' }), peerRow(2, { name: 'B' })])[1]).toBe('B');
  });
});
