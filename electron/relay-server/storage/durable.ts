/** Keeps everything in `relay.db`: what one turn of the event loop writes shares one FULL commit. */
import type { Store } from '../../store/store.ts';
import { BROADCAST_LOG } from '../limits.ts';
import { DeliveryNumbers } from './delivery-numbers.ts';
import { durableFiles } from './durable-files.ts';
import type {
  AgentRecord,
  BroadcastStorage,
  Delivery,
  Depth,
  InboxStorage,
  RegistryStorage,
  RelayStorage,
} from './storage.ts';
import { addDepth } from './tally.ts';

interface AgentRow {
  readonly agent_id: string;
  readonly name: string;
  readonly capabilities: string;
  readonly machine: string;
  readonly description: string;
  readonly registered_at: number;
  readonly last_heartbeat: number;
  readonly address: string;
  readonly secret_hash: string | null;
}

const recordOf = (row: AgentRow): AgentRecord => ({
  agentId: row.agent_id,
  name: row.name,
  capabilities: JSON.parse(row.capabilities) as string[],
  machine: row.machine,
  description: row.description,
  registeredAt: row.registered_at,
  lastHeartbeat: row.last_heartbeat,
  address: row.address,
  secretHash: row.secret_hash,
});

function durableRegistry(store: Store): RegistryStorage {
  const all = store.prepare<AgentRow>('SELECT * FROM agents ORDER BY row');
  const put = store.prepare<
    never,
    [string, string, string, string, string, number, number, string, string | null]
  >(
    `INSERT INTO agents (agent_id, name, capabilities, machine, description, registered_at,
       last_heartbeat, address, secret_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (agent_id) DO UPDATE SET name = excluded.name, capabilities = excluded.capabilities,
       machine = excluded.machine, description = excluded.description,
       registered_at = excluded.registered_at, last_heartbeat = excluded.last_heartbeat,
       address = excluded.address, secret_hash = excluded.secret_hash`,
  );
  const seen = store.prepare<never, [number, string]>(
    'UPDATE agents SET last_heartbeat = ? WHERE agent_id = ?',
  );
  const strike = store.prepare<never, [string]>('DELETE FROM agents WHERE agent_id = ?');
  return {
    load: async () => all.all().map(recordOf),
    save: (agent) =>
      store.write(() => {
        put.run(
          agent.agentId,
          agent.name,
          JSON.stringify(agent.capabilities),
          agent.machine,
          agent.description,
          agent.registeredAt,
          agent.lastHeartbeat,
          agent.address,
          agent.secretHash,
        );
      }),
    heartbeats: (times) =>
      store.write(() => {
        for (const [agentId, at] of times) seen.run(at, agentId);
      }),
    remove: (agentIds) =>
      store.write(() => {
        for (const agentId of agentIds) strike.run(agentId);
      }),
  };
}

interface InboxRow {
  readonly row: number;
  readonly agent: string;
  readonly body: string;
  readonly shared: number | null;
  readonly bytes: number;
  readonly at: number;
}

/** What nobody waits for any more, and that is not in the log of broadcasts. */
const SWEEP = `DELETE FROM shared_bodies WHERE logged = 0
  AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.shared = shared_bodies.id)`;
/** After so many bytes of broadcasts what is over is let go: taken or not, they fill no disk. */
const SWEEP_BYTES = 64 * 1_048_576;

const deliveryOf = ({ row, body, shared, bytes, at }: InboxRow): Delivery => ({
  row,
  body,
  shared: shared !== null,
  bytes,
  at,
});

