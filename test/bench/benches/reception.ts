import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';
import { type AppProcess, startProcess } from '../../journeys/app-process.ts';
import { ask, withAskers } from '../parts/asking.ts';
import { emptyHome } from '../parts/big-home.ts';
import { type Bench, valueRow } from '../report.ts';

const CALLERS = 200;
const PEERS = 10;
const SECONDS = 30;
/** A caller that was refused comes again after this, whatever it was told: it is no friend. */
const AGAIN_MS = 40;
const LOOK_MS = 500;
/** How much more it may hold at the end of the time than in its first third. */
const GROWTH = 1.25;
const TEXT = 'Please look at the failing test of the parser and tell me what you find. '.repeat(3);

interface Tally {
  readonly accepted: Set<string>;
  readonly refused: Map<number, number>;
  /** Refusals that do not say when to come again, or with another status. */
  improper: number;
  /** Calls that the killed app took with it. */
  broken: number;
}

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** One caller, until the end, with as many tries as it gets. */
async function call(where: { origin: string }, token: string, tally: Tally, until: number) {
  for (let n = 0; performance.now() < until; n++) {
    try {
      const answer = await ask(where.origin, token, `${n} ${TEXT}`);
      const body = (await answer.json()) as { result?: { task: { id: string } } };
      if (answer.status === 200 && body.result) tally.accepted.add(body.result.task.id);
      else {
        tally.refused.set(answer.status, (tally.refused.get(answer.status) ?? 0) + 1);
        const proper = answer.status === 429 && Number(answer.headers.get('retry-after')) >= 1;
        if (!proper) tally.improper++;
        await sleep(AGAIN_MS);
      }
    } catch {
      tally.broken++;
      await sleep(AGAIN_MS);
    }
  }
}

/** The most of the last third, for the most of the first. */
function growth(samples: readonly number[]): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return Math.max(...samples.slice(-third)) / Math.max(...samples.slice(0, third));
}

function stored(home: string): Set<string> {
  const database = new DatabaseSync(join(home, DATABASE_NAME), { readOnly: true });
  const rows = database.prepare('SELECT id FROM delegations').all() as { id: string }[];
  database.close();
  return new Set(rows.map(({ id }) => id));
}

/** Many at the door at once. */
export const reception: Bench = {
  name: 'reception',
  what: '200 callers at once for 30 s, with a kill -9 in the middle: what was accepted, refused, used',
  run: async (note) => {
    const home = emptyHome('reception');
    const tokens = await withAskers(home, PEERS);
    const start = { home, keychain: { kind: 'none' } } as const;
    let app: AppProcess = await startProcess(start);
    const configured = await app.call('reception.configure', { listen: 'loopback', port: 0 });
    if (!configured.ok) throw new Error(configured.error.detail);
    const where = { origin: configured.value.addresses[0] ?? '' };
    const tally: Tally = { accepted: new Set(), refused: new Map(), improper: 0, broken: 0 };
    const resident: number[] = [];
    let over = false;
    let killed = 0;
    const watching = (async () => {
      while (!over) {
        try {
          resident.push(residentMb(app.pid ?? 0));
        } catch {
          // It was killed just now.
        }
        await sleep(LOOK_MS);
      }
    })();
    try {
      const until = performance.now() + SECONDS * 1000;
      const callers = Array.from({ length: CALLERS }, (_, n) =>
        call(where, tokens[n % PEERS] ?? '', tally, until),
      );
      await sleep((SECONDS * 1000) / 2);
      await app.kill();
      const atKill = tally.accepted.size;
      killed = resident.length;
      app = await startProcess(start);
      await Promise.all(callers);
      over = true;
      await watching;
      await app.stop();
      const there = stored(home);
      const lost = [...tally.accepted].filter((id) => !there.has(id)).length;
      const refused = [...tally.refused].map(([status, n]) => `${n} with ${status}`).join(', ');
      note(`  ${tally.accepted.size} accepted (${atKill} before the kill), refused ${refused}`);
      const [first, second] = [resident.slice(0, killed), resident.slice(killed)];
      const growths = [first, second].map(growth);
      const most = Math.max(...resident);
      note(`  ${tally.broken} calls broken by the kill; ${most.toFixed(0)} MB at most`);
      return [
        valueRow('reception: accepted tasks', [tally.accepted.size], null),
        valueRow('reception: accepted tasks lost over kill -9', [lost], 0),
        valueRow('reception: refusals other than 429 with Retry-After', [tally.improper], 0),
        valueRow('reception: memory at most, MB', [most], null),
        valueRow('reception: memory, last third against first', [Math.max(...growths)], GROWTH),
      ];
    } finally {
      over = true;
      await app.stop();
    }
  },
};
