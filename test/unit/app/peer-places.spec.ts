import { describe, expect, it } from 'vitest';
import type { AppState } from '../../../electron/app/app-state.ts';
import { createPeerPlaces } from '../../../electron/app/peer-places.ts';
import {
  appError,
  type CallOutput,
  devicePin,
  fail,
  ok,
  type PeerId,
  type TailnetView,
} from '../../../electron/contract/index.ts';
import type { LinkRecord } from '../../../electron/peers/index.ts';
import { fakeClock } from '../../fakes/clock.ts';

type Paired = CallOutput<'ownGateway.devices'>['paired'][number];
const BEA = '0199aa00-0000-7000-8000-000000000001' as PeerId;
const key = (letter: string): string => letter.repeat(64);
const device = (letter: string, more: Partial<Paired> = {}): Paired => ({
  deviceId: key(letter),
  name: letter,
  renamed: false,
  fingerprint: key(letter),
  platform: 'linux',
  client: 'gateway-client',
  roles: ['operator'],
  scopes: [],
  address: null,
  owner: null,
  connected: false,
  lastSeenAt: null,
  approvedAt: null,
  approvedBy: 'person',
  revoked: false,
  ours: null,
  ...more,
});

function places(paired: Paired[], links: Partial<LinkRecord>[], more: { late?: boolean } = {}) {
  const kept = new Map<string, unknown>();
  const state: AppState = {
    get: (name, schema) => (kept.has(name) ? schema.parse(kept.get(name)) : null),
    set: async (name, value) => void kept.set(name, value),
  };
  const clock = fakeClock();
  const removed: string[] = [];
  const node = { name: 'bea', dnsName: 'bea.example.ts.net', addresses: ['100.64.0.9'] };
  const made = createPeerPlaces({
    clock,
    state,
    peers: { linksOf: () => links as LinkRecord[] },
    tailnet: () =>
      ({
        state: { kind: 'running', peers: [{ ...node, mine: false, sharedIn: true }] },
      }) as unknown as TailnetView,
    hasGateway: () => true,
    gateway: {
      'ownGateway.devices': async () =>
        more.late ? new Promise(() => undefined) : ok({ pending: [], paired }),
      'ownGateway.remove': async ({ deviceId }) => {
        removed.push(deviceId);
        return deviceId === key('z') ? fail(appError('own_gateway.device_gone', '')) : ok({});
      },
    },
    log: () => undefined,
  });
  return { made, clock, removed };
}

describe('what a peer has here', () => {
  it('is what an invite proved, and what comes from its address, but not this app or what is revoked', async () => {
    const { made } = places(
      [
        device('a'),
        device('b', { address: '100.64.0.9' }),
        device('c', { address: '100.64.0.9', ours: 'reception' }),
        device('d', { address: '100.64.0.9', revoked: true }),
        device('e', { address: '100.64.0.10' }),
        device('f'),
      ],
      [{ url: 'http://bea.example.ts.net:49501', pinnedIdentity: devicePin(key('a')) }],
    );
    await made.noteDevice(BEA, key('f'), true);
    const found = await made.devices(BEA);
    expect(found.map(({ name, proven, byCode }) => [name, proven, byCode])).toEqual([
      ['a', true, false],
      ['b', false, false],
      ['f', true, true],
    ]);
    expect(made.machine(BEA)).toEqual({ name: 'bea', relation: 'shared_in' });
  });

  it('is nothing of this machine where the peer is reached on it', async () => {
    const { made } = places(
      [device('a', { address: '127.0.0.1' })],
      [{ url: 'http://127.0.0.1:1', pinnedIdentity: null }],
    );
    expect(await made.devices(BEA)).toEqual([]);
  });

  it('is not waited for where the gateway does not answer', async () => {
    const { made, clock } = places([], [], { late: true });
    const found = made.devices(BEA);
    await clock.advance(5_000);
    expect(await found).toEqual([]);
  });

  it('stays known as let in by a code, also where it was met again otherwise', async () => {
    const { made } = places([device('f')], []);
    await made.noteDevice(null, key('f'), true);
    await made.noteDevice(BEA, key('f'), false);
    expect(await made.devices(BEA)).toMatchObject([{ proven: true, byCode: true }]);
  });

  it('tells why a device could not be removed', async () => {
    const { made, removed } = places([], []);
    await made.removeDevice(key('a'));
    await expect(made.removeDevice(key('z'))).rejects.toThrow('own_gateway.device_gone');
    expect(removed).toHaveLength(2);
  });
});
