import { describe, expect, it } from 'vitest';
import { peerOfSender } from '../../../electron/app/unasked-sender.ts';
import { PeerId } from '../../../electron/contract/index.ts';

const peer = (n: number, name: string, more: Record<string, unknown> = {}) => ({
  id: PeerId.parse(`01934001-0000-7000-8000-${String(n).padStart(12, '0')}`),
  name,
  nickname: null,
  own: false,
  url: 'ws://127.0.0.1:18789',
  ...more,
});
type Some = ReturnType<typeof peer>;

/** Whose work it is, by the name of the peer in the book. */
function whose(sender: string, peers: readonly Some[]): string | null {
  const byId = new Map(peers.map((one) => [one.id as string, one]));
  const book = {
    rows: () => peers,
    detail: (id: PeerId) => ({ links: [{ url: byId.get(id)?.url }] }),
  } as unknown as Parameters<typeof peerOfSender>[1];
  const found = peerOfSender(sender, book);
  return found === null ? null : (byId.get(found)?.name ?? null);
}

describe('the sender of work that nobody was asked about', () => {
  const ben = peer(1, 'Ben', { url: 'wss://ben-mini.tail1234.ts.net:18789' });
  const marta = peer(2, 'Marta', { nickname: 'gwm' });

  it.each([
    ['Peerage on ben-mini', 'Ben'],
    ['ben-mini', 'Ben'],
    ['BEN', 'Ben'],
    ['gwm', 'Marta'],
    ['Somebody with write access', null],
    ['Peerage on 127', null],
    ['that address', null],
    ['\u200b', null],
  ])('is known by a peer’s name, nickname or machine: %s', (sender, name) => {
    expect(whose(sender, [ben, marta])).toBe(name);
  });

  it('is nobody’s where two peers bear the name, and never the own gateway’s', () => {
    expect(whose('Ben', [ben, peer(3, 'Desk', { nickname: 'ben' })])).toBeNull();
    expect(whose('Here', [peer(4, 'Here', { own: true })])).toBeNull();
  });
});
