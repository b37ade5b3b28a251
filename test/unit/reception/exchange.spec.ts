import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InviteId, PeerId } from '../../../electron/contract/index.ts';
import { hashOfCode, newNonce } from '../../../electron/reception/invites/inviter.ts';
import { readInvite, writeInvite } from '../../../electron/reception/invites/link-text.ts';
import { sealingKey, unseal } from '../../../electron/reception/invites/sealed.ts';
import { signMessage } from '../../../electron/reception/invites/signing.ts';
import {
  newDeviceIdentity,
  publicKeyRawBase64Url,
  signPayload,
} from '../../../electron/secrets/index.ts';
import { type Rig, rpc, startRig } from './parts/rig.ts';

/** A redeemer that keeps to no rule but the wire's. */
describe('the inviter, asked by a redeemer of bad manners', () => {
  let ada: Rig;
  const made = newDeviceIdentity();
  const identity = {
    deviceId: made.deviceId,
    publicKey: publicKeyRawBase64Url(made.publicKeyPem),
    sign: (text: string) => signPayload(made.privateKeyPem, text),
  };
  beforeEach(async () => {
    ada = await startRig({ name: 'Ada' });
  });
  afterEach(() => ada.stop());

  const post = async (step: string, value: unknown) => {
    const response = await fetch(`${ada.origin()}/peerage/v1/invite/${step}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signMessage(identity, step, value)),
    });
    const body = (await response.json()) as { payload?: string; reason?: string };
    return {
      status: response.status,
      reason: body.reason,
      value: body.payload === undefined ? {} : JSON.parse(body.payload),
    };
  };

  const redeemed = async (name = 'Bea') => {
    const { invite, text } = await ada.call('invite.create', { for: 'theirs' });
    const read = readInvite(text, ada.clock.now());
    if (!read.ok) throw new Error(read.error.code);
    const { code } = read.value;
    const { status } = await post('redeem', { code, name, nonce: newNonce() });
    return { id: invite.id, code, status };
  };

  /** Up to where both said yes. */
  const agreed = async () => {
    const { id, code } = await redeemed();
    await ada.call('invite.confirm', { inviteId: id });
    const { value } = await post('status', { invite: hashOfCode(code), said: 'yes' });
    const own = sealingKey();
    const complete = () =>
      post('complete', {
        invite: hashOfCode(code),
        key: own.publicKey,
        forKey: value.key as string,
        token: null,
        origins: [],
        gateway: null,
      });
    const tokenIn = (sealed: string) => unseal(own, value.key as string, 'inviter', sealed) ?? '';
    return { id, complete, tokenIn };
  };

  const state = (id: InviteId) => ada.reception.invite(id)?.state;
  const asks = async (token: string) =>
    (await rpc(ada.origin(), token, 'GetTask', { id: 'none' })).status;

  it('makes one peer, however often it is asked to complete at the same time', async () => {
    const { complete, tokenIn } = await agreed();
    const answers = await Promise.all(Array.from({ length: 8 }, complete));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect([...ada.partners.names.values()]).toEqual(['Bea']);
    // The last token counts, as after any lost answer.
    const good = await Promise.all(
      answers.map(({ value }) => asks(tokenIn(value.token as string))),
    );
    expect(good.filter((status) => status === 200)).toHaveLength(1);
  });

  it('gives no token where the person took the invite back while it completed', async () => {
    const { id, complete } = await agreed();
    const { partners } = ada;
    const add = partners.add.bind(partners);
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    partners.add = async (...args) => {
      reached.resolve();
      await goOn.promise;
      return add(...args);
    };
    const answer = complete();
    await reached.promise;
    await ada.call('invite.cancel', { inviteId: id });
    goOn.resolve();
    expect(await answer).toMatchObject({ status: 409, reason: 'not_now' });
    expect(state(id)).toBe('cancelled');
    expect([...partners.names.values()]).toEqual([]);
    expect(ada.audit().map(({ what }) => what)).not.toContain('token_issued');
  });

  it('repeats a lost answer, and gives nothing any more once the partnership has ended', async () => {
    const { complete, tokenIn } = await agreed();
    await complete();
    const again = await complete();
    expect(again.status).toBe(200);
    const token = tokenIn(again.value.token as string);
    expect(await asks(token)).toBe(200);
    const [peerId] = ada.partners.names.keys();
    await ada.call('partnership.end', { peerId: peerId as PeerId, removePeer: false });
    expect(await complete()).toMatchObject({ status: 409, reason: 'not_now' });
    expect(await asks(token)).toBe(401);
    const { theirToken } = await ada.call('partnership.preview', { peerId: peerId as PeerId });
    expect(theirToken).toBeNull();
  });

  it('shows a name from outside as one line, and takes none that is nothing', async () => {
    const { id } = await redeemed('Bea\n\u202eevil\tname');
    expect(ada.reception.invite(id)).toMatchObject({
      peerName: 'Bea evil name',
      other: { name: 'Bea evil name' },
    });
    expect(ada.notices).toContain(`invite ${id} Bea evil name`);
    expect((await redeemed('\u0007 \u202e')).status).toBe(400);
  });
});

describe('the redeemer', () => {
  it('goes no further with an inviter that now speaks of another kind of machine', async () => {
    const made = newDeviceIdentity();
    const ada = await startRig({ name: 'Ada', identity: made });
    const bea = await startRig({ name: 'Bea' });
    try {
      const { text } = await ada.call('invite.create', { for: 'theirs' });
      const read = readInvite(text, ada.clock.now());
      if (!read.ok) throw new Error(read.error.code);
      const shown = writeInvite(
        { ...read.value, for: 'mine' },
        {
          deviceId: made.deviceId,
          publicKey: publicKeyRawBase64Url(made.publicKeyPem),
          sign: (one) => signPayload(made.privateKeyPem, one),
        },
      );
      const redeem = bea.call('invite.redeem', { text: shown, peerName: 'Ada' });
      await expect(redeem).rejects.toThrow('invite.protocol');
      expect(bea.reception.invites()).toEqual([]);
    } finally {
      await ada.stop();
      await bea.stop();
    }
  });
});
