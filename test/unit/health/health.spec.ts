import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LadderView, type LinkId, type Result } from '../../../electron/contract/index.ts';
import { type HealthTarget, MOST_IN_FLIGHT } from '../../../electron/health/index.ts';
import { offline, online, openWard, type Ward } from './ward.ts';

let ward: Ward;
beforeEach(() => {
  ward = openWard();
});
afterEach(() => ward.health.stop());

const nobody = {} as never;
const ladderOf = (target: HealthTarget): LadderView =>
  LadderView.parse(ward.health.ladder(target.linkId));
const status = (target: HealthTarget, id: string) =>
  ladderOf(target).rungs.find((rung) => rung.id === id)?.status;
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const check = async (linkId: LinkId) => ward.health.handlers['health.check']({ linkId }, nobody);

describe('looking gently', () => {
  it('keeps 50 peers within eight looks at once, on any signal that could start them all', async () => {
    const patients = Array.from({ length: 50 }, () => ward.patient());
    for (const one of patients) ward.behaviourOf(one).delayMs = 700;
    await ward.clock.advance(30_000);
    ward.network.swap();
    await ward.clock.advance(30_000);
    await ward.clock.sleep(3_600_000);
    await ward.clock.advance(30_000);
    const checks = patients.map((one) => check(one.linkId));
    await ward.clock.advance(60_000);
    await Promise.all(checks);
    expect(ward.flight.most).toBeLessThanOrEqual(MOST_IN_FLIGHT);
    expect(ward.flight.most).toBeGreaterThan(2);
    for (const one of patients) expect(status(one, 'tcp_port')).toBe('ok');
  });

  it('pings a connected peer about once a minute, and does not poll its port', async () => {
    const one = ward.patient({ state: online() });
    await ward.clock.advance(3_000);
    const before = ward.flight.total;
    await ward.clock.advance(600_000);
    const perMinute = (ward.flight.total - before) / 10;
    expect(perMinute).toBeGreaterThanOrEqual(0.9);
    expect(perMinute).toBeLessThanOrEqual(1.2);
    expect(ladderOf(one).rungs.find((rung) => rung.id === 'handshake')).toMatchObject({
      status: 'ok',
      durationMs: 12,
    });
  });

  it('tells by our clock when the agent answered last, whatever time it is over there', async () => {
    const one = ward.patient({ state: online() });
    await ward.clock.advance(5_000);
    ward.health.noteAnswer(one.linkId);
    expect(ladderOf(one).rungs.find((rung) => rung.id === 'last_answer')).toMatchObject({
      status: 'ok',
      at: ward.clock.now(),
    });
  });

  it('moves the looks of many peers apart', async () => {
    const patients = Array.from({ length: 20 }, () => ward.patient({ state: online() }));
    await ward.clock.advance(120_000);
    const next = patients.map((one) => ladderOf(one).nextCheckAt);
    expect(new Set(next).size).toBeGreaterThan(15);
  });

  it('looks less and less often at what does not answer, at least every ten minutes', async () => {
    const one = ward.patient();
    ward.behaviourOf(one).tcp = { kind: 'failed', cause: 'refused', code: 'ECONNREFUSED' };
    const gaps: number[] = [];
    let last = ward.flight.total;
    let at = 0;
    for (let minute = 0; minute < 90; minute++) {
      await ward.clock.advance(60_000);
      if (ward.flight.total > last) gaps.push(minute - at);
      if (ward.flight.total > last) at = minute;
      last = ward.flight.total;
    }
    expect(gaps.length).toBeLessThan(16);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(12);
  });

  it('looks less often at a connection that answers slowly', async () => {
    const one = ward.patient({ state: online() });
    ward.behaviourOf(one).pingMs = 20_000;
    await ward.clock.advance(3_600_000);
    expect(ward.flight.total).toBeLessThan(18);
  });

  it('takes no look where the gateway itself said what is missing', async () => {
    ward.patient({ state: { kind: 'bad_credential', detail: '' } });
    ward.patient({ state: offline('insecure_url') });
    ward.patient({ state: { kind: 'idle' } });
    await ward.clock.advance(3_600_000);
    expect(ward.flight.total).toBe(0);
  });

  it('does not start anew with each retry of the link', async () => {
    const one = ward.patient();
    ward.behaviourOf(one).tcp = { kind: 'failed', cause: 'refused', code: 'ECONNREFUSED' };
    await ward.clock.advance(5_000);
    const before = ward.flight.total;
    for (let attempt = 2; attempt < 40; attempt++) {
      ward.health.noteState(one.linkId, { kind: 'connecting', attempt });
      ward.health.noteState(one.linkId, offline());
      await ward.clock.advance(1_000);
    }
    expect(ward.flight.total).toBe(before);
  });

  it('stops when it is told to, and leaves no timer behind', async () => {
    const one = ward.patient();
    ward.patient({ state: online() });
    ward.behaviourOf(one).delayMs = 60_000;
    await ward.clock.advance(2_500);
    ward.health.forget(one.linkId);
    ward.health.stop();
    await ward.clock.advance(120_000);
    expect(ward.flight.now).toBe(0);
    expect(ward.clock.pending()).toBe(0);
  });
});

