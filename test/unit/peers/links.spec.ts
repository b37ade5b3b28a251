import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LinkId, PeerId } from '../../../electron/contract/index.ts';
import { errorOf, type House, newPeer, openHouse, wentWell } from './house.ts';

let house: House;
let peerId: PeerId;
let linkId: LinkId;
beforeEach(async () => {
  house = openHouse();
  ({ peerId, linkId } = wentWell(await house.book.add(newPeer('Alice'))));
  house.links.length = 0;
});
afterEach(() => house.close());

const nobody = {} as never;
const secret = (id: LinkId, kind: string) => house.keychain.entries.get(`${id}/gateway-${kind}`);

describe('a second link', () => {
  const input = { ...newPeer('x').link, url: 'wss://other.example:1' };

  it('is kept in the order of adding, each with its own secret', async () => {
    const added = wentWell(await house.book.handlers['link.add']({ peerId, link: input }, nobody));
    await house.restart();
    expect(house.book.linksOf(peerId).map((link) => link.id)).toEqual([linkId, added.linkId]);
    expect(secret(added.linkId, 'token')).toBe('token of x');
    expect(secret(linkId, 'token')).toBe('token of Alice');
  });

  it('leaves nothing behind where its peer goes away meanwhile', async () => {
    house.keychain.onSet = () => void house.book.remove(peerId);
    const result = await house.book.handlers['link.add']({ peerId, link: input }, nobody);
    expect(errorOf(result).code).toBe('peer.not_found');
    expect(house.keychain.entries.size).toBe(1);
  });
});

describe('editing a link', () => {
  it('tells the open connection what changed', async () => {
    wentWell(await house.book.updateLink(linkId, { agentId: 'helper' }));
    wentWell(await house.book.updateLink(linkId, { url: 'ws://127.0.0.1:18789/gateway' }));
    wentWell(
      await house.book.updateLink(linkId, { credential: { kind: 'token', value: 'another' } }),
    );
    expect(house.links).toEqual([`~${linkId}`, `~${linkId} url`, `~${linkId} credential`]);
    expect(secret(linkId, 'token')).toBe('another');
  });

  it('moves from token to password, and forgets the token', async () => {
    wentWell(
      await house.book.updateLink(linkId, { credential: { kind: 'password', value: 'pass' } }),
    );
    await house.book.sweepSecrets();
    expect([secret(linkId, 'token'), secret(linkId, 'password')]).toEqual([undefined, 'pass']);
    expect(house.book.link(linkId)?.credential).toBe('password');
    wentWell(await house.book.updateLink(linkId, { credential: { kind: 'none' } }));
    await house.book.sweepSecrets();
    expect(house.keychain.entries.size).toBe(0);
  });

  it('changes nothing where the keychain refuses', async () => {
    house.keychain.refuse = 'secrets.locked';
    const result = await house.book.updateLink(linkId, {
      url: 'ws://127.0.0.1:2',
      credential: { kind: 'password', value: 'pass' },
    });
    expect(errorOf(result).code).toBe('secrets.locked');
    expect(house.book.link(linkId)).toMatchObject({
      url: 'ws://127.0.0.1:18789',
      credential: 'token',
    });
    expect(house.links).toEqual([]);
  });

  it.each(['ws://127.0.0.1:2', 'ws://127.0.0.2:18789', 'wss://elsewhere.example'])(
    'never takes the token along to %s: that address needs its own',
    async (url) => {
      const refused = await house.book.updateLink(linkId, { url });
      expect(errorOf(refused).code).toBe('link.credential_missing');
      expect(house.book.link(linkId)?.url).toBe('ws://127.0.0.1:18789');
      expect(house.links).toEqual([]);
      wentWell(
        await house.book.updateLink(linkId, { url, credential: { kind: 'token', value: 'new' } }),
      );
      expect(secret(linkId, 'token')).toBe('new');
    },
  );

  it('drops the pinned certificate with the address, and keeps the pinned identity', async () => {
    await house.book.setPins(linkId, { identity: 'aa', tls: 'bb' });
    wentWell(await house.book.updateLink(linkId, { url: 'wss://127.0.0.1:18789' }));
    expect(house.book.link(linkId)).toMatchObject({ pinnedIdentity: 'aa', pinnedTls: 'bb' });
    wentWell(
      await house.book.updateLink(linkId, {
        url: 'wss://elsewhere.example:18789',
        credential: { kind: 'token', value: 'theirs' },
      }),
    );
    expect(house.book.link(linkId)).toMatchObject({ pinnedIdentity: 'aa', pinnedTls: null });
  });
});

describe('removing a link', () => {
  it('forgets it and its secrets, and leaves the peer', async () => {
    wentWell(await house.book.removeLink(linkId));
    await house.book.sweepSecrets();
    expect(house.keychain.entries.size).toBe(0);
    expect(house.links).toEqual([`-${linkId}`]);
    expect(house.book.row(peerId)).toMatchObject({ status: 'down', statusText: 'No link' });
    expect(errorOf(await house.book.removeLink(linkId)).code).toBe('link.not_found');
  });
});

describe('what is learnt of a link', () => {
  it('survives a restart: pins, and the last good time beside the last error', async () => {
    await house.book.setPins(linkId, { identity: 'aa' });
    await house.book.setPins(linkId, { tls: 'bb' });
    await house.book.setOutcome(linkId, { lastGoodAt: 5 });
    const lastError = { at: 7, code: 'link.refused', title: 't', detail: 'd' };
    await house.book.setOutcome(linkId, { lastError });
    await house.restart();
    expect(house.book.link(linkId)).toMatchObject({
      pinnedIdentity: 'aa',
      pinnedTls: 'bb',
      lastGoodAt: 5,
      lastError,
    });
  });

  it('is dropped without noise where the link is gone', async () => {
    wentWell(await house.book.removeLink(linkId));
    await house.book.setPins(linkId, { identity: 'aa' });
    await house.book.setOutcome(linkId, { lastGoodAt: 5 });
    expect(house.store.prepare('SELECT id FROM links').all()).toEqual([]);
  });

  it('shows in the row and on the page as soon as its state changes', () => {
    house.states.set(linkId, {
      kind: 'online',
      since: 0,
      scopes: [],
      serverVersion: '1',
      latencyMs: 3,
    });
    house.changes.length = 0;
    house.book.noteLinkState(linkId);
    expect(house.changes.map((key) => key.type)).toEqual(['peer', 'peerDetail']);
    expect(house.book.row(peerId)).toMatchObject({ status: 'up', latencyMs: 3 });
    expect(house.book.detail(peerId)?.links[0]?.stateText).toContain('Connected');
  });
});
