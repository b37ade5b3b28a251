import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProvisionedLink, ProvisionedPeer } from '../../../electron/peers/index.ts';
import { errorOf, type House, newPeer, openHouse, wentWell } from './house.ts';

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.close());

const link = (more: Partial<ProvisionedLink> = {}): ProvisionedLink => ({
  key: 'main',
  kind: 'gateway',
  url: 'wss://a.example:18789',
  credential: 'token',
  secretRef: 'alice',
  policy: 'ask',
  agentId: null,
  sessionKey: null,
  pinnedIdentity: null,
  pinnedTls: null,
  ...more,
});
const peer = (key: string, more: Partial<ProvisionedPeer> = {}): ProvisionedPeer => ({
  key,
  name: key,
  nickname: null,
  group: null,
  favourite: false,
  notes: '',
  capabilities: [],
  links: [link()],
  ...more,
});
const provision = async (...peers: ProvisionedPeer[]) =>
  wentWell(await house.book.provision(peers));
const nobody = {} as never;

describe('the configuration file', () => {
  it('makes its peers, and a second time changes nothing', async () => {
    const file = [peer('alice', { capabilities: ['code'], notes: 'n' }), peer('bob')];
    expect(await provision(...file)).toEqual({ added: 2, updated: 0, removed: 0 });
    const rows = house.book.rows();
    house.links.length = 0;
    house.changes.length = 0;
    await house.restart();
    expect(await provision(...file)).toEqual({ added: 0, updated: 0, removed: 0 });
    expect(house.book.rows()).toEqual(rows);
    expect(house.links).toEqual([]);
    expect(house.changes).toEqual([]);
  });

  it('renames, re-addresses and swaps names without losing who is who', async () => {
    await provision(peer('a', { name: 'Anna' }), peer('b', { name: 'Berta' }));
    const ids = new Map(house.book.peers().map((one) => [one.provisionKey, one.id]));
    const outcome = await provision(
      peer('a', { name: 'Berta', links: [link({ url: 'wss://moved.example:1' })] }),
      peer('b', { name: 'Anna' }),
    );
    expect(outcome).toEqual({ added: 0, updated: 2, removed: 0 });
    expect(house.book.resolve('berta').map((one) => one.id)).toEqual([ids.get('a')]);
    expect(house.book.resolve('anna').map((one) => one.id)).toEqual([ids.get('b')]);
    expect(house.links.at(-1)).toMatch(/^~.* url$/);
  });

  it('hides what it no longer names, and gives it back with the same ids', async () => {
    await provision(peer('a'), peer('b'));
    const before = house.book.resolve('b');
    expect(await provision(peer('a'))).toMatchObject({ removed: 1 });
    expect(house.book.size).toBe(1);
    await house.clock.advance(60_000);
    await house.restart();
    expect(await provision(peer('a'), peer('b'))).toMatchObject({ added: 1 });
    expect(house.book.resolve('b')).toEqual(before);
    await house.clock.advance(31 * 24 * 3_600_000);
    expect(house.book.size).toBe(2);
  });

  it('deletes it for good after thirty days', async () => {
    await provision(peer('a'));
    await provision();
    await house.clock.advance(30 * 24 * 3_600_000 - 1);
    expect(house.purged).toEqual([]);
    await house.clock.advance(1);
    expect(house.purged).toHaveLength(1);
  });

  it('adds and drops links of a peer', async () => {
    await provision(peer('a'));
    house.links.length = 0;
    await provision(peer('a', { links: [link({ key: 'other', url: 'wss://b.example:1' })] }));
    expect(house.links.map((entry) => entry[0])).toEqual(['-', '+']);
    expect(house.book.links().map((one) => one.url)).toEqual(['wss://b.example:1']);
  });

  it('keeps pins that were made here, unless it names its own', async () => {
    await provision(peer('a'));
    const id = house.book.links()[0]?.id;
    if (!id) throw new Error('no link');
    await house.book.setPins(id, { identity: 'seen', tls: 'cert' });
    await provision(peer('a', { links: [link({ pinnedTls: 'other' })] }));
    expect(house.book.link(id)).toMatchObject({ pinnedIdentity: 'seen', pinnedTls: 'other' });
  });

  it('is refused as a whole where a name is taken by a peer that a person made', async () => {
    wentWell(await house.book.add(newPeer('Bob')));
    const error = errorOf(await house.book.provision([peer('a'), peer('b', { name: 'BOB' })]));
    expect(error.code).toBe('setup.config_invalid');
    expect(error.detail).toContain('“b”');
    expect(house.book.peers().map((one) => one.name)).toEqual(['Bob']);
    expect(house.store.prepare('SELECT id FROM peers').all()).toHaveLength(1);
  });

  it('touches no secret', async () => {
    house.keychain.refuse = 'secrets.read_only';
    await provision(peer('a'));
    await provision();
    await house.clock.advance(31 * 24 * 3_600_000);
    await house.book.sweepSecrets();
    expect(house.store.prepare('SELECT * FROM secrets_to_forget').all()).toEqual([]);
  });
});

describe('a provisioned peer', () => {
  it('cannot be edited here, apart from the favourite mark', async () => {
    await provision(peer('a'));
    const [one] = house.book.peers();
    const [way] = house.book.links();
    if (!one || !way) throw new Error('nothing was made');
    const refused = [
      house.book.update(one.id, { name: 'B' }),
      house.book.remove(one.id),
      house.book.updateLink(way.id, { agentId: 'x' }),
      house.book.removeLink(way.id),
      house.book.handlers['link.add']({ peerId: one.id, link: newPeer('x').link }, nobody),
    ];
    for (const result of await Promise.all(refused))
      expect(errorOf<unknown>(result).code).toBe('peer.provisioned');
    wentWell(await house.book.update(one.id, { favourite: true }));
    await provision(peer('a'));
    expect(house.book.row(one.id)?.favourite).toBe(true);
  });
});
