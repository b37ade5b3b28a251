import type { Json } from '../parts/openclaw.ts';
import { sleep, until } from '../parts/process.ts';
import { type Answer, type Evidence, Lab, type Probe, SLOW_MACHINE_MS } from './lab.ts';

/** What happened to the first attempt. */
export type Loss =
  | 'never arrived'
  | 'ack lost'
  | 'killed before ack'
  | 'killed after ack, before history'
  | 'killed mid-run'
  | 'killed after final';

/** When the retry came. */
export type Retry =
  | 'at once'
  | 'mid-run'
  | 'after final'
  | 'after restart'
  | 'after recovery'
  | '1,000 keys later'
  | '5 minutes later';

/** One measured cell of the matrix. */
export interface Cell {
  loss: Loss;
  retry: Retry;
  /** What the run was doing, where that matters. */
  note: string;
  age: 'new' | 'old';
  /** The look just before the retry. */
  before: Evidence;
  answer: Answer;
  /** The look when all was quiet again. */
  after: Evidence;
}

/** More than the gateway remembers, and longer than it remembers them. */
const MANY_KEYS = 1_100;
const PRUNE_MS = 65_000;
const LONG_MS = 305_000 + PRUNE_MS;

/** Retries a probe and notes what came of it. An answer that is held is let go before counting. */
async function retry(
  lab: Lab,
  probe: Probe,
  what: Pick<Cell, 'loss' | 'retry' | 'note' | 'age'>,
): Promise<Cell> {
  const before = await lab.look(probe);
  const answer = await lab.send(probe);
  await sleep(300);
  probe.gate.release();
  const after = await lab.settle(probe);
  return { ...what, before, answer, after };
}

/** Sends, loses the acknowledgement, and waits for the work to be under way or done. */
async function sendTo(lab: Lab, probe: Probe, stage: 'running' | 'done'): Promise<Probe> {
  await lab.sendAndCut(probe);
  await lab.held(probe);
  if (stage === 'done') await lab.finish(probe);
  return probe;
}

const ROOMY = { config: { agents: { defaults: { maxConcurrent: 16 } } } };

/** The cells in which the gateway lives on. */
export async function measureAlive(slow: boolean): Promise<Cell[]> {
  const lab = await Lab.open('alive', ROOMY);
  const cells: Cell[] = [];
  const loss = 'ack lost';
  try {
    for (const age of ['old', 'new'] as const) {
      const base = { loss, age } as const;
      const early = await lab.probe('early', age);
      await lab.sendAndCut(early);
      cells.push(await retry(lab, early, { ...base, retry: 'at once', note: 'starting' }));
      const running = await sendTo(lab, await lab.probe('running', age), 'running');
      cells.push(await retry(lab, running, { ...base, retry: 'mid-run', note: 'running' }));
      const done = await sendTo(lab, await lab.probe('done', age), 'done');
      cells.push(await retry(lab, done, { ...base, retry: 'after final', note: 'done' }));
    }
    const waits = slow
      ? (['1,000 keys later', '5 minutes later'] as const)
      : (['1,000 keys later'] as const);
    const kept: { probe: Probe; note: string; when: (typeof waits)[number] }[] = [];
    for (const when of waits) {
      const label = when.slice(0, 1);
      kept.push({
        when,
        note: 'done',
        probe: await sendTo(lab, await lab.probe(`d${label}`), 'done'),
      });
      kept.push({
        when,
        note: 'running',
        probe: await sendTo(lab, await lab.probe(`r${label}`), 'running'),
      });
      kept.push({ when, note: 'never sent', probe: await lab.probe(`n${label}`) });
    }
    for (const when of waits) {
      if (when === '1,000 keys later') await lab.spendKeys(MANY_KEYS);
      await sleep(when === '1,000 keys later' ? PRUNE_MS : LONG_MS);
      for (const { probe, note } of kept.filter((entry) => entry.when === when)) {
        const lost = note === 'never sent' ? 'never arrived' : loss;
        cells.push(await retry(lab, probe, { loss: lost, retry: when, note, age: 'old' }));
      }
    }
  } finally {
    await lab.close();
  }
  return cells;
}

/** Waits until the gateway has taken up what it was killed in, or clearly will not. */
async function recovered(lab: Lab, probes: { probe: Probe; when: Retry }[]): Promise<void> {
  await sleep(10_000);
  const due = probes.filter(({ when }) => when === 'after recovery');
  for (const { probe } of due) await lab.settle(probe, 4_000, SLOW_MACHINE_MS);
}

