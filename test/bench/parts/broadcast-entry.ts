/**
 * Entry of a process with `--expose-gc`: conversations over as many connected gateway links as there are
 * addresses, and as many bare sockets. Told `{connect: urls}`, it connects; then `ours` and `bare` each
 * send one text to all and say `{took, cpu}`, ms until all was acknowledged and ms of processor time; `settle` waits until every run of
 * ours has its answer, and says `{heap}`, bytes after GC.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import {
  type BroadcastId,
  type BroadcastView,
  type CallerContext,
  DEFAULT_SETTINGS,
  LinkId,
  PeerId,
  type Result,
  writeBroadcast,
} from '../../../electron/contract/index.ts';
import { createConversations } from '../../../electron/conversations/index.ts';
import type { GatewayLink } from '../../../electron/links/gateway/index.ts';
import { openStore } from '../../../electron/store/store.ts';
import { type BareSocket, bareSocket } from './bare-client.ts';
import { emptyHome, seed, seededLink, seededPeer } from './big-home.ts';
import { benchClock, benchDevice, connectedLink } from './links.ts';

export type BroadcastOrder = { readonly connect: readonly string[] } | 'ours' | 'bare' | 'settle';

const TEXT = 'Please look at the failing test of the parser and tell me what you find. '.repeat(3);
/** What of it leaves: both sides send and store this. */
const WRITTEN = writeBroadcast({ topic: 'bench', tags: ['ci'], text: TEXT.trim() });
/** Handshakes at the same time. */
const AT_ONCE = 20;
const LIMIT_MS = 60_000;
/** Of each row at least: sending, sent. */
const MOVES = 2;

const context: CallerContext = {
  door: 'window',
  connectionId: 'bench',
  signal: new AbortController().signal,
};
const links = new Map<LinkId, GatewayLink>();
const sockets: BareSocket[] = [];
/** As long as the keys of our own, so that the frames of both sides are: the gateways act on none of them. */
const sessions: string[] = [];
const home = emptyHome('broadcast');
let moves = 0;
let moved: () => void = () => undefined;

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function begin(urls: readonly string[]) {
  await seed(home, { peers: urls.length, longThread: 0, shortThread: 0 });
  const device = benchDevice();
  for (let from = 0; from < urls.length; from += AT_ONCE) {
    const some = urls.slice(from, from + AT_ONCE);
    const made = await Promise.all(some.map((url) => connectedLink(url, device)));
    for (const [n, link] of made.entries()) {
      links.set(LinkId.parse(seededLink(from + n)), link);
      sessions.push(link.sessionKeyFor(v7(), null));
    }
    sockets.push(...(await Promise.all(some.map(bareSocket))));
  }
  const store = openStore(home, Date.now());
  const conversations = createConversations({
    store,
    clock: benchClock(),
    changed: (key) => {
      if (key.type !== 'broadcastRow') return;
      moves += 1;
      moved();
    },
    directory: {
      peerName: (peerId) => `Peer ${peerId}`,
      linkFor: ({ linkId }) => linkId,
      agentName: () => 'Agent',
      audience: () =>
        [...links].map(([linkId, link], n) => ({
          peerId: PeerId.parse(seededPeer(n)),
          name: `Peer ${n}`,
          group: null,
          practice: false,
          own: false,
          links: [
            {
              linkId,
              kind: 'gateway',
              address: '127.0.0.1',
              agentId: null,
              state: link.state(),
              stateText: 'Up',
              blocked: false,
            },
          ],
        })),
    },
    link: (linkId) => links.get(linkId),
    settings: () => DEFAULT_SETTINGS,
    attention: () => undefined,
    attachmentsFolder: join(home, 'attachments'),
    log: (line) => console.error(line),
  });
  await conversations.start();
  for (const [linkId, link] of links) {
    conversations.linkAttached(linkId);
    link.on((event) => conversations.linkEvent(linkId, event));
  }
  return conversations;
}

let app: Awaited<ReturnType<typeof begin>>;

/**
 * Resolves with the time at which the last row was told of as sent. It is looked at once a turn, when
 * there were moves enough; the look itself is not counted.
 */
function allSent(id: BroadcastId): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${moves} moves`)), LIMIT_MS);
    let looking = false;
    moved = () => {
      if (looking || moves < links.size * MOVES) return;
      looking = true;
      setImmediate(() => {
        looking = false;
        const at = performance.now();
        if (app.broadcasts.view(id)?.counts.sent !== links.size) return;
        clearTimeout(late);
        resolve(at);
      });
    };
  });
}

const newest = (): BroadcastView | undefined => app.broadcasts.newest()[0];

async function ours(): Promise<number> {
  moves = 0;
  const from = performance.now();
  const id = v7() as BroadcastId;
  const done = allSent(id);
  const audience = { kind: 'all' } as const;
  const input = { id, audience, topic: 'bench', tags: ['ci'], text: TEXT };
  must(await app.handlers['broadcast.send'](input, context));
  return (await done) - from;
}

const bareFile = new DatabaseSync(join(emptyHome('broadcast-bare'), 'bare.db'));
bareFile.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
bareFile.exec(
  'CREATE TABLE messages (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, peer, body, at)',
);
const bareInsert = bareFile.prepare(
  'INSERT INTO messages (id, peer, body, at) VALUES (?, ?, ?, ?)',
);

async function bare(): Promise<number> {
  const from = performance.now();
  const ids = sockets.map(() => v7());
  bareFile.exec('BEGIN IMMEDIATE');
  for (const [n, id] of ids.entries()) bareInsert.run(id, n, WRITTEN, Date.now());
  bareFile.exec('COMMIT');
  await Promise.all(
    sockets.map(async (socket, n) => {
      const idempotencyKey = `peerage:${ids[n]}`;
      const { [n]: session } = sessions;
      const params = { session, message: WRITTEN, idempotencyKey, queueMode: 'followup' };
      const answer = (await socket.request('chat.send', params)) as { readonly runId: string };
      if (answer.runId !== idempotencyKey) throw new Error('not taken');
    }),
  );
  return performance.now() - from;
}

/** Times a side: `took` by the clock, `cpu` of this process, both ms. */
async function measured(side: () => Promise<number>): Promise<{ took: number; cpu: number }> {
  const before = process.cpuUsage();
  const took = await side();
  const { user, system } = process.cpuUsage(before);
  return { took, cpu: (user + system) / 1000 };
}

async function settle(): Promise<number> {
  const end = performance.now() + LIMIT_MS;
  while (newest()?.counts.answered !== links.size) {
    if (performance.now() > end) throw new Error(`unanswered: ${JSON.stringify(newest()?.counts)}`);
    await sleep(50);
  }
  for (let n = 0; n < 6; n++) {
    await sleep(50);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

process.on('message', async (order: BroadcastOrder) => {
  try {
    if (order === 'ours') process.send?.(await measured(ours));
    else if (order === 'bare') process.send?.(await measured(bare));
    else if (order === 'settle') process.send?.({ heap: await settle() });
    else {
      app = await begin(order.connect);
      process.send?.({ connected: links.size });
    }
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.on('disconnect', () => process.exit());
