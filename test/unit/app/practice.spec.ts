import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AppStart, startInProcess, workFolder } from '../../journeys/app-handle.ts';
import { Person } from '../../journeys/person.ts';
import { LINK_PATIENCE_MS } from '../../patience.ts';

const start = (): AppStart => {
  const { root, home } = workFolder();
  return { home, keychain: { kind: 'file', path: join(root, 'keychain.json') } };
};
const visit = async (at: AppStart): Promise<Person> =>
  new Person(await startInProcess(at), at.keychain, LINK_PATIENCE_MS);

describe('the practice peer', () => {
  it('is there after one call, is labelled, streams an answer, and is the same after a restart', async () => {
    const at = start();
    const first = await visit(at);
    const { peerId } = await first.do('practice.start', {});
    const contact = await first.see(peerId);
    expect(first.mirror.details.get(peerId)?.practice).toBe(true);
    await first.link(contact, 'online');
    const threadId = await first.thread(contact);
    const message = await first.write(threadId, 'hello');
    await first.answer(message, 'streaming');
    const answer = await first.answer(message, 'complete');
    expect(answer.body).toContain('practice peer');
    expect((await first.do('practice.start', {})).peerId).toBe(peerId);
    const url = first.mirror.details.get(peerId)?.links[0]?.url;
    await first.leave();

    const second = await visit(at);
    const again = await second.see(peerId);
    await second.link(again, 'online');
    expect(second.mirror.details.get(peerId)?.links[0]?.url).toBe(url);
    const { page } = await second.open(threadId);
    expect(page.messages.map(({ state }) => state)).toEqual(['answered', 'complete']);
    const next = await second.answer(await second.write(threadId, 'write some code'), 'complete');
    expect(next.body).toContain('```');
    await second.leave();
    await rm(dirname(at.home), { recursive: true });
  });

  it('shows trouble on demand: a refused token, a failed answer, a connection that goes', async () => {
    const at = start();
    const person = await visit(at);
    const contact = await person.see((await person.do('practice.start', {})).peerId);
    await person.link(contact, 'online');
    await person.do('practice.behave', { behaviour: 'fail_answers' });
    const message = await person.write(await person.thread(contact), 'hello');
    expect((await person.answer(message)).state).toBe('failed');
    await person.do('practice.behave', { behaviour: 'disconnect' });
    await person.link(contact, 'offline');
    await person.do('practice.behave', { behaviour: 'refuse_token' });
    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.link(contact, 'bad_credential');
    await person.do('practice.behave', { behaviour: 'well' });
    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.link(contact, 'online');
    await person.leave();
    await rm(dirname(at.home), { recursive: true });
  });

  it('is gone for good with its peer, and comes anew when it is asked for again', async () => {
    const at = start();
    const person = await visit(at);
    const { peerId } = await person.do('practice.start', {});
    await person.link(await person.see(peerId), 'online');
    const { undoMs } = await person.do('peer.remove', { peerId });
    await person.clock.leap(undoMs + 1);
    await person.until('the peer gone', () => !person.mirror.rows.has(peerId));
    const fresh = await person.do('practice.start', {});
    expect(fresh.peerId).not.toBe(peerId);
    await person.link(await person.see(fresh.peerId), 'online');
    await person.leave();
    await rm(dirname(at.home), { recursive: true });
  });
});
