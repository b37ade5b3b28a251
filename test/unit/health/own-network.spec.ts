import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LadderView,
  type LinkId,
  type Result,
  WarningView,
} from '../../../electron/contract/index.ts';
import { type HealthTarget, MOST_IN_FLIGHT, OWN_NETWORK } from '../../../electron/health/index.ts';
import { offline, online, openWard, seeded, type Ward } from './ward.ts';

let ward: Ward;
beforeEach(() => {
  ward = openWard();
});
afterEach(() => ward.health.stop());

const nobody = {} as never;
const codes = () => ward.health.warnings().map((one) => WarningView.parse(one).code);
const ladderOf = (target: HealthTarget): LadderView =>
  LadderView.parse(ward.health.ladder(target.linkId));
const status = (target: HealthTarget, id: string) =>
  ladderOf(target).rungs.find((rung) => rung.id === id)?.status;
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const check = async (linkId: LinkId) => ward.health.handlers['health.check']({ linkId }, nobody);

describe('when our own network is down', () => {
  const many = () => Array.from({ length: 50 }, () => ward.patient({ state: online() }));
  const fall = (patients: HealthTarget[]) => {
    ward.network.set(false);
    for (const one of patients) ward.health.noteState(one.linkId, offline('timeout'));
  };

  it('there is one warning, not fifty, exactly after five seconds', async () => {
    const patients = many();
    await ward.clock.advance(10_000);
    fall(patients);
    await ward.clock.advance(4_999);
    expect(codes()).toEqual([]);
    await ward.clock.advance(1);
    expect(codes()).toEqual(['link.local_network_down']);
    await ward.clock.advance(3_600_000);
    expect(codes()).toEqual(['link.local_network_down']);
  });

  it('nobody else is probed, nor shown as being at fault', async () => {
    const [one] = many();
    if (!one) throw new Error('nobody');
    await ward.clock.advance(10_000);
    fall([one]);
    const before = ward.flight.total;
    await ward.clock.advance(3_600_000);
    expect(ward.flight.total).toBe(before);
    expect(ward.health.network()).toBe('down');
    expect(ward.health.seen(one.linkId, offline('timeout'))).toMatchObject({
      kind: 'offline',
      cause: 'local_network_down',
    });
    expect(ladderOf(one).rungs.find((rung) => rung.status === 'failed')).toMatchObject({
      id: 'tcp_port',
      code: 'link.local_network_down',
    });
  });

  it.each(['127.0.0.1', '[::1]', 'localhost'])('a peer at %s is not concerned', async (host) => {
    const one = ward.patient({ host, state: online() });
    ward.network.set(false);
    await ward.clock.advance(70_000);
    expect(ward.health.seen(one.linkId, online())).toEqual(online());
    expect(status(one, 'handshake')).toBe('ok');
    ward.health.noteState(one.linkId, offline('refused'));
    await ward.clock.advance(5_000);
    expect(codes()).toEqual(['link.local_network_down', 'link.refused']);
  });

  it('all is looked at again when it comes back, and each peer has its time to return', async () => {
    const patients = many();
    await ward.clock.advance(10_000);
    fall(patients);
    await ward.clock.advance(60_000);
    ward.network.set(true);
    expect(ward.told).toEqual([false, true]);
    expect(codes()).toEqual([]);
    await ward.clock.advance(4_999);
    expect(codes()).toEqual([]);
    for (const one of patients.slice(1)) ward.health.noteState(one.linkId, online());
    await ward.clock.advance(1);
    expect(codes()).toEqual(['link.timeout']);
  });

  it('it is noticed as well where the interfaces stay up and no route is left', async () => {
    const patients = Array.from({ length: 5 }, () =>
      ward.patient({ state: offline('unreachable') }),
    );
    for (const one of patients)
      ward.behaviourOf(one).tcp = { kind: 'failed', cause: 'unreachable', code: 'ENETUNREACH' };
    await ward.clock.advance(10_000);
    expect(codes()).toEqual(['link.local_network_down']);
    const [back] = patients;
    if (back) ward.health.noteState(back.linkId, online());
    expect(ward.health.network()).toBe('up');
  });

  it('one peer without a route is that peer’s matter', async () => {
    const one = ward.patient({ state: offline('unreachable') });
    ward.behaviourOf(one).tcp = { kind: 'failed', cause: 'unreachable', code: 'ENETUNREACH' };
    await ward.clock.advance(10_000);
    expect(codes()).toEqual(['link.unreachable']);
  });

  it('is said from the start where the app starts without one', async () => {
    expect(ward.health.warnings()).toEqual([]);
    ward.network.set(false);
    await ward.clock.advance(5_000);
    expect(ward.health.warning(OWN_NETWORK)).not.toBeNull();
    value(await ward.health.handlers['warning.dismiss']({ warningId: OWN_NETWORK }, nobody));
    expect(codes()).toEqual([]);
    expect(ward.health.tray(['down'])).toBe('off');
  });
});

describe('with seeded faults', () => {
  it.each([1, 2, 3, 4, 5])('the rules hold for an hour of weather %i', async (seed) => {
    const random = seeded(seed * 7_919);
    ward.health.stop();
    ward = openWard(seed);
    const patients = Array.from({ length: 50 }, () => ward.patient());
    const causes = ['refused', 'timeout', 'unreachable'] as const;
    for (let step = 0; step < 120; step++) {
      const one = patients[Math.floor(random() * patients.length)] as HealthTarget;
      const dice = random();
      const behaviour = ward.behaviourOf(one);
      if (dice < 0.3) ward.health.noteState(one.linkId, online());
      else if (dice < 0.6) {
        const cause = causes[Math.floor(random() * 3)] ?? 'refused';
        behaviour.tcp = { kind: 'failed', cause, code: 'E' };
        ward.health.noteState(one.linkId, offline(cause));
      } else if (dice < 0.75) behaviour.delayMs = random() * 20_000;
      else if (dice < 0.85) behaviour.pingMs = random() < 0.5 ? 'silent' : random() * 40_000;
      else if (dice < 0.9) ward.network.set(false);
      else if (dice < 0.97) ward.network.set(true);
      else void check(one.linkId);
      await ward.clock.advance(30_000);
      const warnings = ward.health.warnings();
      expect(ward.flight.most).toBeLessThanOrEqual(MOST_IN_FLIGHT);
      if (ward.health.network() === 'down')
        expect(warnings.filter((one) => one.impactsConnectivity)).toHaveLength(1);
      expect(new Set(warnings.map((one) => one.id)).size).toBe(warnings.length);
      LadderView.parse(ward.health.ladder(one.linkId));
    }
  });
});