describe('check now', () => {
  it('climbs the whole ladder of a connected peer at once', async () => {
    const one = ward.patient({ state: online() });
    const checking = check(one.linkId);
    await ward.clock.advance(1);
    expect(ladderOf(one).checking).toBe(true);
    expect(status(one, 'tcp_port')).toBe('checking');
    await ward.clock.advance(1_000);
    const { ladder } = value(await checking);
    expect(ladder.checking).toBe(false);
    expect(ladder.rungs.slice(3, 9).map((rung) => rung.status)).toEqual(Array(6).fill('ok'));
    expect(ward.reconnects).toEqual([]);
  });

  it('lets an offline link try again once the port is open, and waits for its answer', async () => {
    const one = ward.patient();
    ward.onReconnect = ({ linkId }) => {
      ward.health.noteState(linkId, { kind: 'connecting', attempt: 1 });
      ward.clock.after(900, () => ward.health.noteState(linkId, online()));
    };
    const checking = check(one.linkId);
    await ward.clock.advance(2_000);
    const { ladder } = value(await checking);
    expect(ward.reconnects).toEqual([one.linkId]);
    expect(ladder.rungs.find((rung) => rung.id === 'agent')?.status).toBe('ok');
  });

  it.each([
    { kind: 'bad_credential', detail: '' } as const,
    { kind: 'revoked', at: 0 } as const,
    { kind: 'rate_limited', until: 9e12 } as const,
    offline('refused'),
  ])('never knocks where that could only do harm: %o', async (state) => {
    const one = ward.patient({ state });
    if (state.kind === 'offline')
      ward.behaviourOf(one).tcp = { kind: 'failed', cause: 'refused', code: 'ECONNREFUSED' };
    const checking = check(one.linkId);
    await ward.clock.advance(30_000);
    await checking;
    expect(ward.reconnects).toEqual([]);
  });

  it('answers within 30 s, whatever hangs', async () => {
    for (let i = 0; i < 30; i++) {
      const other = ward.patient();
      ward.behaviourOf(other).delayMs = 9e6;
    }
    const one = ward.patient();
    Object.assign(ward.behaviourOf(one), { delayMs: 9e6, pingMs: 'silent' });
    await ward.clock.advance(2_500);
    let done = false;
    const checking = check(one.linkId).then((result) => {
      done = true;
      return result;
    });
    await ward.clock.advance(29_000);
    expect(done).toBe(true);
    expect(value(await checking).ladder.checking).toBe(false);
  });

  it('is shared by those who ask at the same time', async () => {
    const one = ward.patient({ state: online() });
    const both = [check(one.linkId), check(one.linkId)];
    await ward.clock.advance(5_000);
    await Promise.all(both);
    expect(ward.flight.total).toBeLessThanOrEqual(6);
  });

  it('says so where the link is unknown', async () => {
    const one = ward.patient();
    ward.health.forget(one.linkId);
    expect(await check(one.linkId)).toMatchObject({ ok: false, error: { code: 'link.not_found' } });
  });
});

describe('what was', () => {
  it('is kept side by side: the last time that all was well, and the last thing that was not', async () => {
    const one = ward.patient({ state: online() });
    const begun = ward.clock.now();
    await ward.clock.advance(90_000);
    ward.health.noteState(one.linkId, offline('timeout'));
    const ladder = ladderOf(one);
    expect(ladder.lastGoodAt).toBe(begun + 90_000);
    expect(ladder.lastError).toMatchObject({ at: begun + 90_000, code: 'link.timeout' });
    ward.health.noteState(one.linkId, online());
    expect(ladderOf(one).lastError?.code).toBe('link.timeout');
  });

  it('is remembered sparingly: when it turns, and every ten minutes', async () => {
    const one = ward.patient({ state: online() });
    await ward.clock.advance(3_600_000);
    expect(ward.remembered.length).toBeLessThan(9);
    for (let i = 0; i < 50; i++) {
      ward.health.noteState(one.linkId, offline());
      ward.health.noteState(one.linkId, { kind: 'connecting', attempt: 2 });
    }
    const errors = ward.remembered.filter(({ outcome }) => outcome.lastError);
    expect(errors).toHaveLength(1);
  });

  it('comes back from before the start', () => {
    const lastError = { at: 1, code: 'link.refused', title: 't', detail: 'd' };
    const one = ward.patient({
      state: { kind: 'idle' },
      known: { lastGoodAt: 7, lastError },
    });
    expect(ladderOf(one)).toMatchObject({ lastGoodAt: 7, lastError });
  });
});
