/** Journeys of a person who makes, loses and wins back peers. */
import assert from 'node:assert/strict';
import { shut, word } from './gateway.ts';
import type { Journey } from './world.ts';

const TEN_MINUTES = 600_000;

const add: Journey = {
  name: 'adds a peer by address and token: a look first, agent and session from its own lists',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const credential = { kind: 'token', value: a.token } as const;
    const typed = ` ${a.url.replace('ws://', 'WS://')}/ `;
    const found = await person.do('link.probe', { url: typed, credential });
    assert.equal(found.state.kind, 'online');
    assert.equal(found.url, a.url);
    assert.deepEqual(found.agents.map((agent) => agent.id).sort(), ['helper', 'main']);
    assert.match(found.identity ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual((await person.do('peer.list', {})).peers, [], 'a look stores nothing');

    const contact = await person.meet('Ada', a, { agentId: 'helper' });
    const mark = word();
    const prompts = a.script(mark, { text: 'the helper speaks' });
    const threadId = await person.thread(contact);
    const answer = await person.answer(await person.write(threadId, `hello ${mark}`));
    assert.equal(answer.body, 'the helper speaks');
    assert.match(prompts.sessions[0] ?? '', /^agent:helper:peerage-/);

    const { linkId } = contact;
    const { sessions } = await person.do('link.sessions', { linkId, agentId: 'helper' });
    const key = prompts.sessions[0];
    assert.ok(key, 'the thread has a session');
    assert.ok(!sessions.some((session) => session.key === key), 'our own sessions are threads');
    const again = await person.meet('Ada, same session', a, { agentId: 'helper', sessionKey: key });
    const next = word();
    const picked = a.script(next, { text: 'in the picked session' });
    const other = await person.thread(again);
    await person.answer(await person.write(other, `hello ${next}`), 'complete');
    assert.deepEqual(picked.sessions, [key]);
    const ready = person.mirror.rows.get(contact.peerId);
    assert.equal(ready?.status, 'up');
    await person.leave();
  },
};

const sameName: Journey = {
  name: 'refuses a second peer of the same name, and keeps nothing of it',
  run: async ({ a, b, home, visit }) => {
    const person = await visit(home());
    await person.meet('Grace', a);
    const attempts = b.line.attempts;
    const error = await person.refused('peer.add', {
      name: ' gRACE ',
      link: {
        kind: 'gateway',
        url: b.url,
        credential: { kind: 'token', value: 'another-token-of-nobody' },
        agentId: null,
        sessionKey: null,
      },
    });
    assert.equal(error.code, 'peer.name_taken');
    const { peers } = await person.do('peer.list', {});
    assert.deepEqual(
      peers.map((peer) => peer.name),
      ['Grace'],
    );
    assert.equal(b.line.attempts, attempts);
    await person.leave();
  },
};

const removeAndUndo: Journey = {
  name: 'removes a peer, takes that back with all that was said, and loses it when the time is up',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const contact = await person.meet('Joan', a);
    const mark = word();
    a.script(mark, { text: 'kept over the removal' });
    const threadId = await person.thread(contact);
    await person.answer(await person.write(threadId, mark), 'complete');

    await person.do('peer.remove', { peerId: contact.peerId });
    assert.deepEqual((await person.do('peer.list', {})).peers, []);
    assert.equal((await person.refused('peer.open', contact)).code, 'peer.not_found');

    await person.do('peer.restore', { peerId: contact.peerId });
    await person.see(contact.peerId);
    await person.link(contact, 'online');
    const { page } = await person.open(threadId);
    assert.deepEqual(
      page.messages.map((message) => message.body),
      [mark, 'kept over the removal'],
    );
    const later = word();
    a.script(later, { text: 'and goes on' });
    await person.answer(await person.write(threadId, later), 'complete');

    const { undoMs } = await person.do('peer.remove', { peerId: contact.peerId });
    await person.clock.leap(undoMs + 1);
    await person.until('the thread gone', () => person.mirror.threads.get(threadId) === undefined);
    const late = await person.refused('peer.restore', { peerId: contact.peerId });
    assert.equal(late.code, 'peer.undo_expired');
    const { hits } = await person.do('search.messages', { text: mark, cursor: null });
    assert.deepEqual(hits, []);
    await person.leave();
  },
};

