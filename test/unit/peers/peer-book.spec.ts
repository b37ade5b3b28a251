import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PeerDetail, PeerRow } from '../../../electron/contract/index.ts';
import { errorOf, type House, newPeer, openHouse, wentWell } from './house.ts';

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.close());

const add = async (name: string, more = {}) => wentWell(await house.book.add(newPeer(name, more)));
const secretsOf = (linkId: string) =>
  [...house.keychain.entries].filter(([account]) => account.startsWith(linkId));

describe('adding a peer', () => {
  it('keeps peer and link over a restart, and the secret in the keychain only', async () => {
    const { peerId, linkId } = await add('Alice', {
      nickname: 'al',
      notes: 'met in Rome',
      capabilities: ['code', 'Code', 'cooking'],
    });
    expect(secretsOf(linkId)).toEqual([[`${linkId}/gateway-token`, 'token of Alice']]);
    await house.restart();
    const detail = PeerDetail.parse(house.book.detail(peerId));
    expect(detail).toMatchObject({ name: 'Alice', nickname: 'al', notes: 'met in Rome' });
    expect(detail.capabilities.map((one) => one.tag)).toEqual(['code', 'cooking']);
    expect(detail.links).toHaveLength(1);
    expect(detail.links[0]).toMatchObject({ id: linkId, credential: 'token' });
    expect(PeerRow.parse(house.book.row(peerId)).name).toBe('Alice');
    expect(JSON.stringify(house.store.prepare('SELECT * FROM links').all())).not.toContain(
      'token of',
    );
  });

  it('tells the app to open the link only when all is on the disk', async () => {
    const adding = house.book.add(newPeer('Alice'));
    expect(house.links).toEqual([]);
    const { peerId, linkId } = wentWell(await adding);
    expect(house.links).toEqual([`+${linkId}`]);
    expect(house.changes).toContainEqual({ type: 'peer', id: peerId });
    expect(house.changes).toContainEqual({ type: 'app' });
  });

  it('puts the secret into the keychain before the row exists', async () => {
    let rows = -1;
    house.keychain.onSet = () => {
      rows = house.store.prepare('SELECT id FROM links').all().length;
    };
    await add('Alice');
    expect(rows).toBe(0);
  });

  it('stores nothing where the keychain cannot be used, and says why', async () => {
    house.keychain.refuse = 'secrets.locked';
    expect(errorOf(await house.book.add(newPeer('Alice'))).code).toBe('secrets.locked');
    expect(house.book.size).toBe(0);
    await house.restart();
    expect(house.book.size).toBe(0);
    expect(house.links).toEqual([]);
  });

  it('takes the secret out again where the commit fails', async () => {
    house.keychain.onSet = () => {
      house.store.prepare('PRAGMA max_page_count = 1').get();
    };
    const notes = 'x'.repeat(4_000_000);
    expect(errorOf(await house.book.add(newPeer('Alice', { notes }))).code).toBe('store.disk_full');
    expect(house.book.size).toBe(0);
    expect(house.keychain.entries.size).toBe(0);
  });

  it('leaves no secret behind where the app is killed before the commit', async () => {
    house.keychain.onSet = () => {
      throw new Error('killed'); // the secret may or may not have been written by now
    };
    house.keychain.refuse = 'secrets.locked';
    await house.book.add(newPeer('Alice')).catch(() => {});
    const note = house.store
      .prepare<{ link_id: string }>('SELECT link_id FROM secrets_to_forget')
      .get();
    house.keychain.entries.set(`${note?.link_id}/gateway-token`, 'left behind');
    house.keychain.onSet = null;
    house.keychain.refuse = null;
    await house.restart();
    await house.book.sweepSecrets();
    expect(house.keychain.entries.size).toBe(0);
    expect(house.store.prepare('SELECT * FROM secrets_to_forget').all()).toEqual([]);
  });

  it('refuses an address before it touches the keychain', async () => {
    const input = newPeer('Alice');
    const result = await house.book.add({ ...input, link: { ...input.link, url: 'ftp://x' } });
    expect(errorOf(result).code).toBe('link.url_scheme');
    expect(house.keychain.entries.size).toBe(0);
  });

  it('asks for no secret where the gateway wants none', async () => {
    const input = newPeer('Alice');
    wentWell(
      await house.book.add({ ...input, link: { ...input.link, credential: { kind: 'none' } } }),
    );
    expect(house.keychain.entries.size).toBe(0);
  });
});

