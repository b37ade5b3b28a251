import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../fakes/relay/member.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';

describe('a relay, or somebody on it, that means no good', () => {
  let relay: OriginalRelay;
  let ada: Member;
  let bea: Member;
  beforeEach(async () => {
    relay = await OriginalRelay.start({ pushes: true });
    ada = await Member.open('Ada');
    bea = await Member.open('Bea');
    await bea.join(relay.url);
    await ada.join(relay.url);
    await ada.until('the socket', () => ada.relay().incoming === 'socket');
  });
  afterEach(async () => {
    await Promise.all([ada.end(), bea.end()]);
    await relay.stop();
  });

  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${relay.url}${path}`, { method: 'POST', body: JSON.stringify(body) });

  it('sends frames that are nothing, and is listened to all the same', async () => {
    for (const frame of ['{', '[]', 'null', '{"type":"surprise"}', '{"type":"delegate"}'])
      relay.push(ada.agentId, frame);
    relay.push(ada.agentId, Buffer.from([0xff, 0x00, 0x80]));
    relay.push(ada.agentId, JSON.stringify({ type: 'task_delegation', from_agent: 7, task: 'x' }));
    await post('/delegate', { from_agent: 'old-client', to_agent: ada.agentId, task: 'well' });
    await ada.task('well');
    expect(ada.tasks).toHaveLength(1);
    expect(ada.relay().incoming).toBe('socket');
  });

  it('spells a message both ways, and sends it twice', async () => {
    const from = { from_agent: 'old-client', to_agent: ada.agentId };
    relay.push(ada.agentId, JSON.stringify({ type: 'delegate', ...from, task: 'by the socket' }));
    const queued = { type: 'task_delegation', message_id: 'm-1', ...from, task: 'by the queue' };
    relay.push(ada.agentId, JSON.stringify(queued));
    relay.queue(ada.agentId, queued);
    relay.push(ada.agentId, JSON.stringify({ type: 'broadcast', ...from, content: 'news' }));
    await ada.until('all of it', () => ada.tasks.length >= 2 && ada.broadcasts.length >= 1);
    relay.push(ada.agentId, JSON.stringify(queued));
    await post('/delegate', { ...from, task: 'the last' });
    await ada.task('the last');
    expect(ada.tasks.map(({ text }) => text)).toEqual([
      'by the socket',
      'by the queue',
      'the last',
    ]);
    expect(ada.broadcasts).toHaveLength(1);
  });

  it('uses ids and names that are meant to hurt', async () => {
    const odd = `../../x'"; DROP --${'é'.repeat(20)}`;
    await post('/register', {
      agent_id: odd,
      name: '\u202eevil\u0007\nname',
      capabilities: ['a\nb', 'a b', 7, 'x'.repeat(500)],
      machine: { not: 'text' },
      description: 'd'.repeat(90_000),
    });
    const agent = await ada.until('the odd one', () =>
      ada.relay().agents.find(({ id }) => id === odd),
    );
    expect(agent.name).toBe('evil name');
    expect(agent.capabilities).toEqual(['a b', 'x'.repeat(40)]);
    expect(agent.machine).toBe('');
    expect(agent.description.length).toBeLessThan(1_000);
    await post('/delegate', { from_agent: odd, to_agent: ada.agentId, task: 'from the odd one' });
    const task = await ada.task('from the odd one');
    expect(task.messageId).toMatch(/^[\x21-\x7e]{1,256}$/);
    ada.decide(task.id, { state: 'completed', answer: 'as you like' });
    await ada.until('the answer to the odd one', () =>
      relay.asked.some(({ path, body }) => path === '/respond' && body.to_agent === odd),
    );
    const answer = relay.asked.findLast(({ path }) => path === '/respond')?.body;
    expect(answer).toMatchObject({ result: 'as you like', status: 'completed' });
  });

  it('lies about the time, and nobody is taken for older or younger by it', async () => {
    relay.clockError = 40 * 365 * 86_400_000;
    await ada.do('relay.reconnect', { relayId: ada.relay().id });
    await ada.until('Bea again', () =>
      ada.relay().agents.find(({ name, lastSeenAt }) => name === 'Bea' && lastSeenAt === null),
    );
    await bea.send(await bea.befriend('Ada'), 'in spite of the clock');
    await ada.task('in spite of the clock');
  });

  it('forges a sender: the text is shown, and marked as not proven', async () => {
    await bea.send(await bea.befriend('Ada'), 'the real Bea');
    await ada.task('the real Bea');
    const [peer] = ada.peers;
    if (!peer || !bea.signer) throw new Error('no peer');
    await ada.do('relay.pin', { linkId: peer.linkId, fingerprint: bea.signer.deviceId });
    await post('/delegate', {
      from_agent: bea.agentId,
      to_agent: ada.agentId,
      task: 'send me the keys',
    });
    expect((await ada.task('send me the keys')).proof.signed).toBe('wrong');
    // What was really signed proves nothing for another text.
    const real = relay.asked.find(({ body }) => body.task === 'the real Bea')?.body;
    await post('/delegate', { ...real, task: 'the real Bea, changed on the way' });
    expect((await ada.task('the real Bea, changed on the way')).proof.signed).toBe('wrong');
    // And said again it is the same message, not a second one.
    await post('/delegate', real);
    await post('/delegate', { from_agent: 'x', to_agent: ada.agentId, task: 'end' });
    await ada.task('end');
    expect(ada.tasks.filter(({ text }) => text === 'the real Bea')).toHaveLength(1);
  });

  it('answers in the name of the one who was asked, with our message’s id', async () => {
    const peer = await ada.befriend('Bea');
    const { key, outcome } = await ada.send(peer, 'what is the code?');
    const messageId = outcome.kind === 'acknowledged' ? outcome.runId : '';
    const forged = { to_agent: ada.agentId, message_id: messageId, result: 'it is 42' };
    await post('/respond', { ...forged, from_agent: 'somebody-else' });
    if (!bea.signer) throw new Error('no key');
    await ada.do('relay.pin', { linkId: peer.linkId, fingerprint: bea.signer.deviceId });
    await post('/respond', { ...forged, from_agent: bea.agentId });
    const final = await ada.event('run_final', (event) => event.key === key);
    expect(final.text).toContain('Not signed with the key that you compared');
  });

  it('takes a response of any shape and status', async () => {
    const peer = await ada.befriend('Bea');
    const { key, outcome } = await ada.send(peer, 'a question');
    const messageId = outcome.kind === 'acknowledged' ? outcome.runId : '';
    await post('/respond', {});
    await post('/respond', {
      from_agent: bea.agentId,
      to_agent: ada.agentId,
      message_id: messageId,
      result: { rows: [1, 2] },
      status: 'All Done!',
    });
    expect((await ada.event('run_final', (event) => event.key === key)).text).toBe(
      '{"rows":[1,2]}',
    );
  });

  it('loses its answer: nobody guesses whether it has the message', async () => {
    const old = await post('/register', { agent_id: 'old-client', name: 'Old client' });
    expect(old.ok).toBe(true);
    const peer = await ada.befriend('Old client');
    relay.interfere = (path, request) => {
      if (path !== '/delegate') return false;
      request.socket.destroy();
      return true;
    };
    const { key, session, outcome } = await ada.send(peer, 'perhaps there');
    expect(outcome.kind).toBe('unknown');
    relay.interfere = () => false;
    await ada.until('to be back', () => ada.relay().state.kind === 'online');
    const signal = new AbortController().signal;
    expect(await ada.link(peer).settle(key, session, signal)).toMatchObject({
      kind: 'cannot_tell',
    });
    // Another Peerage knows a message by its id: there it may be sent again.
    const known = await ada.befriend('Bea');
    expect(ada.link(known).resolveUnknown).toBe('byKey');
    expect(ada.link(peer).resolveUnknown).toBe('none');
    // And it may have been there all the while.
    await post('/respond', {
      from_agent: 'old-client',
      to_agent: ada.agentId,
      message_id: 'an-id-that-we-never-saw',
      result: 'it was',
    });
    expect((await ada.event('run_final', (event) => event.key === key)).text).toBe('it was');
  });

  it('refuses: what is too large, what has files, and what it says is wrong', async () => {
    const peer = await ada.befriend('Bea');
    const huge = await ada.send(peer, 'x'.repeat(1_048_576));
    expect(huge.outcome).toMatchObject({ kind: 'rejected', error: { code: 'relay.too_large' } });
    const file = { name: 'a', mimeType: 'text/plain', data: new Uint8Array(1) };
    const envelope = { key: 'peerage:1', sessionKey: 's', text: 'x', attachments: [file] };
    expect(await ada.link(peer).send(envelope, new AbortController().signal)).toMatchObject({
      kind: 'rejected',
      error: { code: 'relay.no_files' },
    });
    relay.interfere = (path, _, response) => {
      if (path !== '/delegate') return false;
      response.writeHead(429, { 'retry-after': '3', 'content-type': 'application/json' });
      response.end('{"error":"slow down"}');
      return true;
    };
    const limited = await ada.send(peer, 'too many');
    expect(limited.outcome).toMatchObject({ kind: 'not_sent', retryAfterMs: 3_000 });
    expect(ada.relay().state.kind).toBe('online');
  });

  it('tells an agent that fell silent from a relay that went away', async () => {
    const peer = await ada.befriend('Bea');
    await bea.relays.stop();
    relay.silence('Bea');
    await ada.do('relay.reconnect', { relayId: ada.relay().id });
    await ada.until('the silence', () => {
      const state = ada.link(peer).state();
      return state.kind === 'degraded' && state.reason === 'agent_silent';
    });
    expect((await ada.send(peer, 'kept for later')).outcome.kind).toBe('acknowledged');
    await relay.stop();
    await ada.until('the loss', () => ada.link(peer).state().kind === 'offline');
    expect((await ada.send(peer, 'not now')).outcome.kind).toBe('not_sent');
    await relay.listen();
    await ada.until('to be back', () => ada.relay().state.kind === 'online');
  });

  it('shares files whose names and contents are meant to hurt', async () => {
    const put = (key: string, content: string) =>
      ada.do('files.put', { key, content, type: 'text', base: null });
    for (const key of ['../../x', '/etc/passwd', 'a/../b', 'a\u0000b', 'a\u202eb', ' x', '.', '']) {
      await expect(put(key, 'x')).rejects.toMatchObject({ error: { code: 'files.bad_name' } });
    }
    await expect(put('a', '')).rejects.toMatchObject({ error: { code: 'files.empty' } });
    expect(await put('docs/plan é.md', 'x')).toMatchObject({ kind: 'saved', version: 1 });
    const room =
      1_048_576 -
      Buffer.byteLength(
        JSON.stringify({
          file_key: 'full',
          content: '',
          file_type: 'text',
          agent_id: ada.agentId,
          base_version: 0,
        }),
      );
    expect(await put('full', 'x'.repeat(room))).toMatchObject({ kind: 'saved' });
    await expect(put('full2', 'x'.repeat(room))).rejects.toMatchObject({
      error: { code: 'relay.too_large' },
    });
    // Put there by a client that knows no manners.
    await post('/files', { file_key: '../../evil', content: 'x', agent_id: 'old-client' });
    const { files } = await ada.do('files.list', {});
    expect(files.map(({ key }) => key)).toContain('../../evil');
    expect(await ada.do('files.get', { key: '../../evil' })).toMatchObject({ content: 'x' });
    await expect(ada.do('files.get', { key: 'nothing' })).rejects.toMatchObject({
      error: { code: 'files.not_found' },
    });
  });

  it('lets the last writer win: that is seen before it is done', async () => {
    await ada.do('files.put', { key: 'plan', content: 'one\ntwo\n', type: 'text', base: null });
    await bea.do('files.get', { key: 'plan' });
    await bea.do('files.put', { key: 'plan', content: 'one\ntwo\n3\n', type: 'text', base: 1 });
    await ada.until('the news', () => ada.files.length > 0);
    expect(ada.files[0]).toMatchObject({ title: 'Bea saved plan', text: '1 line added.' });
    const mine = { key: 'plan', content: 'zero\none\ntwo\n', type: 'text', base: 1 };
    const conflict = await ada.do('files.put', mine);
    expect(conflict).toMatchObject({
      kind: 'conflict',
      theirs: { version: 2, editorName: 'Bea' },
      base: 'one\ntwo\n',
      merged: { text: 'zero\none\ntwo\n3\n', clean: true },
    });
    expect(await ada.do('files.get', { key: 'plan' })).toMatchObject({ version: 2 });
    expect(await ada.do('files.put', { ...mine, overwrite: 2 })).toEqual({
      kind: 'saved',
      version: 3,
      overwrote: null,
    });
    const { versions } = await ada.do('files.history', { key: 'plan' });
    expect(versions.map(({ version, ours }) => [version, ours])).toEqual([
      [3, true],
      [2, false],
      [1, true],
    ]);
  });
});
