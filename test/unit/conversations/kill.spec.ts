import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { BroadcastId, MessageId } from '../../../electron/contract/index.ts';
import { Home, linkId, peerId } from './home.ts';

const WRITER = path.join(import.meta.dirname, 'writer.ts');

let home: Home;
afterEach(() => home.remove());

/** Runs the writer on the home, kills it without a word after `ms`, and gives what it had said. */
const runAndKill = (folder: string, ms: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, folder, peerId(), linkId()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    let timer: NodeJS.Timeout | null = null;
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (!timer && said.includes('ready')) timer = setTimeout(() => child.kill('SIGKILL'), ms);
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      // A line that was cut in the middle was not said.
      if (signal === 'SIGKILL') resolve(said.slice(0, said.lastIndexOf('\n')).split('\n'));
      else reject(new Error(`the writer ended by itself: ${said.slice(-500)}`));
    });
  });

describe('a process killed in the middle of everything', () => {
  it.each([120, 300, 700])('after %i ms has lost nothing that it had said', async (ms) => {
    home = new Home();
    await home.store.close();
    const said = await runAndKill(home.folder, ms);
    const ids = (word: string): MessageId[] =>
      said
        .filter((line) => line.startsWith(word))
        .map((line) => MessageId.parse(line.slice(word.length)));
    expect(said.filter((line) => line.startsWith('log'))).toEqual([]);
    expect(ids('out ').length).toBeGreaterThan(0);

    const database = new DatabaseSync(path.join(home.folder, 'peerage.db'));
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(
      database
        .prepare("INSERT INTO message_search (message_search) VALUES ('integrity-check')")
        .run(),
    ).toBeTruthy();
    database.close();

    home.clock.jump(Date.now() - home.clock.now());
    await home.reopen();
    await home.start(false);
    for (const id of ids('out '))
      expect(home.state(id)).toMatch(/queued|unknown|sent|delivered|answered/u);
    for (const id of ids('in ')) expect(home.state(id)).toBe('complete');
    const casts = said.filter((line) => line.startsWith('cast ')).map((line) => line.slice(5));
    expect(casts.length).toBeGreaterThan(0);
    for (const id of casts) {
      const cast = home.conversations.broadcasts.view(BroadcastId.parse(id));
      expect(cast).toMatchObject({ recipients: 1, counts: { gone: 0, failed: 0 } });
      const row = home.conversations.broadcasts.row(`${id}/0`);
      expect(row?.state).toMatch(/queued|unknown|sent|delivered|answered/u);
    }
    const sending = home.store
      .prepare<{ n: number }>(
        "SELECT count(*) AS n FROM messages WHERE state IN ('sending', 'streaming')",
      )
      .get();
    expect(sending?.n).toBe(0);
    const gaps = home.store
      .prepare(
        `SELECT t.id FROM threads t WHERE t.next_position - 1 <> (SELECT count(*) FROM messages m WHERE m.thread_id = t.id)
         OR t.waiting <> (SELECT count(*) FROM messages m WHERE m.thread_id = t.id AND m.state IN ('queued', 'sending', 'unknown'))
         OR t.unread <> (SELECT count(*) FROM messages m WHERE m.thread_id = t.id AND m.unread = 1)`,
      )
      .all();
    expect(gaps).toEqual([]);
    // Whatever is past the queue says where it was tried.
    const untried = home.store
      .prepare(
        `SELECT id FROM messages m WHERE direction = 'out' AND state <> 'queued'
         AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.message_id = m.id)`,
      )
      .all();
    expect(untried).toEqual([]);
  });
});
