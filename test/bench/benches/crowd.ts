import { RunTracker } from '../../../electron/links/gateway/runs.ts';
import { Redactor } from '../../../electron/secrets/index.ts';
import { Dispatcher } from '../../../electron/shell/session/dispatcher.ts';
import { Refusals } from '../../../electron/shell/session/refusals.ts';
import { WindowHub } from '../../../electron/shell/session/window-hub.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { newPeer, openHouse, wentWell } from '../../unit/peers/house.ts';
import { fakeApp, peerRow, uuid } from '../../unit/shell/fake-app.ts';
import { type Bench, ratioRow, valueRow } from '../report.ts';
import { compareTurns, RUNS } from '../runs.ts';

const MANY = 10_000;
const FEW = 1_000;
const DELTAS = 1_000_000;
const TURNS = 20;
/** Four times as much for each peer would mean that the whole grows faster than the peers do. */
const SNAPSHOT_GOAL = 4 * (MANY / FEW);
const ROW_GOAL_MS = 1;
const DELTAS_GOAL_MS = 5_000;
const REDACT_GOAL_MS = 1_500;

/** Texts of some 400 kB, made to keep a pattern busy that looks for secrets. */
const HOSTILE = [
  'Bearer '.repeat(50_000),
  'token'.repeat(80_000),
  'a://'.repeat(80_000),
  '-----BEGIN PRIVATE KEY-----'.repeat(8_000),
  '"token":"\\'.repeat(40_000),
  'eyJ'.repeat(100_000),
  '_-'.repeat(150_000),
];

const timed = async (work: () => unknown): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

/** Opens a window on so many peers: the snapshot is made, written as text and sent. */
function windowOn(peers: number): () => Promise<void> {
  const app = fakeApp();
  for (let i = 0; i < peers; i++) app.peers.set(uuid(i), peerRow(i));
  const clock = fakeClock();
  const refusals = new Refusals();
  const log = (): void => {};
  const redact = (text: string): string => text;
  const dispatcher = new Dispatcher({ handlers: app.handlers, clock, refusals, log, redact });
  const hub = new WindowHub({ port: app, dispatcher, clock, refusals, log });
  let serial = 0;
  return async () => {
    let bytes = 0;
    const send = (text: string): void => {
      bytes += text.length;
    };
    const { session, end } = hub.open({ connectionId: `w${++serial}`, send, onAbuse: log });
    session.start({});
    end();
    if (bytes < peers * 100) throw new Error('no snapshot');
  };
}

/** What one row costs in a book of {@link MANY} peers, ms. */
async function rowOfMany(): Promise<number[]> {
  const house = openHouse();
  try {
    await house.store.write(() => {
      const peer = house.store.prepare<never, [string, string, string]>(
        'INSERT INTO peers (id, name, name_key, created_at) VALUES (?, ?, ?, 0)',
      );
      for (let i = 0; i < MANY; i++) peer.run(uuid(i), `Peer ${i}`, `peer ${i}`);
    });
    await house.restart();
    const { peerId } = wentWell(await house.book.add(newPeer('Alice')));
    const rows = (): void => {
      for (let i = 0; i < FEW; i++) house.book.row(peerId);
    };
    return (await runs(() => timed(rows))).map((took) => took / FEW);
  } finally {
    await house.close();
  }
}

async function deltas(): Promise<void> {
  const clock = fakeClock();
  const tracker = new RunTracker(clock, () => {});
  const run = { runId: 'peerage:1', sessionKey: 'agent:main:x' };
  for (let seq = 0; seq < DELTAS; seq++) {
    tracker.chat({ ...run, seq, state: 'delta', deltaText: 'a' });
    if (seq % 100_000 === 0) await clock.advance(33);
  }
  tracker.chat({ ...run, seq: DELTAS, state: 'final' });
}

async function worstText(): Promise<number> {
  const redactor = new Redactor();
  const took: number[] = [];
  for (const text of HOSTILE) took.push(await timed(() => redactor.redact(text)));
  return Math.max(...took);
}

async function runs(one: () => Promise<number>): Promise<number[]> {
  const took: number[] = [];
  for (let run = 0; run < RUNS; run++) took.push(await one());
  return took;
}

/** What many peers, many events and hostile texts cost, where a mistake would grow faster than they do. */
export const crowd: Bench = {
  name: 'crowd',
  what: 'many peers, a million deltas and hostile texts, each in little time',
  run: async (note) => {
    const [value, baseline] = [windowOn(MANY), windowOn(FEW)];
    const snapshots = await compareTurns({ value, baseline, times: TURNS }, note);
    return [
      ratioRow('a snapshot of 10,000 peers against one of 1,000, ms', snapshots, SNAPSHOT_GOAL),
      valueRow('one row of 10,000 peers, ms', await rowOfMany(), ROW_GOAL_MS),
      valueRow('a million deltas of one run, ms', await runs(() => timed(deltas)), DELTAS_GOAL_MS),
      valueRow('redacting the worst of hostile texts, ms', await runs(worstText), REDACT_GOAL_MS),
    ];
  },
};