const approval: Journey = {
  name: 'shows the request that must be approved over there, and goes on by itself once it is',
  run: async ({ b, home, visit }) => {
    const person = await visit(home());
    const credential = { kind: 'token', value: b.token } as const;
    const looked = await person.do('link.probe', { url: b.url, credential });
    assert.equal(looked.state.kind, 'needs_approval');
    assert.equal(looked.error?.code, 'link.needs_approval');

    const contact = await person.add('Katherine', b);
    const waiting = await person.link(contact, 'needs_approval');
    assert.equal(waiting.command, `openclaw devices approve ${waiting.requestId}`);
    assert.ok((await b.waiting()).includes(waiting.requestId), 'it waits over there too');
    const mark = word();
    const prompts = b.script(mark, { text: 'now that you are in' });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, mark);
    await person.sent(message, 'queued');
    assert.equal(prompts.calls, 0);

    await b.approve(waiting.requestId);
    await person.clock.leap(waiting.retryAt - Date.now() + 1000);
    await person.link(contact, 'online');
    assert.equal((await person.answer(message)).body, 'now that you are in');
    assert.equal(prompts.calls, 1);
    assert.equal(person.mirror.outgoing(message)?.attempts, 1);
    await person.leave();
  },
};

const wrongToken: Journey = {
  name: 'stops at a wrong token after one attempt, and tries again only when a person asks',
  run: async ({ a, b, home, visit }) => {
    const person = await visit(home());
    const before = a.line.attempts;
    const contact = await person.add('Mary', a, { token: 'wrong-token-of-this-journey' });
    await person.link(contact, 'bad_credential');
    const error = person.mirror.details.get(contact.peerId)?.links[0]?.error;
    assert.equal(error?.code, 'link.bad_credential');
    assert.equal(a.line.attempts, before + 1);
    const message = await person.write(await person.thread(contact), 'waits for the right token');
    await person.sent(message, 'queued');

    // Life goes on elsewhere, and ten minutes pass.
    const well = await person.meet('Dorothy', b);
    const mark = word();
    b.script(mark, { text: 'all is well here' });
    await person.answer(await person.write(await person.thread(well), mark), 'complete');
    await person.clock.leap(TEN_MINUTES);
    await person.do('health.check', { linkId: contact.linkId });
    assert.equal(a.line.attempts, before + 1);
    assert.equal(person.linkState(contact)?.kind, 'bad_credential');

    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.until('a second refusal', () => {
      const states = person.mirror.linkStates.get(contact.linkId) ?? [];
      return states.filter((state) => state === 'bad_credential').length === 2;
    });
    assert.equal(a.line.attempts, before + 2);

    const prompts = a.script('waits for the right token', { text: 'now it came' });
    const credential = { kind: 'token', value: a.token } as const;
    await person.do('link.update', { linkId: contact.linkId, changes: { credential } });
    await person.link(contact, 'online');
    assert.equal((await person.answer(message)).body, 'now it came');
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

const revoked: Journey = {
  name: 'is told when its device is revoked over there, stays away, and returns when asked',
  run: async ({ a, home, visit }) => {
    const person = await visit(home());
    const known = await a.devices();
    const contact = await person.meet('Hedy', a);
    const device = (await a.devices()).find((id) => !known.includes(id));
    assert.ok(device, 'the gateway knows a new device');
    const hold = shut();
    const mark = word();
    const prompts = a.script(mark, { text: 'said before and never after', hold });
    const threadId = await person.thread(contact);
    const message = await person.write(threadId, mark);
    await person.answer(message, 'streaming');
    const attempts = a.line.attempts;

    await a.revoke(device);
    await person.link(contact, 'revoked');
    const shown = person.mirror.details.get(contact.peerId)?.links[0]?.error;
    assert.equal(shown?.code, 'link.revoked');
    hold.release();
    await person.clock.leap(TEN_MINUTES);
    assert.equal(person.linkState(contact)?.kind, 'revoked');
    assert.equal(a.line.attempts, attempts);

    await person.do('link.reconnect', { linkId: contact.linkId });
    await person.link(contact, 'online');
    await person.sent(message, 'answered');
    assert.equal((await person.answer(message)).body, 'said before and never after');
    assert.equal(prompts.calls, 1);
    await person.leave();
  },
};

/** In the order in which a newcomer may meet them. */
export const peerJourneys: readonly Journey[] = [
  add,
  sameName,
  removeAndUndo,
  approval,
  wrongToken,
  revoked,
];
