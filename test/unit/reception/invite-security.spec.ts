import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InviteId, PeerId } from '../../../electron/contract/index.ts';
import { commitmentTo, hashOfCode, newNonce } from '../../../electron/reception/invites/inviter.ts';
import { readInvite, writeInvite } from '../../../electron/reception/invites/link-text.ts';
import { signMessage } from '../../../electron/reception/invites/signing.ts';
import {
  newDeviceIdentity,
  publicKeyRawBase64Url,
  signPayload,
} from '../../../electron/secrets/index.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { type Rig, rpc, startRig, until } from './parts/rig.ts';

const signer = (made: ReturnType<typeof newDeviceIdentity>) => ({
  deviceId: made.deviceId,
  publicKey: publicKeyRawBase64Url(made.publicKeyPem),
  sign: (text: string) => signPayload(made.privateKeyPem, text),
});

const read = (text: string, rig: Rig) => {
  const found = readInvite(text, rig.clock.now());
  if (!found.ok) throw new Error(found.error.code);
  return found.value;
};

describe('the six words', () => {
  let ada: Rig;
  const eve = signer(newDeviceIdentity());
  beforeEach(async () => {
    ada = await startRig({ name: 'Ada' });
  });
  afterEach(() => ada.stop());

  const redeem = async (code: string, nonce: string) => {
    const response = await fetch(`${ada.origin()}/peerage/v1/invite/redeem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signMessage(eve, 'redeem', { code, name: 'Eve', nonce })),
    });
    const body = (await response.json()) as { payload?: string; reason?: string };
    return { status: response.status, reason: body.reason, payload: body.payload };
  };

  it('cannot be searched for: whoever redeems has one nonce, and no other is taken after it', async () => {
    const { text } = await ada.call('invite.create', { for: 'theirs' });
    const { code } = read(text, ada);
    const nonce = newNonce();
    const first = await redeem(code, nonce);
    const { words } = ada.reception.invites()[0] ?? {};
    expect(await redeem(code, newNonce())).toMatchObject({ status: 409, reason: 'used' });
    expect(ada.reception.invites()[0]?.words).toEqual(words);
    // A lost answer may be had again, and is the same.
    expect(await redeem(code, nonce)).toEqual(first);
  });

  it('rest on a nonce of the inviter that its text has fixed before', async () => {
    const { text } = await ada.call('invite.create', { for: 'theirs' });
    const { code, commitment } = read(text, ada);
    const { payload = '' } = await redeem(code, newNonce());
    expect(commitmentTo(JSON.parse(payload).nonce)).toBe(commitment);
  });

  it('are not even shown where the inviter comes with another nonce than its text promised', async () => {
    const made = newDeviceIdentity();
    const other = await startRig({ name: 'Mallory', identity: made });
    const bea = await startRig({ name: 'Bea' });
    try {
      const { text } = await other.call('invite.create', { for: 'theirs' });
      const changed = writeInvite(
        { ...read(text, other), commitment: commitmentTo(newNonce()) },
        signer(made),
      );
      await expect(bea.call('invite.redeem', { text: changed, peerName: 'M' })).rejects.toThrow(
        'invite.wrong_identity',
      );
      expect(bea.reception.invites()).toEqual([]);
    } finally {
      await other.stop();
      await bea.stop();
    }
  });
});

describe('an answer of the inviter', () => {
  const inviter = signer(newDeviceIdentity());
  let bea: Rig;
  let server: Server;
  /** What the inviter says instead of what it should. */
  let wrong: Record<string, unknown>;
  let nonce: string;
  beforeEach(async () => {
    bea = await startRig({ name: 'Bea' });
    wrong = {};
    nonce = newNonce();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const step = (request.url ?? '').split('/').at(-1) ?? '';
        const asked = JSON.parse(JSON.parse(Buffer.concat(chunks).toString()).payload);
        const invite = asked.invite ?? hashOfCode(asked.code);
        const right = {
          redeem: {
            invite,
            to: asked.nonce,
            name: 'Ada',
            nonce,
            for: 'theirs',
            gatewayIdentity: null,
            tls: null,
          },
          status: { invite, said: 'yes', key: inviter.publicKey },
          complete: { invite, token: null, reached: false, gateway: null },
        }[step];
        const value = { ...right, ...((wrong[step] as object | undefined) ?? {}) };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(signMessage(inviter, `${step}-reply`, value)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await bea.stop();
    server.closeAllConnections();
    server.close();
  });
  const invite = () =>
    writeInvite(
      {
        for: 'theirs',
        name: 'Ada',
        origins: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
        tls: null,
        code: newNonce(),
        commitment: commitmentTo(nonce),
        expiresAt: bea.clock.now() + 600_000,
        only: null,
      },
      inviter,
    );
  const other = { invite: 'ab'.repeat(32) };

  it('to another redeeming is no answer to ours', async () => {
    for (const one of [other, { to: newNonce() }]) {
      wrong = { redeem: one };
      const redeem = bea.call('invite.redeem', { text: invite(), peerName: 'Ada' });
      await expect(redeem).rejects.toThrow('invite.protocol');
    }
    expect(bea.reception.invites()).toEqual([]);
  });

  it('about another invite ends ours, and leaves no peer behind', async () => {
    for (const step of ['status', 'complete']) {
      wrong = { [step]: other };
      const made = await bea.call('invite.redeem', { text: invite(), peerName: 'Ada' });
      await bea.call('invite.confirm', { inviteId: made.invite.id }).catch(() => undefined);
      await until(() => bea.reception.invite(made.invite.id)?.state === 'failed');
      expect(bea.reception.invite(made.invite.id)?.error?.code).toBe('invite.protocol');
    }
    await until(() => bea.partners.names.size === 0);
  });
});

describe('an invite between two', () => {
  let ada: Rig;
  let bea: Rig;
  const adaKey = newDeviceIdentity();
  const beaKey = newDeviceIdentity();
  const GATEWAY = { url: 'ws://100.64.0.1:18789', identity: 'ab'.repeat(32), tls: null };
  const begin = async (more: Parameters<typeof startRig>[0] = {}) => {
    ada = await startRig({ name: 'Ada', clock: fakeClock(), identity: adaKey, ...more });
    bea = await startRig({ name: 'Bea', clock: fakeClock(), identity: beaKey });
  };
  afterEach(async () => {
    await ada.stop();
    await bea.stop();
  });
  const both = <T>(find: () => T | null | undefined | false): Promise<T> =>
    until(find, [bea.clock, ada.clock]);
  const agree = async (purpose: 'mine' | 'theirs') => {
    const { text } = await ada.call('invite.create', { for: purpose });
    const { invite } = await bea.call('invite.redeem', { text, peerName: 'Ada over there' });
    await ada.call('invite.confirm', { inviteId: ada.reception.invites()[0]?.id as InviteId });
    await bea.call('invite.confirm', { inviteId: invite.id });
    return invite.id;
  };

  it('pins each side’s device key to the link that it makes', async () => {
    await begin();
    await agree('theirs');
    await both(() => bea.reception.invites()[0]?.state === 'done');
    expect([...bea.partners.held.values()].flat()[0]?.identity).toBe(adaKey.deviceId);
    expect([...ada.partners.held.values()].flat()[0]?.identity).toBe(beaKey.deviceId);
  });

  it('for a machine of one’s own brings a code of the gateway, sealed, and kept nowhere', async () => {
    const code = 'a-code-of-the-gateway-for-one-device';
    let made = 0;
    await begin({
      ownGateway: GATEWAY,
      gatewayCode: async () => {
        made++;
        return code;
      },
    });
    const seen: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (...args) => {
      const response = await fetch(...args);
      seen.push(String(args[1]?.body), await response.clone().text());
      return response;
    };
    try {
      await agree('mine');
      expect(made).toBe(0);
      await both(() => bea.reception.invites()[0]?.state === 'done');
    } finally {
      globalThis.fetch = fetch;
    }
    expect(made).toBe(1);
    expect(bea.partners.gateways).toEqual([{ ...GATEWAY, code }]);
    expect([...bea.partners.names.values()]).toEqual(['Ada over there']);
    expect(bea.reception.invites()[0]).toMatchObject({ gateway: GATEWAY });
    expect(bea.reception.invites()[0]?.peerId).not.toBeNull();
    // It had no gateway to offer: nobody is added over there.
    expect(ada.partners.names.size).toBe(0);
    expect(seen.length).toBeGreaterThan(4);
    const kept = [ada, bea].map((rig) => rig.store.prepare('SELECT * FROM invites').all());
    expect(JSON.stringify([seen, kept])).not.toContain(code);
  });

  it('pairs both gateways where both can be reached', async () => {
    await begin({ ownGateway: GATEWAY, gatewayCode: async () => 'code of Ada' });
    const there = { ...GATEWAY, url: 'ws://100.64.0.2:18789' };
    await bea.stop();
    bea = await startRig({
      name: 'Bea',
      clock: fakeClock(),
      ownGateway: there,
      gatewayCode: async () => 'code of Bea',
    });
    await agree('mine');
    await both(() => bea.reception.invites()[0]?.state === 'done');
    expect(ada.partners.gateways).toEqual([{ ...there, code: 'code of Bea' }]);
    expect(bea.partners.gateways).toEqual([{ ...GATEWAY, code: 'code of Ada' }]);
  });

  it('leads to the one gateway that there is, also where only the redeemer has one', async () => {
    await begin();
    await bea.stop();
    bea = await startRig({
      name: 'Bea',
      clock: fakeClock(),
      ownGateway: GATEWAY,
      gatewayCode: async () => 'code of Bea',
    });
    await agree('mine');
    await both(() => bea.reception.invites()[0]?.state === 'done');
    expect(ada.partners.gateways).toEqual([{ ...GATEWAY, code: 'code of Bea' }]);
    expect(ada.reception.invites()[0]).toMatchObject({ gateway: null });
    expect(ada.reception.invites()[0]?.peerId).not.toBeNull();
    expect(bea.reception.invites()[0]).toMatchObject({ gateway: null, peerId: null });
    // Its device is known as one that came by a code, for the day on which it ends.
    expect(bea.partners.noted.at(-1)).toMatchObject({ device: adaKey.deviceId, byCode: true });
  });

  it('leads to the gateway all the same where that gives no code: a token is typed then', async () => {
    await begin({ ownGateway: GATEWAY });
    await agree('mine');
    await both(() => bea.reception.invites()[0]?.state === 'done');
    expect(bea.reception.invites()[0]).toMatchObject({ gateway: GATEWAY, peerId: null });
    expect(bea.partners.names.size).toBe(0);
  });

  it('leaves one peer, and not two, where the inviter dies between making it and noting it', async () => {
    await begin();
    const { partners } = ada;
    const died = Promise.withResolvers<void>();
    const add = partners.add.bind(partners);
    partners.add = async (...args) => {
      await add(...args);
      died.resolve();
      return new Promise(() => undefined);
    };
    await agree('theirs');
    await both(() => partners.names.size === 1);
    await died.promise;
    ada = await ada.restart();
    await both(() => bea.reception.invites()[0]?.state === 'done');
    expect([...ada.partners.names.keys()]).toEqual([ada.reception.invites()[0]?.peerId]);
  });

  it('leaves none where nobody came back for it after that', async () => {
    await begin();
    const { partners } = ada;
    const add = partners.add.bind(partners);
    partners.add = async (...args) => {
      await add(...args);
      return new Promise(() => undefined);
    };
    await agree('theirs');
    await both(() => partners.names.size === 1);
    await bea.call('reception.configure', { listen: 'off', port: 0 });
    await bea.reception.stop();
    ada = await ada.restart();
    expect(ada.partners.names.size).toBe(1);
    await ada.clock.advance(1_200_000);
    await until(() => ada.partners.names.size === 0);
    expect(ada.reception.invites()[0]?.state).toBe('expired');
  });
});

describe('a partnership that the peer ends', () => {
  it('costs the links to its reception, and none that came otherwise', async () => {
    const rig = await startRig();
    try {
      const { peerId, token } = await rig.peer('Bea');
      const response = await fetch(`${rig.origin()}/peerage/v1/partnership/ended`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(200);
      expect(rig.partners.dropped).toEqual([[peerId, 'reception']]);
      expect(rig.notices).toContain('ended Bea');
      expect((await rpc(rig.origin(), token, 'GetTask', { id: 'a' })).status).toBe(401);
      const again = await rig.peer('Cal');
      await rig.call('partnership.end', { peerId: again.peerId as PeerId, removePeer: false });
      expect(rig.partners.dropped.at(-1)).toEqual([again.peerId, 'all']);
    } finally {
      await rig.stop();
    }
  });
});

describe('the end of a partnership', () => {
  const places = (byCode: boolean) => {
    const removed: string[] = [];
    const device = { deviceId: 'd1', name: 'Bea’s laptop', address: null, lastSeenAt: null };
    return {
      removed,
      devices: async () => [{ ...device, proven: true, byCode }],
      removeDevice: async (deviceId: string) => {
        removed.push(deviceId);
      },
      machine: () => null,
    };
  };

  it('tells what they held, and takes away the devices that are theirs, and no other', async () => {
    const here = places(false);
    const rig = await startRig({ places: here });
    try {
      const { peerId } = await rig.peer('Bea');
      const preview = await rig.call('partnership.preview', { peerId });
      expect(preview.held).toEqual([
        expect.stringContaining('A token of its own'),
        expect.stringContaining('“Bea’s laptop”'),
        expect.stringContaining('Perhaps the token of your gateway'),
      ]);
      expect(preview).toMatchObject({ knowsGatewayToken: true, devices: [{ deviceId: 'd1' }] });
      expect(here.removed).toEqual([]);
      const removeDevices = ['d1', 'another'];
      const { left } = await rig.call('partnership.end', {
        peerId,
        removePeer: false,
        removeDevices,
      });
      expect(here.removed).toEqual(['d1']);
      expect(left).toEqual([expect.stringContaining('could not be removed')]);
    } finally {
      await rig.stop();
    }
  });

  it('asks for no new token where an invite’s code was all that they were given', async () => {
    const rig = await startRig({ places: places(true) });
    try {
      const { peerId } = await rig.peer('Bea');
      const preview = await rig.call('partnership.preview', { peerId });
      expect(preview.knowsGatewayToken).toBe(false);
      expect(preview.held).toHaveLength(2);
    } finally {
      await rig.stop();
    }
  });
});
