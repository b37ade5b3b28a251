import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { type Journey, travel } from '../../journeys/index.ts';

describe('another token or password for a link', () => {
  let a: FakePeer;
  let b: FakePeer;
  beforeEach(async () => {
    a = await startFakePeer('a');
    b = await startFakePeer('b');
  });
  afterEach(async () => {
    await a.stop();
    await b.stop();
  });
  const live = (run: Journey['run']): Promise<void> =>
    travel({ name: '', run }, { a, b, keychain: null });

  it('is tried at once, and not hidden by what the gateway gave this device before', () =>
    live(async ({ home, visit }) => {
      const person = await visit(home());
      const contact = await person.meet('Ada', a);
      const { linkId } = contact;
      const wrong = 'canary-wrong-token-0123456789';
      person.guard(wrong);
      await person.do('link.update', {
        linkId,
        changes: { credential: { kind: 'token', value: wrong } },
      });
      expect((await person.link(contact, 'bad_credential')).what).toBe('secret');
      await person.do('link.update', {
        linkId,
        changes: { credential: { kind: 'token', value: a.token } },
      });
      await person.link(contact, 'online');
      await person.leave();
    }));

  it('is not needed by a device that the gateway knows: none leaves its own token in use', () =>
    live(async ({ home, visit }) => {
      const person = await visit(home());
      const contact = await person.meet('Ada', a);
      const { linkId } = contact;
      await person.do('link.update', { linkId, changes: { credential: { kind: 'none' } } });
      await person.link(contact, 'idle', 'connecting');
      await person.link(contact, 'online');
      await person.leave();
    }));
});
