import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUSES, type House } from '../../fakes/relay/houses.ts';
import { Member } from '../../fakes/relay/member.ts';

const [first] = HOUSES;
if (!first) throw new Error('no relay to test with');

describe('a relay that is removed', () => {
  let house: House;
  let ada: Member;
  let bea: Member;
  beforeEach(async () => {
    house = await first.start('team-token');
    ada = await Member.open('Ada');
    bea = await Member.open('Bea');
    await bea.join(house.url, { token: 'team-token' });
  });
  afterEach(async () => {
    await Promise.all([ada.end(), bea.end()]);
    await house.stop();
  });
  const join = () => ada.join(house.url, { token: 'team-token' });

  it('comes back as it was: same name on it, same token, same peers', async () => {
    const relayId = await join();
    const peer = await ada.befriend('Bea');
    const before = ada.agentId;
    const kept = new Map(ada.secrets);
    await ada.do('relay.remove', { relayId });
    expect(ada.relays.view().relays).toEqual([]);
    await expect(ada.do('relay.reconnect', { relayId })).rejects.toMatchObject({
      error: { code: 'relay.not_found' },
    });
    expect(ada.secrets).toEqual(kept);
    expect(ada.peers).toHaveLength(1);
    expect((await ada.send(peer, 'Nobody hears this')).outcome.kind).toBe('not_sent');

    await ada.do('relay.restore', { relayId });
    await ada.until('to be back', () => ada.relay().state.kind === 'online');
    expect(ada.agentId).toBe(before);
    expect((await ada.send(peer, 'This arrives')).outcome.kind).toBe('acknowledged');
    await bea.task('This arrives');
  });

  it('is gone with its secrets, and the ways over it, once the undo ran out', async () => {
    const relayId = await join();
    await ada.befriend('Bea');
    const { undoMs } = await ada.do('relay.remove', { relayId });
    await ada.clock.leap(undoMs - 1_000);
    expect(ada.secrets.size).toBe(2);
    await ada.clock.leap(1_001);
    await ada.until('the secrets to go', () => ada.secrets.size === 0 && ada.peers.length === 0);
    await expect(ada.do('relay.restore', { relayId })).rejects.toMatchObject({
      error: { code: 'relay.undo_expired' },
    });
  });

  it('goes in the end though the keychain was locked just then', async () => {
    const relayId = await join();
    const { undoMs } = await ada.do('relay.remove', { relayId });
    ada.locked = true;
    await ada.clock.leap(undoMs + 1);
    await ada.until('the try', () => ada.logged.some((line) => line.includes('not finished')));
    expect(ada.secrets.size).toBe(2);
    ada.locked = false;
    await ada.clock.leap(60_001);
    await ada.until('the secrets to go', () => ada.secrets.size === 0);
  });

  it('is not there after a restart either, and its secrets go then', async () => {
    const relayId = await join();
    await ada.befriend('Bea');
    await ada.do('relay.remove', { relayId });
    ada = await ada.reopened();
    expect(ada.relays.view().relays).toEqual([]);
    expect(ada.secrets.size).toBe(2);
    await ada.clock.leap(10_001);
    await ada.until('the secrets to go', () => ada.secrets.size === 0 && ada.peers.length === 0);
    ada = await ada.reopened();
    expect(ada.relays.view().relays).toEqual([]);
  });

  it('can be added anew at once, as somebody new', async () => {
    const relayId = await join();
    const before = ada.agentId;
    await ada.do('relay.remove', { relayId });
    const again = await join();
    expect(again).not.toBe(relayId);
    expect(ada.agentId).not.toBe(before);
    await expect(ada.do('relay.restore', { relayId })).rejects.toMatchObject({
      error: { code: 'relay.undo_expired' },
    });
    expect(ada.secrets.size).toBe(2);
  });
});
