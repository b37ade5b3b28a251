import { describe, expect, it } from 'vitest';
import {
  type KnowledgeItem,
  type NoticeView,
  parsePlace,
  type RelayId,
  type RelayView,
} from '../../../electron/contract/index.ts';
import { HOUSES } from '../../fakes/relay/houses.ts';
import type { AppStart } from '../../journeys/app-handle.ts';
import { startFakePeer } from '../../journeys/fake-world.ts';
import { word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';
import type { Contact, Person } from '../../journeys/person.ts';
import { asked } from '../../journeys/two-people.ts';
import { LINK_PATIENCE_MS } from '../../patience.ts';

const TOKEN = 'a-token-of-the-whole-team-4711';

const relayOf = async (person: Person): Promise<RelayView> => {
  const { relays } = await person.do('relay.list', {});
  const [relay] = relays;
  if (!relay) throw new Error('no relay');
  return relay;
};

/** Waits until something is known here by a broadcast. */
async function known(person: Person, text: string): Promise<KnowledgeItem> {
  const filter = { text, topic: null, tag: null, direction: 'all', cursor: null } as const;
  const end = Date.now() + LINK_PATIENCE_MS;
  for (;;) {
    const [item] = (await person.do('knowledge.list', filter)).items;
    if (item) return item;
    if (Date.now() > end) throw new Error(`“${text}” is not known`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits for what the list of relays tells. */
async function seen<T>(
  person: Person,
  what: string,
  read: (relay: RelayView) => T | undefined | false,
): Promise<T> {
  const end = Date.now() + LINK_PATIENCE_MS;
  for (;;) {
    const found = read(await relayOf(person));
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(await relayOf(person))}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function join(person: Person, url: string, agentName: string): Promise<RelayId> {
  person.guard(TOKEN);
  const choice = { name: 'Team', agentName, capabilities: [], description: '', joinAll: false };
  const { relayId } = await person.do('relay.add', { ...choice, url, token: TOKEN, tls: null });
  await seen(person, 'to be connected', ({ state }) => state.kind === 'online');
  return relayId;
}

const befriend = async (person: Person, relayId: RelayId, name: string): Promise<Contact> => {
  const { id } = await seen(person, name, ({ agents }) =>
    agents.find((agent) => agent.name === name && agent.online),
  );
  return person.do('relay.addPeer', { relayId, agentId: id });
};

async function noticed(person: Person, title: string): Promise<NoticeView> {
  const end = Date.now() + LINK_PATIENCE_MS;
  for (;;) {
    const { notices } = await person.do('notice.list', {});
    const found = notices.find((notice) => notice.title === title);
    if (found) return found;
    if (Date.now() > end) throw new Error(`no “${title}”: ${JSON.stringify(notices)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each(HOUSES)('two whole apps on a relay $name', ({ start }) => {
  it('give each other work, answer it, and share files; the token shows up nowhere', async () => {
    const house = await start(TOKEN);
    const gateway = await startFakePeer('bea');
    const other = await startFakePeer('other');
    try {
      await travel(
        {
          name: '',
          run: async (world) => {
            const ada = await world.visit(world.home());
            const home: AppStart = {
              ...world.home(),
              env: { OPENCLAW_CONFIG_PATH: gateway.configFile },
            };
            const bea = await world.visitInProcess(home);
            await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
            await join(bea, house.url, 'Bea');
            const relayId = await join(ada, house.url, 'Ada');
            const peer = await befriend(ada, relayId, 'Bea');

            const mark = word();
            gateway.script(mark, { text: 'It is done.' });
            const threadId = await ada.thread(peer);
            const message = await ada.write(threadId, `Please do ${mark}`);
            const waiting = await asked(bea, mark, 'proposed');
            expect(waiting.proof).toMatchObject({ kind: 'relay', signed: 'unpinned' });
            await bea.do('delegation.accept', { delegationId: waiting.id });
            const answer = await ada.answer(message, 'complete');
            expect(answer.body).toBe('It is done.');
            await ada.sent(message, 'answered');

            // Killed while a card waits: nothing is lost, and nothing is there twice.
            const second = word();
            const later = await ada.write(threadId, second);
            const card = await asked(bea, second, 'proposed');
            await bea.app.kill();
            const again = await world.visitInProcess(home);
            expect((await asked(again, second, 'proposed')).id).toBe(card.id);
            await again.do('delegation.decline', { delegationId: card.id, reason: 'Not today' });
            await ada.sent(later, 'delivered');
            expect((await ada.answer(later)).error?.detail).toContain('Not today');

            // Told to all on the relay: by the person, and by an agent whom the person lets.
            const news = word();
            await ada.do('relay.broadcast', {
              content: `News: ${news}`,
              topic: 'ops',
              tags: ['ci'],
            });
            expect(await known(ada, news)).toMatchObject({ direction: 'out', who: 'all on Team' });
            expect(await known(again, news)).toMatchObject({
              direction: 'in',
              who: 'Ada',
              topic: 'ops',
              tags: ['ci'],
            });
            const fact = word();
            const { request } = await ada.do('door.ask', {
              agent: 'Claude',
              ask: {
                verb: 'broadcast',
                audience: { kind: 'relay' },
                topic: null,
                tags: [],
                text: fact,
              },
            });
            expect(request).toMatchObject({
              state: 'waiting',
              recipients: [{ name: 'all on Team' }],
              facts: [{ label: 'Read by', value: expect.stringContaining('and the relay itself') }],
            });
            await ada.do('agents.decide', { requestId: request.id, decision: 'approve' });
            expect(await known(again, fact)).toMatchObject({ direction: 'in', topic: null });
            const end = await ada.do('door.follow', {
              requestId: request.id,
              seen: '',
              waitMs: 0,
            });
            expect(end).toMatchObject({ final: true, request: { state: 'done' } });

            expect(
              await ada.do('files.put', { key: 'plan.txt', content: 'one\n', base: null }),
            ).toMatchObject({ kind: 'saved', version: 1 });
            await again.do('files.get', { key: 'plan.txt' });
            await again.do('files.put', { key: 'plan.txt', content: 'one\ntwo\n', base: 1 });
            const notice = await noticed(ada, 'Bea saved plan.txt');
            expect(notice.to && parsePlace(notice.to)).toEqual({
              kind: 'file',
              relayId,
              key: 'plan.txt',
            });
            expect(
              await ada.do('files.put', { key: 'plan.txt', content: 'zero\none\n', base: 1 }),
            ).toMatchObject({
              kind: 'conflict',
              theirs: { content: 'one\ntwo\n', editorName: 'Bea' },
              base: 'one\n',
              merged: { text: 'zero\none\ntwo\n', clean: true },
            });
            ada.check();
            again.check();
          },
        },
        { a: gateway, b: other, keychain: null },
      );
    } finally {
      await house.stop();
      await gateway.stop();
      await other.stop();
    }
  });
});