function durableInbox(store: Store, numbers: DeliveryNumbers): InboxStorage {
  const sums = store.prepare<{ agent: string; messages: number; bytes: number }>(
    'SELECT agent, count(*) AS messages, sum(bytes) AS bytes FROM inbox GROUP BY agent',
  );
  const put = store.prepare<never, [number, string, string, number, number]>(
    'INSERT INTO inbox (row, agent, body, bytes, at) VALUES (?, ?, ?, ?, ?)',
  );
  const page = store.prepare<InboxRow, [string, number, number]>(
    `SELECT inbox.row, agent, coalesce(inbox.body, shared_bodies.body) AS body, shared, bytes, inbox.at
     FROM inbox LEFT JOIN shared_bodies ON shared_bodies.id = inbox.shared
     WHERE agent = ? AND inbox.row > ? ORDER BY inbox.row LIMIT ?`,
  );
  // However many they are: one statement.
  const strike = store.prepare<{ bytes: number }, [string, string]>(
    `DELETE FROM inbox WHERE agent = ? AND row IN (SELECT value FROM json_each(?))
     RETURNING bytes`,
  );
  const drop = store.prepare<{ bytes: number }, [string, string]>(
    `DELETE FROM inbox WHERE agent = ? AND row = (SELECT row FROM inbox WHERE agent = ?
       AND shared IS NOT NULL ORDER BY row LIMIT 1) RETURNING bytes`,
  );
  const old = store.prepare<{ agent: string; bytes: number }, [number]>(
    'DELETE FROM inbox WHERE at < ? RETURNING agent, bytes',
  );
  const sweep = store.prepare(SWEEP);
  return {
    depths: async () => new Map(sums.all().map(({ agent, ...depth }) => [agent, depth])),
    add: (agentId, body, bytes, at) =>
      numbers.within(() =>
        store.writeOne(() => {
          const row = numbers.next();
          put.run(row, agentId, body, bytes, at);
          return { row, body, shared: false, bytes, at };
        }),
      ),
    read: async (agentId, after, limit) => page.all(agentId, after, limit).map(deliveryOf),
    remove: (agentId, rows) =>
      store.write(() => {
        let gone = 0;
        const struck = strike.all(agentId, JSON.stringify(rows));
        for (const { bytes } of struck) gone += bytes;
        return { messages: struck.length, bytes: gone };
      }),
    dropShared: (agentId) =>
      store.write(() => {
        const found = drop.get(agentId, agentId);
        return found ? { messages: 1, bytes: found.bytes } : null;
      }),
    expire: (before) =>
      store.write(() => {
        const gone = new Map<string, Depth>();
        for (const { agent, bytes } of old.all(before)) addDepth(gone, agent, bytes);
        sweep.run();
        return gone;
      }),
  };
}

function durableBroadcasts(store: Store, numbers: DeliveryNumbers): BroadcastStorage {
  const put = store.prepare<{ id: number }, [string, number, number]>(
    'INSERT INTO shared_bodies (body, at, logged) VALUES (?, ?, ?) RETURNING id',
  );
  const spread = store.prepare<never, [number, string, number, number, number]>(
    'INSERT INTO inbox (row, agent, shared, bytes, at) VALUES (?, ?, ?, ?, ?)',
  );
  const count = store.prepare<{ n: number }>(
    'SELECT count(*) AS n FROM shared_bodies WHERE logged = 1',
  );
  const trim = store.prepare<never, [number]>(
    `UPDATE shared_bodies SET logged = 0 WHERE logged = 1 AND id <= (SELECT id FROM shared_bodies
       WHERE logged = 1 ORDER BY id DESC LIMIT 1 OFFSET ?)`,
  );
  const sweep = store.prepare(SWEEP);
  let sinceSwept = 0;
  return {
    add: (agentIds, body, bytes, at, logged) =>
      numbers.within(() =>
        store.write(() => {
          sinceSwept += bytes;
          if (sinceSwept > SWEEP_BYTES) {
            sinceSwept = 0;
            trim.run(BROADCAST_LOG);
            sweep.run();
          }
          const id = put.get(body, at, logged ? 1 : 0)?.id ?? 0;
          return agentIds.map((agentId) => {
            const row = numbers.next();
            spread.run(row, agentId, id, bytes, at);
            return { row, body, shared: true, bytes, at };
          });
        }),
      ),
    count: async (keep) => {
      const { n } = count.get() ?? { n: 0 };
      if (n > keep) await store.write(() => trim.run(keep));
      return Math.min(n, keep);
    },
  };
}

/**
 * Pages of SQLite's log before it is copied into the file and begun anew. It is written over from then
 * on, which costs half of what it does to make it longer: it should come to its length soon.
 */
const LOG_PAGES = 1_000;

/** The relay's own file, already open. Closing the storage closes it. */
export function durableStorage(store: Store): RelayStorage {
  store.prepare(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`).get();
  const numbers = new DeliveryNumbers(store);
  return {
    durable: true,
    registry: durableRegistry(store),
    inbox: durableInbox(store, numbers),
    broadcasts: durableBroadcasts(store, numbers),
    files: durableFiles(store),
    close: () => store.close(),
  };
}
