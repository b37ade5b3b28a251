/**
 * Entry of a process with `--expose-gc`: the whole app, on a clock that can be
 * moved, with many peers. Told `begin`, it adds them; told `{cycle: ms}`, it lets that much time pass
 * with something to do in it, and says `{heap, handles}`: bytes after GC, and what keeps Node busy.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerId, Result, ThreadId } from '../../../electron/contract/index.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { type AppHandle, startInProcess } from '../../journeys/app-handle.ts';
import type { LeapClock } from '../../journeys/leap-clock.ts';

export type DayOrder =
  | { readonly begin: Place & { readonly peers: number } }
  | { readonly cycle: number };

/** Where the gateway is. */
export interface Place {
  readonly url: string;
  readonly token: string;
  readonly beat: number;
}

/** What is held after GC. */
export interface DayReading {
  readonly heap: number;
  /** Sockets, servers, processes, timers and the like that are active, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

const LIMIT_MS = 60_000;
/** While something is waited for, so much time passes with each look; else so much with each step. */
const PACE_MS = 100;
const STEP_MS = 1_000;
/** Questions and answers between two steps: a probe needs three. */
const BEATS = 4;
/** Messages in one cycle, each to another peer. */
const MESSAGES = 5;

const home = mkdtempSync(join(tmpdir(), 'peerage-day-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));
/**
 * Time is moved by hand and by nothing else: no timer of Node's is behind it, because Node keeps a list
 * for each duration that an unreferenced timer ever had until that much real time is over.
 */
const moved = fakeClock(Date.now());
const clock: LeapClock = {
  ...moved,
  leap: moved.advance,
  sleep: (ms) => void moved.sleep(ms),
  stop: () => undefined,
};
let app: AppHandle;
let cycles = 0;
const threads: ThreadId[] = [];

async function must<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

let beat: Socket;

/**
 * Lets time pass, and then the gateway work through what it was asked: sockets live in real time, and on
 * a busy machine an answer would else come minutes too late.
 */
async function pass(ms: number): Promise<void> {
  await clock.leap(ms);
  for (let n = 0; n < BEATS; n++) {
    const back = once(beat, 'data');
    beat.write('.');
    await back;
  }
}

async function until(done: () => Promise<boolean>, what: string | (() => string)): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await done())) {
    if (performance.now() > end) {
      throw new Error(`not in time: ${typeof what === 'string' ? what : what()}`);
    }
    // Back-off waits by the clock, which nobody else moves.
    await pass(PACE_MS);
  }
}

const allUp = async (): Promise<boolean> => {
  const listed = await must(app.call('peer.list', {}));
  return listed.peers.length > 0 && listed.peers.every((peer) => peer.status === 'up');
};

let place: Place = { url: '', token: '', beat: 0 };

async function addPeer(name: string): Promise<PeerId> {
  const credential = { kind: 'token', value: place.token } as const;
  const where = { kind: 'gateway', url: place.url, agentId: null, sessionKey: null } as const;
  return (await must(app.call('peer.add', { name, link: { ...where, credential } }))).peerId;
}

async function begin({ peers, ...at }: Place & { readonly peers: number }): Promise<void> {
  place = at;
  beat = connect(at.beat, '127.0.0.1').setNoDelay();
  await once(beat, 'connect');
  app = await startInProcess({ home, keychain: { kind: 'none' } }, clock);
  await must(app.call('secrets.useSession', {}));
  for (let n = 0; n < peers; n++) {
    const peerId = await addPeer(`Peer ${n}`);
    const fresh = { peerId, linkId: null, title: 'A day', agentId: null };
    threads.push((await must(app.call('thread.create', fresh))).threadId);
  }
  await until(allUp, 'every peer up at the start');
}

/** A person writes to some, reads, meets a guest and removes it; the gateway dropped everybody before. */
async function cycle(ms: number): Promise<void> {
  await until(allUp, 'every peer up again');
  for (let n = 0; n < MESSAGES; n++) {
    const threadId = threads[(cycles * MESSAGES + n) % threads.length];
    if (!threadId) throw new Error('there are no threads');
    const text = `What is new in cycle ${cycles}?`;
    const sent = await must(
      app.call('message.send', { threadId, text, kind: 'message', attachmentIds: [] }),
    );
    let state = '';
    await until(
      async () => {
        const { page } = await must(app.call('thread.open', { threadId, around: null }));
        const row = page.messages.find(({ id }) => id === sent.messageId);
        state = JSON.stringify(row);
        return row?.state === 'answered';
      },
      () => `an answer: ${state}`,
    );
    await must(app.call('thread.close', { threadId }));
  }
  await must(app.call('notice.read', { noticeId: null }));
  const peerId = await addPeer('A guest');
  await must(app.call('peer.open', { peerId }));
  await until(allUp, 'the guest');
  await must(app.call('peer.remove', { peerId }));
  cycles += 1;
  for (let passed = 0; passed < ms; passed += STEP_MS) await pass(STEP_MS);
  await until(allUp, 'every peer up at the end of a cycle');
}

async function reading(): Promise<DayReading> {
  // Kept by the kit for tests to read; nobody reads it here.
  (app.logged as string[]).length = 0;
  for (let i = 0; i < 4; i++) {
    await sleep(25);
    globalThis.gc?.();
  }
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  return { heap: process.memoryUsage().heapUsed, handles };
}

process.on('message', async (order: DayOrder) => {
  try {
    if ('begin' in order) await begin(order.begin);
    if ('cycle' in order) await cycle(order.cycle);
    process.send?.(await reading());
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.on('disconnect', () => process.exit());
