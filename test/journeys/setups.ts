/** Journeys of where secrets and peers come from: a keychain or none, a file, the own gateway. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { word } from './gateway.ts';
import type { Journey } from './world.ts';

const session: Journey = {
  name: 'works without any keychain once the person agreed, and forgets the secrets at the end',
  run: async ({ a, home, visit }) => {
    const start = home('none');
    const person = await visit(start);
    const { status, error } = await person.do('secrets.recheck', {});
    assert.equal(status, 'no_bus');
    assert.equal(error?.code, 'secrets.no_bus');
    const credential = { kind: 'token', value: a.token } as const;
    const link = {
      kind: 'gateway',
      url: a.url,
      credential,
      agentId: null,
      sessionKey: null,
    } as const;
    const refused = await person.refused('peer.add', { name: 'Too early', link });
    assert.equal(refused.code, 'secrets.no_bus');
    await person.do('secrets.useSession', {});
    const contact = await person.meet('Ada', a);
    const mark = word();
    a.script(mark, { text: 'from memory' });
    const threadId = await person.thread(contact);
    await person.answer(await person.write(threadId, mark), 'complete');
    await person.leave();

    const later = await visit(start);
    const known = await later.see(contact.peerId);
    await later.link(known, 'needs_secret');
    await later.do('secrets.useSession', {});
    assert.equal((await later.link(known, 'needs_secret')).kind, 'needs_secret');
    await later.do('link.update', { linkId: known.linkId, changes: { credential } });
    await later.link(known, 'online');
    await later.leave();
  },
};

const pod: Journey = {
  name: 'takes peers from a file and their secrets from a folder, writes neither, and answers from there',
  run: async ({ a, home, visit }) => {
    const { home: folder } = home();
    const secretsFolder = join(dirname(folder), 'secrets');
    const configFile = join(dirname(folder), 'peers.json');
    mkdirSync(secretsFolder, { mode: 0o700 });
    writeFileSync(join(secretsFolder, 'ada.token'), `${a.token}\n`, { mode: 0o600 });
    const links = [{ url: a.url, secretRef: 'ada', agentId: 'helper' }];
    const peers = [{ id: 'ada', name: 'Ada of the file', links }];
    const text = JSON.stringify({ version: 1, peers, policy: { hardLimitBytes: 300 } });
    writeFileSync(configFile, text);

    const start = { home: folder, keychain: { kind: 'none' }, configFile, secretsFolder } as const;
    const person = await visit(start);
    person.guard(a.token);
    const { peers: rows } = await person.do('peer.list', {});
    assert.deepEqual(
      rows.map((row) => row.name),
      ['Ada of the file'],
    );
    const [row] = rows;
    assert.ok(row);
    const contact = await person.see(row.id);
    await person.link(contact, 'online');
    const mark = word();
    const prompts = a.script(mark, { text: 'from the pod' });
    const threadId = await person.thread(contact);
    const answer = await person.answer(await person.write(threadId, mark));
    assert.equal(answer.body, 'from the pod');
    assert.match(prompts.sessions[0] ?? '', /^agent:helper:/);
    const long = { threadId, text: 'x'.repeat(301), kind: 'message', attachmentIds: [] } as const;
    const tooLong = await person.refused('message.send', { ...long, attachmentIds: [] });
    assert.equal(tooLong.code, 'message.too_large');
    const renamed = { peerId: contact.peerId, changes: { name: 'Mine now' } };
    assert.equal((await person.refused('peer.update', renamed)).code, 'peer.provisioned');
    await person.leave();
    assert.equal(readFileSync(configFile, 'utf8'), text);
    assert.equal(readFileSync(join(secretsFolder, 'ada.token'), 'utf8'), `${a.token}\n`);
  },
};

const ownGateway: Journey = {
  name: 'sees the own gateway in the configuration of OpenClaw, and uses it only after a click',
  run: async ({ a, home, visit }) => {
    const before = process.env.OPENCLAW_CONFIG_PATH;
    process.env.OPENCLAW_CONFIG_PATH = a.configFile;
    try {
      const person = await visit(home());
      person.guard(a.token);
      const attempts = a.line.attempts;
      const seen = await person.do('ownGateway.detect', {});
      assert.equal(seen.kind, 'found');
      assert.ok(seen.kind === 'found');
      assert.equal(seen.configPath, a.configFile);
      assert.equal(seen.credential, 'token');
      assert.deepEqual(seen.peerIds, []);
      assert.deepEqual((await person.do('peer.list', {})).peers, []);
      assert.equal(a.line.attempts, attempts);

      const connect = { credential: null } as const;
      const main = { ...connect, name: 'My own', agentId: null };
      const { peerId } = await person.do('ownGateway.connect', main);
      const contact = await person.see(peerId);
      await person.link(contact, 'online');
      const wrong = { kind: 'token', value: 'not-that-one-0123456789' } as const;
      const { linkId } = contact;
      await person.do('link.update', { linkId, changes: { credential: wrong } });
      await person.link(contact, 'bad_credential');
      assert.deepEqual(await person.do('ownGateway.readAgain', {}), { links: 1 });
      await person.link(contact, 'online');
      const other = { ...connect, name: 'My helper', agentId: 'helper' };
      const helper = await person.see((await person.do('ownGateway.connect', other)).peerId);
      await person.link(helper, 'online');
      const mark = word();
      const prompts = a.script(mark, { text: 'at home' });
      const asked = await person.write(await person.thread(helper), mark);
      assert.equal((await person.answer(asked)).body, 'at home');
      assert.match(prompts.sessions[0] ?? '', /^agent:helper:/);
      assert.equal(prompts.calls, 1);
      const { peers } = await person.do('peer.list', {});
      assert.ok(peers.every((peer) => peer.own));
      const again = await person.do('ownGateway.detect', {});
      assert.deepEqual(
        again.kind === 'found' && [...again.peerIds].sort(),
        [contact.peerId, helper.peerId].sort(),
      );
      await person.leave();
    } finally {
      if (before === undefined) delete process.env.OPENCLAW_CONFIG_PATH;
      else process.env.OPENCLAW_CONFIG_PATH = before;
    }
  },
};

/** Secrets and peers, from wherever they come. */
export const setupJourneys: readonly Journey[] = [session, pod, ownGateway];