describe('names', () => {
  it.each([
    ['its name', 'ＡＬＩＣＥ', null],
    ['its nickname', 'AL', null],
    ['a nickname that is its name', 'Bob', 'alice'],
    ['a nickname that is its nickname', 'Bob', 'Al'],
  ])('refuses for a second peer %s', async (_, name, nickname) => {
    const { peerId } = await add('Alice', { nickname: 'al' });
    const error = errorOf(await house.book.add(newPeer(name, { nickname })));
    expect(error.code).toBe('peer.name_taken');
    expect(error.detail).toContain('“Alice”');
    expect(error.remedy?.actions[0]).toMatchObject({ kind: 'go', to: `peer/${peerId}` });
    expect(house.keychain.entries.size).toBe(1);
  });

  it('lets a peer have its own name as nickname', async () => {
    await add('Alice', { nickname: 'alice' });
  });

  it('refuses a name without anything to see', async () => {
    expect(errorOf(await house.book.add(newPeer('\u200b\u2060'))).code).toBe('call.invalid_input');
  });

  it('gives a name to one of two that want it at the same moment', async () => {
    const results = await Promise.all([
      house.book.add(newPeer('Alice')),
      house.book.add(newPeer('ALICE')),
    ]);
    expect(results.map((result) => result.ok).sort()).toEqual([false, true]);
    expect(house.keychain.entries.size).toBe(1);
  });

  it('refuses to rename onto another, and frees the old name', async () => {
    const { peerId } = await add('Alice');
    await add('Bob');
    expect(errorOf(await house.book.update(peerId, { name: 'bob' })).code).toBe('peer.name_taken');
    wentWell(await house.book.update(peerId, { name: 'Carol' }));
    await add('Alice');
    expect(house.book.resolve('carol').map((peer) => peer.id)).toEqual([peerId]);
  });
});

describe('editing a peer', () => {
  it('loses none of two changes of the same moment', async () => {
    const { peerId } = await add('Alice');
    await Promise.all([
      house.book.update(peerId, { favourite: true }),
      house.book.update(peerId, { name: 'Alicia' }),
      house.book.update(peerId, { group: 'Rome' }),
    ]);
    const wanted = { name: 'Alicia', favourite: true, group: 'Rome' };
    expect(house.book.row(peerId)).toMatchObject(wanted);
    await house.restart();
    expect(house.book.row(peerId)).toMatchObject(wanted);
  });

  it('keeps typed tags apart from those that the peer names; typed ones win', async () => {
    const { peerId } = await add('Alice', { capabilities: ['code'] });
    wentWell(await house.book.setPeerCapabilities(peerId, ['CODE', 'music']));
    expect(house.book.detail(peerId)?.capabilities).toEqual([
      { tag: 'code', source: 'typed' },
      { tag: 'music', source: 'peer' },
    ]);
    wentWell(await house.book.update(peerId, { capabilities: [] }));
    expect(house.book.detail(peerId)?.capabilities).toEqual([{ tag: 'music', source: 'peer' }]);
  });

  it('remembers that the sentence before the first message was read', async () => {
    const { peerId } = await add('Alice');
    expect(house.book.detail(peerId)?.firstUseAcknowledged).toBe(false);
    await house.book.handlers['peer.acknowledgeFirstUse']({ peerId }, {} as never);
    await house.restart();
    expect(house.book.detail(peerId)?.firstUseAcknowledged).toBe(true);
  });

  it('says so where the peer is gone', async () => {
    const { peerId } = await add('Alice');
    wentWell(await house.book.remove(peerId));
    expect(errorOf(await house.book.update(peerId, { name: 'B' })).code).toBe('peer.not_found');
    expect(errorOf(await house.book.remove(peerId)).code).toBe('peer.not_found');
  });
});

