import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { word } from '../../journeys/gateway.ts';
import { type Journey, travel } from '../../journeys/index.ts';

/** What a real gateway cannot be made to do, or not without harm: only the fake tells these. */
describe('a gateway that is not what it was', () => {
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

  it('blocks when another one answers at its address, shows both, and goes on only when trusted', () =>
    live(async ({ home, visit }) => {
      const person = await visit(home());
      const contact = await person.meet('Ada', a);
      const pinned = a.fake.identity;
      const mark = word();
      const prompts = a.script(mark, { text: 'from the new one' });
      const threadId = await person.thread(contact);

      a.fake.becomeAnother();
      await a.revive();
      await person.link(contact, 'offline', 'connecting', 'identity_changed');
      await person.do('link.reconnect', { linkId: contact.linkId });
      const state = await person.link(contact, 'identity_changed');
      expect(state).toMatchObject({
        what: 'gateway_identity',
        expected: pinned,
        seen: a.fake.identity,
      });
      const message = await person.write(threadId, mark);
      await person.clock.leap(600_000);
      expect((await person.sent(message, 'queued')).attempts).toBe(0);
      expect(person.linkState(contact)?.kind).toBe('identity_changed');

      const { linkId } = contact;
      await person.refused('link.trustIdentity', { linkId, seen: 'f'.repeat(64) });
      await person.do('link.trustIdentity', { linkId, seen: state.seen });
      await person.link(contact, 'online');
      expect((await person.answer(message)).body).toBe('from the new one');
      expect(prompts.calls).toBe(1);
      expect(person.mirror.details.get(contact.peerId)?.links[0]?.pinnedIdentity).toBe(state.seen);
      await person.leave();
    }));

  it('is not called well when it lets us in without permissions, and sends nothing there', () =>
    live(async ({ home, visit }) => {
      a.fake.rules.scopeLimit = [];
      const person = await visit(home());
      const contact = await person.add('Ada', a);
      expect((await person.link(contact, 'degraded')).reason).toBe('no_scopes');
      expect(person.mirror.details.get(contact.peerId)?.links[0]?.error?.code).toBe(
        'link.no_scopes',
      );
      const mark = word();
      const prompts = a.script(mark, { text: 'now I may' });
      const message = await person.write(await person.thread(contact), mark);
      await person.sent(message, 'queued');
      expect(prompts.calls).toBe(0);
      a.fake.rules.scopeLimit = null;
      await person.do('link.reconnect', { linkId: contact.linkId });
      await person.link(contact, 'online');
      expect((await person.answer(message)).body).toBe('now I may');
      await person.leave();
    }));

  it('waits as long as it was asked to, counts down, and then goes on by itself', () =>
    live(async ({ home, visit }) => {
      a.fake.refuseAs('rateLimited', 90_000);
      const person = await visit(home());
      const contact = await person.add('Ada', a);
      const state = await person.link(contact, 'rate_limited');
      expect(state.until - Date.now()).toBeGreaterThan(80_000);
      const attempts = a.line.attempts;
      await person.clock.leap(85_000);
      expect(a.line.attempts).toBe(attempts);
      a.fake.refuseConnect = null;
      await person.clock.leap(10_000);
      await person.link(contact, 'online');
      await person.leave();
    }));
});
