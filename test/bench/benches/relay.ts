import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyHome } from '../parts/big-home.ts';
import { startChild } from '../parts/child.ts';
import { type RelayEnds, relayEnds } from '../parts/relay-client.ts';
import { type Bench, ratioRow } from '../report.ts';
import { compare, compareTurns } from '../runs.ts';

const IN_FLIGHT = 64;
const MESSAGES = 4_000;
const TURNS = 400;
/** Time per message: at least half of the throughput. */
const TIME_GOAL = 2;
const INSERTS = 2;

/** Ms for each of so many messages, with {@link IN_FLIGHT} at once. */
async function timeEach({ deliver }: RelayEnds): Promise<number> {
  let left = MESSAGES;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await deliver();
    }),
  );
  return (performance.now() - from) / MESSAGES;
}

/** One INSERT of such a message with synchronous=FULL. */
function bareTable(home: string): { insert(): void; close(): void } {
  const database = new DatabaseSync(join(home, 'bare.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE messages (row INTEGER PRIMARY KEY, agent TEXT, body TEXT)');
  const insert = database.prepare('INSERT INTO messages (agent, body) VALUES (?, ?)');
  const body = 'x'.repeat(500);
  return { insert: () => void insert.run('beta', body), close: () => database.close() };
}

/** From the call of `/delegate` to the message on the recipient's socket and the call's answer. */
export const relay: Bench = {
  name: 'relay',
  what: 'a delegation through the durable relay, against node http and ws that keep nothing',
  run: async (note) => {
    const ours = startChild('relay-entry.ts', [], [emptyHome('relay')]);
    const bare = startChild('bare-relay.ts');
    try {
      const [{ port }, { port: barePort }] = (await Promise.all([ours.next(), bare.next()])) as [
        { port: number },
        { port: number },
      ];
      const value = await relayEnds(port, true);
      const baseline = await relayEnds(barePort, false);
      await timeEach(value);
      await timeEach(baseline);
      const flow = await compare(
        { value: () => timeEach(value), baseline: () => timeEach(baseline) },
        note,
      );
      const table = bareTable(emptyHome('relay-insert'));
      // In the same turns: how long a disk takes changes from one second to the next.
      const single = await compareTurns(
        {
          value: value.deliver,
          baseline: async () => {
            await baseline.deliver();
            for (let i = 0; i < INSERTS; i++) table.insert();
          },
          times: TURNS,
        },
        note,
      );
      table.close();
      value.stop();
      baseline.stop();
      return [
        ratioRow('relay: time per message with 64 in flight, ms', flow, TIME_GOAL),
        ratioRow('relay: delegate to delivered, against bare and two FULL inserts, ms', single, 1),
      ];
    } finally {
      await ours.stop();
      await bare.stop();
    }
  },
};
