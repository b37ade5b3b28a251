import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { journeys, travel } from '../../journeys/index.ts';

describe('the whole app, against two fake gateways', () => {
  let a: FakePeer;
  let b: FakePeer;
  beforeAll(async () => {
    a = await startFakePeer('a');
    b = await startFakePeer('b', { approves: true });
  });
  afterAll(async () => {
    await a.stop();
    await b.stop();
  });

  for (const journey of journeys) it(journey.name, () => travel(journey, { a, b, keychain: null }));
});
