import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InviteId } from '../../../electron/contract/index.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

describe('an invite', () => {
  let ada: Rig;
  let bea: Rig;
  beforeEach(async () => {
    // Each with a clock of its own, as two machines have.
    ada = await startRig({ name: 'Ada', clock: fakeClock() });
    bea = await startRig({ name: 'Bea', clock: fakeClock() });
  });
  afterEach(async () => {
    await ada.stop();
    await bea.stop();
  });

  const open = (rig: Rig) => rig.reception.invites()[0];
  const make = async (more: { address?: string } = {}) =>
    ada.call('invite.create', { for: 'theirs', ...more });
  const redeem = async (text: string, peerName = 'Ada over there') =>
    bea.call('invite.redeem', { text, peerName });
  /** Time goes on for both until something is so: long polls and retries are due by the clock. */
  const both = <T>(find: () => T | null | undefined | false): Promise<T> =>
    until(find, [bea.clock, ada.clock]);

  it('leads to a peer with a token of its own on both sides, after both compared the words', async () => {
    const { text } = await make();
    const { invite } = await redeem(text);
    expect(invite.words).toHaveLength(6);
    expect(open(ada)?.words).toEqual(invite.words);
    expect(open(ada)).toMatchObject({ state: 'comparing', other: { name: 'Bea' } });
    expect(ada.notices).toContain(`invite ${open(ada)?.id} Bea`);
    expect(ada.partners.names.size + bea.partners.names.size).toBe(0);

    await bea.call('invite.confirm', { inviteId: invite.id });
    await both(() => open(ada)?.confirmedThere);
    expect(ada.partners.names.size + bea.partners.names.size).toBe(0);
    await ada.call('invite.confirm', {
      inviteId: open(ada)?.id as InviteId,
      peerName: 'My friend',
    });
    await both(() => open(bea)?.state === 'done');
    expect(open(ada)).toMatchObject({ state: 'done', directions: 'both' });
    expect(open(bea)).toMatchObject({ directions: 'both' });
    expect([...ada.partners.names.values()]).toEqual(['My friend']);
    expect([...bea.partners.names.values()]).toEqual(['Ada over there']);

    const [toAda] = [...bea.partners.held.values()].flat();
    const [toBea] = [...ada.partners.held.values()].flat();
    const asked = await rpc(ada.origin(), toAda?.token ?? '', 'SendMessage', {
      message: userMessage('hello Ada'),
      configuration: { returnImmediately: true },
    });
    expect(asked.status).toBe(200);
    expect(ada.reception.delegations()[0]?.caller).toBe('My friend');
    const back = await rpc(bea.origin(), toBea?.token ?? '', 'GetTask', { id: 'none' });
    expect(back.status).toBe(200);
  });

  it('gives a token that is good in the moment in which it arrives', async () => {
    const add = ada.partners.add.bind(ada.partners);
    const statuses: number[] = [];
    ada.partners.add = async (name, link, id) => {
      if (link) statuses.push((await rpc(link.origin, link.token, 'GetTask', { id: '' })).status);
      return add(name, link, id);
    };
    const { invite } = await redeem((await make()).text);
    await bea.call('invite.confirm', { inviteId: invite.id });
    await both(() => open(ada)?.confirmedThere);
    await ada.call('invite.confirm', { inviteId: open(ada)?.id as InviteId });
    await both(() => open(bea)?.state === 'done');
    expect(statuses).toEqual([200]);
  });

  it('carries no token, and its code stands nowhere in the database', async () => {
    const { text } = await make();
    const raw = Buffer.from(text.slice('peerage://invite/'.length), 'base64url').toString('latin1');
    const code = /"c":"([^"]+)"/.exec(raw)?.[1] ?? 'missing';
    expect(code).toHaveLength(22);
    const rows = ada.store.prepare<Record<string, unknown>>('SELECT * FROM invites').all();
    expect(JSON.stringify(rows)).not.toContain(code);
  });

  it('says exactly why it cannot be used', async () => {
    const { text } = await make();
    const preview = (one: string) => bea.call('invite.preview', { text: one });
    await expect(preview('https://example.org/menu')).rejects.toThrow('invite.not_an_invite');
    await expect(preview('WIFI:S:home;T:WPA;P:secret;;')).rejects.toThrow('invite.not_an_invite');
    await expect(preview(text.slice(0, -10))).rejects.toThrow('invite.truncated');
    await expect(preview(text.slice(0, 60))).rejects.toThrow('invite.truncated');
    await expect(preview(`${text}AAAA`)).rejects.toThrow('invite.tampered');
    const at = 80;
    const other = text[at] === 'A' ? 'B' : 'A';
    await expect(preview(text.slice(0, at) + other + text.slice(at + 1))).rejects.toThrow(
      'invite.tampered',
    );
    await expect(ada.call('invite.preview', { text })).rejects.toThrow('invite.own');
    await expect(preview(text)).resolves.toMatchObject({ name: 'Ada', for: 'theirs' });
    // As a mail program folds it.
    await expect(preview(` ${text.slice(0, 70)}\n${text.slice(70)} `)).resolves.toBeDefined();
    await bea.clock.advance(600_000);
    await expect(preview(text)).rejects.toThrow('invite.expired');
  });

  it.each([
    ['with words around it', (text: string) => `Hi Bea, here it is:\n\n${text}\n\nSee you, Ada`],
    ['in angle brackets', (text: string) => `<${text}>`],
    ['at the end of a sentence', (text: string) => `Use ${text}.`],
    ['in a quoted mail', (text: string) => `> ${text.replace(/(.{60})/g, '$1\n> ')}`],
    ['with marks of no width', (text: string) => text.replace(/(.{70})/g, '$1\u200b')],
    ['with all that is pasted into a terminal', (text: string) => `npm start\n# Paste:\n${text}`],
  ])('is read as it was pasted: %s', async (_how, around) => {
    const { text } = await make();
    const read = await bea.call('invite.preview', { text: around(text) });
    expect(read).toMatchObject({ name: 'Ada', for: 'theirs' });
  });

  it('that was taken back is not said to be used by somebody', async () => {
    const { text, invite } = await make();
    await ada.call('invite.cancel', { inviteId: invite.id });
    await expect(redeem(text)).rejects.toThrow('invite.refused');
  });

  it('tells the inviter only that the other side ended it, who stopped waiting', async () => {
    const { text } = await make();
    const { invite } = await redeem(text);
    await bea.call('invite.confirm', { inviteId: invite.id });
    await bea.call('invite.cancel', { inviteId: invite.id });
    await both(() => open(ada)?.state === 'rejected');
    expect(open(ada)?.error?.code).toBe('invite.ended_there');
    expect(open(bea)).toMatchObject({ state: 'cancelled', words: invite.words });
  });

  it('has expired after ten minutes at the inviter too, whatever the clock of the other says', async () => {
    const { text } = await make();
    await ada.clock.advance(600_001);
    await expect(redeem(text)).rejects.toThrow('invite.expired');
    expect(open(ada)?.state).toBe('expired');
  });

  it('is used once: another key is refused, and the first one goes on', async () => {
    const { text } = await make();
    await redeem(text);
    const eve = await startRig({ name: 'Eve' });
    try {
      await expect(eve.call('invite.redeem', { text, peerName: 'Ada' })).rejects.toThrow(
        'invite.used',
      );
    } finally {
      await eve.stop();
    }
    expect(open(ada)?.other?.name).toBe('Bea');
    await expect(redeem(text)).rejects.toThrow('invite.used');
    expect(ada.audit().map((row) => row.what)).toContain('invite_refused');
  });

  it('is refused to a machine that it was not made for', async () => {
    const { text } = await make({ address: '100.64.0.9' });
    await expect(redeem(text)).rejects.toThrow('invite.other_machine');
    expect(open(ada)?.state).toBe('open');
  });

  it('leads nowhere where one side says no', async () => {
    const { text } = await make();
    const { invite } = await redeem(text);
    await ada.call('invite.reject', { inviteId: open(ada)?.id as InviteId });
    await both(() => bea.reception.invite(invite.id)?.state === 'rejected');
    expect(ada.partners.names.size + bea.partners.names.size).toBe(0);
    await expect(bea.call('invite.confirm', { inviteId: invite.id })).rejects.toThrow(
      'invite.not_now',
    );
  });

  it('goes on after a restart of either side between any two steps', async () => {
    const { text } = await make();
    const { invite } = await redeem(text);
    ada = await ada.restart();
    bea = await bea.restart();
    await bea.call('invite.confirm', { inviteId: invite.id });
    bea = await bea.restart();
    await both(() => open(ada)?.confirmedThere);
    ada = await ada.restart();
    await ada.call('invite.confirm', { inviteId: open(ada)?.id as InviteId });
    await both(() => open(bea)?.state === 'done');
    expect(open(ada)?.directions).toBe('both');
  });

  it('goes one way where the redeemer’s reception does not listen', async () => {
    await bea.call('reception.configure', { listen: 'off', port: 0 });
    const { text } = await make();
    const { invite } = await redeem(text);
    await bea.call('invite.confirm', { inviteId: invite.id });
    await ada.call('invite.confirm', { inviteId: open(ada)?.id as InviteId });
    await both(() => open(bea)?.state === 'done');
    expect(open(ada)?.directions).toBe('they_ask_us');
    expect(open(bea)?.directions).toBe('we_ask_them');
    expect([...ada.partners.held.values()].flat()).toEqual([]);
  });

  it('needs a reception that listens', async () => {
    await ada.call('reception.configure', { listen: 'off', port: 0 });
    await expect(make()).rejects.toThrow('reception.off');
  });
});
