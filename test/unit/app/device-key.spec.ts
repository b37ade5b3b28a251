import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceKeyCalls } from '../../../electron/app/device-key-calls.ts';
import { systemClock } from '../../../electron/clock/clock.ts';
import {
  type CallerContext,
  CodedError,
  devicePin,
  type LinkId,
} from '../../../electron/contract/index.ts';
import type { LinkRecord } from '../../../electron/peers/index.ts';
import { newDeviceIdentity } from '../../../electron/secrets/index.ts';
import { type Rig, startRig } from '../reception/parts/rig.ts';

const LINK = '0199aa00-0000-7000-8000-0000000000aa' as LinkId;
const context: CallerContext = {
  door: 'window',
  connectionId: 'spec',
  signal: new AbortController().signal,
};

describe('a link to a Peerage whose device key was never compared', () => {
  const made = newDeviceIdentity();
  let ada: Rig;
  let record: Pick<LinkRecord, 'id' | 'kind' | 'url' | 'pinnedIdentity' | 'pinnedTls'>;
  let renewed: (string | null)[];
  beforeEach(async () => {
    ada = await startRig({ name: 'Ada', identity: made });
    renewed = [];
    record = {
      id: LINK,
      kind: 'a2a',
      url: ada.origin(),
      pinnedIdentity: 'ab'.repeat(32),
      pinnedTls: null,
    };
  });
  afterEach(() => ada.stop());

  const calls = () =>
    deviceKeyCalls({
      clock: systemClock(),
      device: { get: async () => ({ kind: 'unavailable', reason: 'locked' }) },
      peers: {
        link: (id) => (id === LINK ? (record as LinkRecord) : null),
        setPins: async (_, { identity = null }) => {
          record = { ...record, pinnedIdentity: identity };
        },
      },
      renew: async ({ pinnedIdentity }) => {
        renewed.push(pinnedIdentity);
      },
      log: () => undefined,
    });

  it('is shown the key that is proven there, and goes by it once it was compared', async () => {
    const shown = await calls()['link.deviceKey']({ linkId: LINK }, context);
    expect(shown).toEqual({ ok: true, value: { fingerprint: made.deviceId, ours: null } });
    expect(record.pinnedIdentity).toBe('ab'.repeat(32));
    await calls()['link.pinDevice']({ linkId: LINK, fingerprint: made.deviceId }, context);
    expect(renewed).toEqual([devicePin(made.deviceId)]);
  });

  it('keeps what it had where another key is proven by now', async () => {
    const other = newDeviceIdentity().deviceId;
    expect(
      await calls()['link.pinDevice']({ linkId: LINK, fingerprint: other }, context),
    ).toMatchObject({ error: { code: 'link.identity_changed' } });
    expect({ renewed, pin: record.pinnedIdentity }).toEqual({
      renewed: [],
      pin: 'ab'.repeat(32),
    });
  });

  it('keeps what it had where nothing proves one', async () => {
    await ada.reception.stop();
    const asked = Promise.resolve(calls()['link.deviceKey']({ linkId: LINK }, context));
    await expect(asked).rejects.toBeInstanceOf(CodedError);
    await expect(asked).rejects.toMatchObject({ error: { code: 'link.device_unproven' } });
  });
});
