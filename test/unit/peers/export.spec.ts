import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportPeers } from '../../../electron/peers/index.ts';
import { type House, newPeer, openHouse, wentWell } from './house.ts';

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.close());

const exported = () => {
  const details = house.book.peers().flatMap((peer) => house.book.detail(peer.id) ?? []);
  return exportPeers(details, Date.parse('2026-11-21T14:20:00Z'));
};

describe('the export of peers', () => {
  it('holds names, addresses, notes, tags and pins, and no secret', async () => {
    const { peerId, linkId } = wentWell(
      await house.book.add(
        newPeer('Anna', { nickname: 'an', notes: 'Ask about CI.', capabilities: ['builds'] }),
      ),
    );
    await house.book.setPins(linkId, { identity: 'a1b2', tls: null });
    wentWell(await house.book.setPeerCapabilities(peerId, ['browser']));
    const { fileName, text, peers } = exported();
    expect([fileName, peers]).toEqual(['peerage-peers-2026-11-21.json', 1]);
    expect(JSON.parse(text)).toEqual({
      format: 'peerage-peers',
      version: 1,
      exportedAt: '2026-11-21T14:20:00.000Z',
      peers: [
        {
          name: 'Anna',
          nickname: 'an',
          group: null,
          favourite: false,
          own: false,
          notes: 'Ask about CI.',
          capabilities: ['builds'],
          links: [
            {
              kind: 'gateway',
              url: 'ws://127.0.0.1:18789',
              credential: 'token',
              agentId: null,
              sessionKey: null,
              pinnedIdentity: 'a1b2',
              pinnedTls: null,
            },
          ],
        },
      ],
    });
    for (const secret of house.keychain.entries.values()) expect(text).not.toContain(secret);
    expect(house.keychain.entries.size).toBe(1);
  });

  it('leaves out the practice peer, which exists on this machine alone', async () => {
    wentWell(await house.book.add(newPeer('Practice peer', { practice: true })));
    expect(exported().peers).toBe(0);
  });
});
