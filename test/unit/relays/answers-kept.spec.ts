/** What is kept of the word that we owe to askers at relays. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PeerId, RelayId } from '../../../electron/contract/index.ts';
import { type Answers, createAnswers } from '../../../electron/relays/answers.ts';
import type { Outcome } from '../../../electron/relays/index.ts';
import { pendingOf, type RelayTable, relayTable } from '../../../electron/relays/table.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';

const RELAY = 'relay' as RelayId;
const PEER = 'peer' as PeerId;

describe('the word that is owed to askers', () => {
  let home: string;
  let store: Store;
  let table: RelayTable;
  let answers: Answers;
  const outcomes = new Map<string, Outcome>();
  const owe = (id: string) =>
    store.write(() =>
      table.owe({ delegation_id: id, relay_id: RELAY, to_agent: 'b', message_id: id, key: null }),
    );
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'peerage-answers-'));
    store = openStore(home, Date.now());
    table = relayTable(store);
    outcomes.clear();
    await store.write(() =>
      table.put({
        id: RELAY,
        name: 'Relay',
        url: 'http://relay.test',
        credential: 'none',
        agentId: 'us',
        agentName: 'Us',
        capabilities: [],
        description: '',
        joinAll: true,
        tls: null,
        registered: true,
        forgotAt: null,
        epoch: 0,
        createdAt: 0,
      }),
    );
    answers = createAnswers({
      store,
      table,
      relay: () => null,
      outcome: (id) => outcomes.get(id) ?? null,
      find: () => null,
      signer: async () => null,
      now: () => 0,
      log: () => undefined,
    });
  });
  afterEach(async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('goes with the delegation that it is about, told or not', async () => {
    for (const id of ['open', 'told', 'gone', 'gone-and-told']) await owe(id);
    const done: Outcome = {
      state: 'completed',
      answer: 'Done.',
      question: null,
      error: null,
      reason: '',
    };
    outcomes.set('open', { ...done, state: 'in_progress' });
    outcomes.set('told', done);
    for (const id of ['told', 'gone-and-told']) {
      const row = table.owedOf(id);
      if (row) await store.write(() => table.told(row, 'completed', true));
    }
    await answers.prune();
    expect(table.owedAbout()).toEqual(['open', 'told']);
    expect(table.owed(RELAY).map((row) => row.delegation_id)).toEqual(['open']);
  });

  it('keeps the newest thousand messages of which nothing came yet', async () => {
    const ids = Array.from({ length: 1_003 }, (_, i) => pendingOf(PEER, `m${i}`));
    await Promise.all(ids.map(owe));
    await answers.prune();
    expect(table.owedAbout()).toEqual(ids.slice(3));
  });
});
