import { afterAll, beforeAll, it } from 'vitest';
import { journeys, travel } from '../journeys/index.ts';
import type { KeychainPlace } from '../journeys/keychain.ts';
import { type RealKeychain, startKeychain } from './parts/keychain.ts';
import { createNamespace, type NetworkNamespace } from './parts/namespace.ts';
import { type RealPeer, startRealPeer } from './parts/real-peer.ts';
import { describeWith, requirePart } from './parts/require.ts';

await describeWith(['openclaw'], 'the whole app, against two real OpenClaw gateways', () => {
  let a: RealPeer | undefined;
  let b: RealPeer | undefined;
  let namespace: NetworkNamespace | undefined;
  let keyring: RealKeychain | undefined;
  let keychain: KeychainPlace | null = null;

  beforeAll(async () => {
    if ((await requirePart('netns')) === undefined) namespace = await createNamespace();
    if ((await requirePart('keychain')) === undefined) {
      keyring = await startKeychain('unlocked');
      keychain = { kind: 'system', env: keyring.env };
    }
    [a, b] = await Promise.all([startRealPeer('a'), startRealPeer('b', namespace)]);
  });
  afterAll(async () => {
    await Promise.all([a?.stop(), b?.stop()]);
    await keyring?.stop();
    await namespace?.remove();
  });

  for (const journey of journeys) {
    it(journey.name, async () => {
      if (!a || !b) throw new Error('the gateways did not start');
      await travel(journey, { a, b, keychain });
    });
  }
});
