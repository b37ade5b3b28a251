import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receptionPartners } from '../../../electron/app/reception-partners.ts';
import { type AgentCardView, devicePin, type PeerId } from '../../../electron/contract/index.ts';
import { MemorySecretStore } from '../../../electron/secrets/index.ts';
import { type House, newPeer, openHouse, wentWell } from '../peers/house.ts';

const KEY = 'ab'.repeat(32);
const WS = 'ws://100.64.0.9:18789';
const CARD: AgentCardView = {
  name: 'OpenClaw',
  description: '',
  version: '1',
  provider: null,
  website: null,
  protocol: '1.0 over JSON-RPC',
  peerage: false,
  limits: [],
  skills: [],
};

describe('the peer book as the reception knows it', () => {
  let house: House;
  beforeEach(() => {
    house = openHouse();
  });
  afterEach(() => house.close());
  const partners = () =>
    receptionPartners({
      clock: house.clock,
      peers: house.book,
      secrets: new MemorySecretStore(),
      homeId: 'home',
    });
  const link = (origin: string) => ({ origin, token: 't'.repeat(43), identity: KEY, tls: null });
  const id = '0199aa00-0000-7000-8000-000000000001' as PeerId;

  it('makes a peer of the id that it was given, pinned to the device key', async () => {
    expect(await partners().add('Ada', link('ws://100.64.0.9:1'), id)).toBe(id);
    expect(house.book.linksOf(id)[0]?.pinnedIdentity).toBe(devicePin(KEY));
    expect(await partners().add('Ada', null)).not.toBe(id);
    expect(house.book.peers().map((peer) => peer.name)).toEqual(['Ada', 'Ada 2']);
  });

  it('keeps the pin where the address of the link changes', async () => {
    await partners().add('Ada', link('ws://100.64.0.9:1'), id);
    const [before] = house.book.linksOf(id);
    if (!before) throw new Error('no link');
    const credential = { kind: 'token', value: 'another' } as const;
    wentWell(await house.book.updateLink(before.id, { url: 'ws://100.64.0.10:1', credential }));
    expect(house.book.linksOf(id)[0]?.pinnedIdentity).toBe(devicePin(KEY));
  });

  it('pins a link that was there before its token is replaced, which connects it anew', async () => {
    const origin = 'ws://100.64.0.9:1';
    const { peerId } = wentWell(
      await house.book.add({
        ...newPeer('Ada'),
        link: { kind: 'a2a', url: origin, credential: { kind: 'token', value: 'an old one' } },
      }),
    );
    const pins: (string | null | undefined)[] = [];
    house.keychain.onSet = () => {
      const [there] = house.book.linksOf(peerId);
      pins.push(there?.pinnedIdentity, there?.pinnedTls);
    };
    await partners().setLink(peerId, { ...link(origin), tls: 'cd'.repeat(32) });
    expect(pins).toEqual([devicePin(KEY), 'cd'.repeat(32)]);
  });

  it('drops the links to a reception only, or all', async () => {
    const { peerId, linkId } = wentWell(await house.book.add(newPeer('Ada')));
    await partners().setLink(peerId, link('ws://100.64.0.9:1'));
    wentWell(
      await house.book.addLink(peerId, {
        kind: 'a2a',
        url: 'ws://agents.example:1',
        credential: { kind: 'none' },
      }),
    );
    expect(house.book.linksOf(peerId)).toHaveLength(3);
    await partners().dropLinks(peerId, 'reception');
    expect(house.book.linksOf(peerId).map((one) => one.url)).not.toContain('ws://100.64.0.9:1');
    expect(house.book.linksOf(peerId)).toHaveLength(2);
    expect(house.book.link(linkId)).not.toBeNull();
    await partners().dropLinks(peerId, 'all');
    expect(house.book.linksOf(peerId)).toEqual([]);
  });

  it('tells what of ours stays with somebody who has no reception, and calls nobody there', async () => {
    const { peerId } = wentWell(await house.book.add(newPeer('Desk')));
    const linkId = wentWell(
      await house.book.addLink(peerId, {
        kind: 'a2a',
        url: 'ws://agents.example:1',
        credential: { kind: 'token', value: 'a-token-of-theirs' },
      }),
    );
    await house.book.setCard(linkId, CARD);
    await partners().setLink(peerId, link('ws://100.64.0.9:1'));
    expect(partners().staysThere(peerId)).toEqual([
      'At ws://127.0.0.1:18789 this device stays let in, until its person removes it there.',
      'The token that you were given for ws://agents.example:1 stays good, until its person takes it out there.',
    ]);
    await partners().dropLinks(peerId, 'reception');
    expect(await partners().tellEnded(peerId)).toBe(true);
  });

  it('adds a gateway with its code in the keychain, and asks anew where it is known', async () => {
    const gateway = { url: WS, identity: KEY, tls: null, code: 'first-code-of-the-gateway' };
    expect(await partners().addGateway('Desk', gateway, id)).toBe(id);
    const [made] = house.book.linksOf(id);
    expect(made).toMatchObject({ kind: 'gateway', credential: 'setup', pinnedIdentity: KEY });
    expect(house.keychain.entries.get(`${made?.id}/gateway-setup`)).toBe(gateway.code);
    const again = { ...gateway, code: 'second-code-of-the-gateway' };
    expect(
      await partners().addGateway('Desk', again, '0199aa00-0000-7000-8000-000000000002' as PeerId),
    ).toBe(id);
    expect(house.book.size).toBe(1);
    expect(made?.id).toBe(house.book.linksOf(id)[0]?.id);
    expect(house.keychain.entries.get(`${made?.id}/gateway-setup`)).toBe(again.code);
  });

  it('leaves the way in that the person made, where a peer is reached there already', async () => {
    const { peerId, linkId } = wentWell(await house.book.add(newPeer('Desk')));
    const url = house.book.link(linkId)?.url ?? '';
    const gateway = { url, identity: KEY, tls: null, code: 'a-code-of-the-gateway' };
    expect(await partners().addGateway('Desk', gateway, id)).toBe(peerId);
    expect(house.book.link(linkId)?.credential).toBe('token');
    expect([...house.keychain.entries.keys()]).toEqual([`${linkId}/gateway-token`]);
  });
});
