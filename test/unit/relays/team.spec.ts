import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUSES, type House } from '../../fakes/relay/houses.ts';
import { Member } from '../../fakes/relay/member.ts';

/** Looks like one, and is none. */
const SECRET = `ghp_${'a1B2'.repeat(9)}`;

describe.each(HOUSES)('two apps on a relay $name', ({ start, guarded }) => {
  let house: House;
  let ada: Member;
  let bea: Member;
  beforeEach(async () => {
    house = await start('team-token');
    ada = await Member.open('Ada');
    bea = await Member.open('Bea');
    await bea.join(house.url, { token: 'team-token' });
    await ada.join(house.url, { token: 'team-token' });
  });
  afterEach(async () => {
    await Promise.all([ada.end(), bea.end()]);
    await house.stop();
  });

  it('see each other with name, capabilities, machine and when they were last heard', async () => {
    const found = await ada.until('Bea', () =>
      ada.relay().agents.find(({ name }) => name === 'Bea'),
    );
    expect(found).toMatchObject({
      capabilities: ['code'],
      machine: 'Bea’s machine',
      description: 'Bea at work',
      online: true,
      fingerprint: bea.signer?.deviceId,
      pinned: null,
      peerId: null,
    });
    expect(found.lastSeenAt).toBeGreaterThan(Date.now() - 60_000);
    expect(ada.relay()).toMatchObject({ guarded, agentsTotal: 1 });
    // Who joins later is there without anybody looking again.
    const cleo = await Member.open('Cleo');
    await cleo.join(house.url, { token: 'team-token' });
    await bea.until('Cleo', () => bea.relay().agents.some(({ name }) => name === 'Cleo'));
    await cleo.end();
  });

  it('give each other work, follow it, and answer under the right message', async () => {
    const peer = await ada.befriend('Bea');
    const { key, session, outcome } = await ada.send(peer, 'Please sum up the logs');
    expect(outcome.kind).toBe('acknowledged');
    const task = await bea.task('Please sum up the logs');
    expect(task).toMatchObject({
      name: 'Ada',
      messageId: key,
      contextId: session,
      proof: { kind: 'relay', agent: ada.agentId, signed: 'unpinned' },
    });
    bea.decide(task.id, { state: 'in_progress' });
    await ada.event('run_state', (event) => event.key === key && event.state === 'in_progress');
    bea.decide(task.id, { state: 'completed', answer: 'All is well.' });
    const final = await ada.event('run_final');
    expect(final).toMatchObject({ key, sessionKey: session, text: 'All is well.' });
    expect(bea.tasks).toHaveLength(1);
    expect(ada.events.filter((event) => event.kind === 'run_final')).toHaveLength(1);
  });

  it('tell of a refusal, and why', async () => {
    const peer = await ada.befriend('Bea');
    await ada.send(peer, 'Delete everything');
    const task = await bea.task('Delete everything');
    bea.decide(task.id, { state: 'declined', reason: 'Certainly not.' });
    const ended = await ada.event('run_ended');
    expect(ended.error).toMatchObject({ code: 'a2a.rejected', detail: 'Certainly not.' });
    expect(ended.work).toBe('declined');
  });

  it('ask back, and take the next message of the thread for the answer', async () => {
    const peer = await ada.befriend('Bea');
    const { key, session, outcome } = await ada.send(peer, 'Book a room');
    const task = await bea.task('Book a room');
    bea.decide(task.id, { state: 'asked_back', question: 'For how many?' });
    const asked = await ada.event('run_final');
    expect(asked).toMatchObject({ text: 'For how many?', asksBack: true });
    const lastRunId = outcome.kind === 'acknowledged' ? outcome.runId : '';
    await ada.send(peer, 'For five', { session, lastRunId });
    expect(await bea.task('For five')).toMatchObject({ about: key });
  });

  it('say that nothing is taken in while incoming work is paused', async () => {
    bea.paused = true;
    const peer = await ada.befriend('Bea');
    await ada.send(peer, 'Anyone there?');
    const ended = await ada.event('run_ended');
    expect(ended.error?.detail).toContain('paused');
    expect(bea.tasks).toEqual([]);
  });

  it('share knowledge with topic and tags, shown once though it is delivered twice', async () => {
    const sent = await ada.do('relay.broadcast', {
      content: 'The build is green.',
      topic: 'build',
      tags: ['ci', 'news'],
    });
    expect(sent.recipients).toBe(1);
    await bea.until('the broadcast', () => bea.broadcasts.length > 0);
    await ada.send(await ada.befriend('Bea'), 'after it');
    await bea.task('after it');
    expect(bea.broadcasts).toHaveLength(1);
    expect(bea.broadcasts[0]).toMatchObject({
      from: ada.agentId,
      fromName: 'Ada',
      content: 'The build is green.',
      topic: 'build',
      tags: ['ci', 'news'],
      signed: 'unpinned',
    });
  });

  it('see what would be told before anything goes', async () => {
    const input = { content: ' The build is green. ', topic: '', tags: ['ci', 'ci'] };
    expect(await ada.do('relay.broadcastPreview', input)).toMatchObject({
      relay: 'Team',
      agentName: 'Ada',
      message: { text: 'The build is green.', size: 'fine', secrets: [] },
      topic: 'general',
      tags: ['ci'],
      signed: true,
      plain: true,
    });
    const leaky = { content: `ok\n${SECRET}`, topic: SECRET, tags: [] };
    const { message } = await ada.do('relay.broadcastPreview', leaky);
    expect(message.secrets.map(({ line }) => line)).toEqual([2, 0]);
    expect(ada.told).toEqual([]);
    expect(bea.broadcasts).toEqual([]);
  });

  it('let nothing out that looks like a secret or is too long, unless a person says so', async () => {
    const tell = (more: object) =>
      ada.do('relay.broadcast', { content: 'ok', topic: '', tags: [], ...more });
    for (const more of [{ content: SECRET }, { topic: SECRET }]) {
      await expect(tell(more)).rejects.toMatchObject({ error: { code: 'message.looks_secret' } });
    }
    await expect(tell({ content: 'x'.repeat(9_000) })).rejects.toMatchObject({
      error: { code: 'message.too_large' },
    });
    await expect(tell({ content: ' \n' })).rejects.toMatchObject({
      error: { code: 'message.empty' },
    });
    await tell({ content: SECRET, anyway: true });
    await bea.until('the broadcast', () => bea.broadcasts.length > 0);
    expect(bea.broadcasts.map(({ content }) => content)).toEqual([SECRET]);
  });

  it('keep what was told, and tell the same once though it is sent again', async () => {
    const id = '01900000-0000-7000-8000-00000000b001';
    const said = { content: 'The build is green.', topic: 'build', tags: ['ci'], id };
    expect(await ada.do('relay.broadcast', said)).toEqual({ messageId: id, recipients: 1 });
    expect(ada.told).toMatchObject([
      { relay: 'Team', id, text: said.content, topic: 'build', tags: ['ci'] },
    ]);
    expect(await ada.do('relay.broadcast', said)).toEqual({ messageId: id, recipients: null });
    // The app ended before it could note that it went.
    ada.told.length = 0;
    await ada.do('relay.broadcast', said);
    await ada.send(await ada.befriend('Bea'), 'after it');
    await bea.task('after it');
    // The old relay gives it a new id; what the sender signed says that it is the same.
    expect(new Set(bea.broadcasts.map(({ messageId }) => messageId))).toEqual(new Set([id]));
  });

  it('are told why nothing can be told while the relay is away', async () => {
    await house.stop();
    await ada.until('it to be away', () => ada.relay().state.kind !== 'online');
    const input = { content: 'Anyone?', topic: '', tags: [] };
    expect(await ada.do('relay.broadcastPreview', input)).toMatchObject({
      message: { text: 'Anyone?' },
    });
    await expect(ada.do('relay.broadcast', input)).rejects.toMatchObject({
      error: { code: expect.stringMatching(/^(?:link\.closed|relay\.unreachable)$/) },
    });
    expect(ada.told).toEqual([]);
  });

  it('prove who they are once the fingerprints were compared', async () => {
    await ada.send(await ada.befriend('Bea'), 'first');
    await bea.task('first');
    const back = bea.peers[0];
    if (!back || !ada.signer) throw new Error('no peer');
    await expect(
      bea.do('relay.pin', { linkId: back.linkId, fingerprint: '0'.repeat(64) }),
    ).rejects.toMatchObject({ error: { code: 'relay.key_differs' } });
    await bea.do('relay.pin', { linkId: back.linkId, fingerprint: ada.signer.deviceId });
    const [peer] = ada.peers;
    if (!peer) throw new Error('no peer');
    await ada.send(peer, 'second');
    expect((await bea.task('second')).proof.signed).toBe('pinned');
  });

  it('forget nothing of ours that it forgot: we register again, and send again what had no answer', async () => {
    const peer = await ada.befriend('Bea');
    const answered = await ada.send(peer, 'answered before');
    const task = await bea.task('answered before');
    bea.decide(task.id, { state: 'completed', answer: 'done' });
    await ada.event('run_final', ({ key }) => key === answered.key);
    const us = ada.agentId;
    // Bea is away, so that the relay alone holds the next one.
    await bea.close();
    const { key } = await ada.send(peer, 'held by the relay alone');
    await house.forgetAll();
    await ada.until('the loss to be noticed', () => ada.relay().forgotAt !== null);
    expect(ada.agentId).toBe(us);
    bea = await bea.reopened();
    expect((await bea.task('held by the relay alone')).messageId).toBe(key);
    expect(bea.tasks.map(({ text }) => text)).toEqual([
      'answered before',
      'held by the relay alone',
    ]);
  });

  it('answer after a restart of the one who works, and of the one who waits', async () => {
    const peer = await ada.befriend('Bea');
    const { key } = await ada.send(peer, 'takes long');
    const task = await bea.task('takes long');
    bea = await bea.reopened();
    ada = await ada.reopened();
    bea.decide(task.id, { state: 'completed', answer: 'at last' });
    expect(await ada.event('run_final')).toMatchObject({ key, text: 'at last' });
    expect(await ada.link(peer).settle(key, '', new AbortController().signal)).toMatchObject({
      kind: 'present',
      running: false,
      answer: { text: 'at last' },
    });
  });

  it('refuse a wrong token once, and never in a loop', async () => {
    const cleo = await Member.open('Cleo');
    await expect(cleo.join(house.url, { token: 'another' })).rejects.toThrow('Cleo was refused');
    expect(cleo.relay().state).toMatchObject({ kind: 'bad_credential', what: 'secret' });
    await cleo.end();
  });
});