describe('removing a peer', () => {
  it('hides it at once, closes its links, and frees its name', async () => {
    const { peerId, linkId } = await add('Alice');
    expect(wentWell(await house.book.remove(peerId))).toEqual({ undoMs: 10_000 });
    expect(house.book.row(peerId)).toBeNull();
    expect(house.links).toEqual([`+${linkId}`, `-${linkId}`]);
    expect(secretsOf(linkId)).toHaveLength(1);
    await add('Alice');
  });

  it('can be undone for ten seconds, with everything that it had', async () => {
    const { peerId, linkId } = await add('Alice', { nickname: 'al', notes: 'n' });
    const before = house.book.detail(peerId);
    wentWell(await house.book.remove(peerId));
    await house.clock.advance(9_999);
    wentWell(await house.book.restore(peerId));
    expect(house.book.detail(peerId)).toEqual(before);
    expect(house.links.at(-1)).toBe(`+${linkId}`);
    await house.clock.advance(60_000);
    expect(house.book.row(peerId)).not.toBeNull();
    expect(secretsOf(linkId)).toHaveLength(1);
  });

  it('forgets row, links, and secrets when the undo runs out', async () => {
    const { peerId, linkId } = await add('Alice');
    house.keychain.entries.set(`${linkId}/device-token`, 'theirs');
    wentWell(await house.book.remove(peerId));
    await house.clock.advance(10_000);
    expect(house.purged).toEqual([peerId]);
    expect(house.store.prepare('SELECT id FROM peers').all()).toEqual([]);
    expect(house.store.prepare('SELECT id FROM links').all()).toEqual([]);
    expect(secretsOf(linkId)).toEqual([]);
    expect(errorOf(await house.book.restore(peerId)).code).toBe('peer.undo_expired');
  });

  it('forgets the secrets later where the keychain is locked just then', async () => {
    const { peerId, linkId } = await add('Alice');
    wentWell(await house.book.remove(peerId));
    house.keychain.refuse = 'secrets.locked';
    await house.clock.advance(10_000);
    expect(secretsOf(linkId)).toHaveLength(1);
    house.keychain.refuse = null;
    await house.restart();
    await house.book.sweepSecrets();
    expect(secretsOf(linkId)).toEqual([]);
  });

  it('goes on counting after a restart', async () => {
    const { peerId } = await add('Alice');
    const { peerId: other } = await add('Bob');
    wentWell(await house.book.remove(peerId));
    await house.clock.advance(4_000);
    await house.restart();
    wentWell(await house.book.remove(other));
    await house.clock.advance(5_999);
    expect(house.purged).toEqual([]);
    await house.clock.advance(1);
    expect(house.purged).toEqual([peerId]);
    wentWell(await house.book.restore(other));
  });

  it('refuses the undo where the name was given away meanwhile, and offers a way', async () => {
    const { peerId } = await add('Alice');
    wentWell(await house.book.remove(peerId));
    await add('alice');
    expect(errorOf(await house.book.restore(peerId)).code).toBe('peer.name_taken');
  });
});

describe('10,000 peers', () => {
  it('cost one small commit and one row per change', async () => {
    await house.store.write(() => {
      const peer = house.store.prepare<never, [string, string, string]>(
        'INSERT INTO peers (id, name, name_key, created_at) VALUES (?, ?, ?, 0)',
      );
      for (let i = 0; i < 10_000; i++)
        peer.run(
          `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
          `Peer ${i}`,
          `peer ${i}`,
        );
    });
    await house.restart();
    expect(house.book.rows()).toHaveLength(10_000);
    const { peerId } = await add('Alice');
    house.changes.length = 0;
    wentWell(await house.book.update(peerId, { favourite: true }));
    expect(house.changes).toEqual([
      { type: 'peer', id: peerId },
      { type: 'peerDetail', id: peerId, peerId },
    ]);
    expect(house.book.row(peerId)).toMatchObject({ name: 'Alice', favourite: true });
    expect(house.book.resolve('peer 42').map((one) => one.name)).toEqual(['Peer 42']);
  });
});