/** The cells in which the gateway is killed. One kill serves all of them. */
export async function measureKilled(slow: boolean): Promise<Cell[]> {
  const lab = await Lab.open('killed', ROOMY);
  const cells: Cell[] = [];
  const retries: Retry[] = ['after restart', 'after recovery'];
  if (slow) retries.push('1,000 keys later', '5 minutes later');
  try {
    const probes: { probe: Probe; loss: Loss; when: Retry; age: 'new' | 'old' }[] = [];
    const make = async (loss: Loss, when: Retry, age: 'new' | 'old'): Promise<Probe> => {
      const probe = await lab.probe('k', age);
      probes.push({ probe, loss, when, age });
      return probe;
    };
    const early: Probe[] = [];
    const acked: Probe[] = [];
    for (const when of retries) {
      for (const age of ['old', 'new'] as const) {
        if (when !== 'after recovery') {
          await sendTo(lab, await make('killed after final', when, age), 'done');
          early.push(await make('killed before ack', when, age));
          acked.push(await make('killed after ack, before history', when, age));
        }
      }
    }
    for (const when of retries) {
      for (const age of ['old', 'new'] as const) {
        await sendTo(lab, await make('killed mid-run', when, age), 'running');
      }
    }
    const client = await lab.connect();
    await Promise.all(acked.map((probe) => lab.send(probe, client)));
    await Promise.all(early.map((probe) => client.post('chat.send', lab.params(probe))));
    await lab.gateway.kill('SIGKILL');
    for (const { probe } of probes) probe.gate.release();
    await lab.restart();
    for (const when of retries) {
      if (when === 'after recovery') await recovered(lab, probes);
      if (when === '1,000 keys later') {
        await lab.spendKeys(MANY_KEYS);
        await sleep(PRUNE_MS);
      }
      if (when === '5 minutes later') await sleep(LONG_MS);
      const due = probes.filter((entry) => entry.when === when);
      const looked = due.map(async ({ probe, loss, age }) =>
        retry(lab, probe, { loss, retry: when, note: '', age }),
      );
      cells.push(...(await Promise.all(looked)));
    }
  } finally {
    await lab.close();
  }
  return cells;
}

/** A message that waits for a free lane behind another session's run, and what a kill makes of it. */
export interface Waiting {
  age: 'new' | 'old';
  whileWaiting: Evidence;
  afterKill: Evidence;
  answer: Answer;
  after: Evidence;
}

/** One lane, one busy run, two messages that wait for it; then the gateway is killed. */
export async function measureWaiting(): Promise<Waiting[]> {
  const lab = await Lab.open('waiting', { config: { agents: { defaults: { maxConcurrent: 1 } } } });
  try {
    const old = { age: 'old' as const, probe: await lab.probe('wait', 'old') };
    const fresh = { age: 'new' as const, probe: await lab.probe('wait', 'new') };
    const busy = await sendTo(lab, await lab.probe('busy'), 'running');
    const rows: Waiting[] = [];
    for (const { probe } of [old, fresh]) await lab.send(probe);
    await sleep(5_000);
    const looks = [await lab.look(old.probe), await lab.look(fresh.probe)] as const;
    await lab.gateway.kill('SIGKILL');
    for (const probe of [busy, old.probe, fresh.probe]) probe.gate.release();
    await lab.restart();
    await sleep(15_000);
    for (const [entry, whileWaiting] of [
      [old, looks[0]],
      [fresh, looks[1]],
    ] as const) {
      const afterKill = await lab.look(entry.probe);
      const answer = await lab.send(entry.probe);
      const after = await lab.settle(entry.probe);
      rows.push({ age: entry.age, whileWaiting, afterKill, answer, after });
    }
    return rows;
  } finally {
    await lab.close();
  }
}

/** What becomes of a message sent into a session that is busy. */
export interface Second {
  /** The `chat` end event of the second key. */
  ownEnd: Json;
  /** The run that wrote the answer to the second message. */
  answeredBy: string;
  firstKey: string;
  secondKey: string;
}

/** Sends a second message while the first one's answer is held. */
export async function measureSecond(): Promise<Second> {
  const lab = await Lab.open('second');
  try {
    const first = await sendTo(lab, await lab.probe('first'), 'running');
    const second: Probe = { ...first, key: `${first.key}-second`, text: 'the second message' };
    const client = await lab.watcher();
    await lab.send(second);
    await sleep(500);
    first.gate.release();
    const end = await client.runEnd(second.key, SLOW_MACHINE_MS);
    await until('answered', async () => (await lab.look(second)).answers > 0, SLOW_MACHINE_MS);
    const history = await client.request('chat.history', { sessionKey: first.session });
    const row = (history.messages as Json[]).at(-1) ?? {};
    const answeredBy = String((row.__openclaw as Json).runId);
    return { ownEnd: end.payload, answeredBy, firstKey: first.key, secondKey: second.key };
  } finally {
    await lab.close();
  }
}
