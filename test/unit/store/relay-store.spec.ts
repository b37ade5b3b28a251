/** The relay's own file, as earlier builds wrote it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { durableStorage } from '../../../electron/relay-server/index.ts';
import { firstRelay } from '../../../electron/store/relay-migrations/001-relay.ts';
import { openRelayStore } from '../../../electron/store/store.ts';

describe('a relay’s file of the first format', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'peerage-relay-file-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('keeps what waits, in its order, what is shared, and the numbers that were given out', async () => {
    const old = new DatabaseSync(join(home, 'relay.db'));
    old.exec(firstRelay.sql);
    old.exec(`PRAGMA user_version = 1; PRAGMA application_id = ${0x50524c59};
      INSERT INTO reserved VALUES ('inbox', 1000);
      INSERT INTO shared_bodies (id, body, at, logged) VALUES (7, '{"content":"news"}', 2, 1);
      INSERT INTO inbox (row, agent, body, shared, bytes, at) VALUES
        (3, 'beta', '{"task":"third"}', NULL, 80, 3), (1, 'beta', '{"task":"first"}', NULL, 80, 1),
        (2, 'alpha', NULL, 7, 82, 2), (4, 'beta', NULL, 7, 82, 4);`);
    old.close();
    const storage = durableStorage(openRelayStore(home, Date.now()));
    const bodies = async (agent: string) =>
      (await storage.inbox.read(agent, 0, 10)).map(({ row, body, shared }) => [row, body, shared]);
    expect(await bodies('beta')).toEqual([
      [1, '{"task":"first"}', false],
      [3, '{"task":"third"}', false],
      [4, '{"content":"news"}', true],
    ]);
    expect(await bodies('alpha')).toEqual([[2, '{"content":"news"}', true]]);
    expect(await storage.inbox.depths()).toEqual(
      new Map([
        ['alpha', { messages: 1, bytes: 82 }],
        ['beta', { messages: 3, bytes: 242 }],
      ]),
    );
    expect((await storage.inbox.add('beta', '{"task":"new"}', 80, 5)).row).toBeGreaterThan(1_000);
    expect(await storage.inbox.dropShared('beta')).toEqual({ messages: 1, bytes: 82 });
    expect(await storage.inbox.remove('alpha', [1, 2, 3])).toEqual({ messages: 1, bytes: 82 });
    expect((await bodies('beta')).map(([, body]) => body)).toEqual([
      '{"task":"first"}',
      '{"task":"third"}',
      '{"task":"new"}',
    ]);
    await storage.close();
  });
});
